/** What a record holds of one sentence. */
const SENTENCE_MAX = 2_000;
/** Fields that the runner writes sentences into; paths, ids and hashes are never cut. */
const SENTENCES = new Set(['text', 'description', 'role', 'title', 'chosen', 'confirmation', 'verification', 'mitigation', 'sentence', 'given', 'when', 'then', 'rollback', 'drivers', 'options', 'consequences', 'invariants', 'goals', 'nonGoals']);

/** A document's own fields with every sentence as long as a record takes: names in a repository may be of any length. */
export function withBoundedSentences<Content extends object>(content: Content): Content {
  const bound = (value: unknown, isSentence: boolean): unknown => {
    if (typeof value === 'string') return isSentence && value.length > SENTENCE_MAX ? `${value.slice(0, SENTENCE_MAX - 1).toWellFormed()}…` : value;
    if (Array.isArray(value)) return value.map((each) => bound(each, isSentence));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, bound(each, SENTENCES.has(key))]));
  };
  return { ...content, ...Object.fromEntries(Object.entries(content).map(([key, each]) => [key, bound(each, SENTENCES.has(key))])) };
}

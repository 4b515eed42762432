import { countOf, termHash, termsOfWord, tokensOf, type TermCounts } from './analyse/terms.ts';
import { LIMITS } from './limits.ts';

/** The words, ready to be looked for. */
export interface QueryTerms {
  /** Different terms, in the order of the text. */
  readonly terms: readonly string[];
  /** Every whole word that could be a path or a file's name. */
  readonly named: ReadonlySet<string>;
  /** Pairs of a term's index and its count, for the terms that occur. */
  matchesIn(counts: TermCounts): number[];
  /** The terms of a short text by their index; -1 for one that is not the issue's. */
  tokensIn(text: string): readonly number[];
  /** How much a term counts: its first line, and what looks like code, say most. */
  weightOf(term: number): number;
  /** The issue's own word behind a term. */
  wordOf(term: string): string;
}

const TEXT_MAX = 200_000;
const MEMO_MAX = 200_000;
const TITLE_WEIGHT = 1.5;
const CODE_WEIGHT = 1.3;

export function parseQuery(query: string): QueryTerms {
  const text = query.slice(0, TEXT_MAX);
  const terms = [...new Set(tokensOf(text))].slice(0, LIMITS.queryTerms);
  const hashes = terms.map(termHash);
  const indexOf = new Map(terms.map((term, index) => [term, index]));
  const weights = weightsOf(text, terms);
  const words = wordsBehind(text);
  const memo = new Map<string, readonly number[]>();
  return {
    terms,
    named: new Set([...text.matchAll(/[\w@.+-]+(?:\/[\w@.+-]+)*/g)].map(([path]) => path.replace(/\.$/, ''))),
    matchesIn(counts) {
      const matches: number[] = [];
      for (const [index, hash] of hashes.entries()) {
        const count = countOf(counts, hash);
        if (count > 0) matches.push(index, count);
      }
      return matches;
    },
    tokensIn(source) {
      const known = memo.get(source);
      if (known !== undefined) return known;
      const found = tokensOf(source).map((token) => indexOf.get(token) ?? -1);
      if (memo.size < MEMO_MAX) memo.set(source, found);
      return found;
    },
    weightOf: (term) => weights[term] ?? 1,
    wordOf: (term) => words.get(term) ?? term,
  };
}

function weightsOf(text: string, terms: readonly string[]): number[] {
  const title = new Set(tokensOf(text.trimStart().split('\n')[0] ?? ''));
  const code = new Set([...text.matchAll(/`([^`\n]{1,200})`|\b(\w*[a-z][A-Z]\w*|\w+_\w+|\w+(?:\.\w+)*\(\))/g)].flatMap(([, quoted, plain]) => tokensOf(quoted ?? plain ?? '')));
  return terms.map((term) => (title.has(term) ? TITLE_WEIGHT : 1) * (code.has(term) ? CODE_WEIGHT : 1));
}

function wordsBehind(text: string): Map<string, string> {
  const words = new Map<string, string>();
  for (const [word] of text.matchAll(/[\p{L}\p{N}_]{2,80}/gu)) for (const term of termsOfWord(word)) if (!words.has(term)) words.set(term, term.length >= word.length - 3 ? word.toLowerCase() : term);
  return words;
}

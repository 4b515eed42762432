import { eachTerm } from './analyse/count-terms.ts';
import { countOf, termHash, termsOfWord, tokensOf, type TermCounts } from './analyse/terms.ts';
import { LIMITS } from './limits.ts';
import type { RankWeights } from './rank-weights.ts';

/** The words, ready to be looked for. */
export interface QueryTerms {
  /** Different terms, in the order of the text. */
  readonly terms: readonly string[];
  /** Every whole word that could be a path or a file's name. */
  readonly named: ReadonlySet<string>;
  /** Pairs of a term's index and its count, for the terms that occur. */
  matchesIn(counts: TermCounts): number[];
  /** The terms of a short text by their index; -1 for one that is not the issue's. Empty without an issue. */
  tokensIn(text: string): readonly number[];
  /** Pairs of terms that stand side by side in the issue and in a path. */
  pairsIn(path: string): readonly (readonly [number, number])[];
  /** How much each term counts. */
  weigh(weights: Pick<RankWeights, 'title' | 'code' | 'common' | 'scope'>): readonly number[];
  /** The issue's own word behind a term. */
  wordOf(term: string): string;
}

const TEXT_MAX = 200_000;

export function parseQuery(query: string): QueryTerms {
  const text = query.slice(0, TEXT_MAX);
  const terms = [...new Set(tokensOf(text))].slice(0, LIMITS.queryTerms);
  const hashes = terms.map(termHash);
  const indexOf = new Map(terms.map((term, index) => [term, index]));
  const indexOfHash = new Map(hashes.map((hash, index) => [hash, index]));
  const { title, code } = prominent(text);
  const { kind, scope } = prefixOf(text);
  const pairs = neighbours(text, indexOf);
  const words = wordsBehind(text);
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
      const found: number[] = [];
      if (terms.length > 0) eachTerm(source, (hash) => void found.push(indexOfHash.get(hash) ?? -1));
      return found;
    },
    pairsIn(path) {
      if (pairs.size === 0) return [];
      const tokens = tokensOf(path.replace(/\.\w+$/, '')).map((token) => indexOf.get(token) ?? -1);
      const found = new Set<string>();
      for (const [index, left] of tokens.entries()) if (left >= 0 && pairs.has(`${left} ${tokens[index + 1] ?? -1}`)) found.add(`${left} ${tokens[index + 1] ?? -1}`);
      return [...found].map((pair) => [Number(pair.split(' ')[0]), Number(pair.split(' ')[1])] as const);
    },
    weigh: (weights) => terms.map((term) => (title.has(term) ? weights.title : 1) * (code.has(term) ? weights.code : 1) * (COMMON.has(term) || kind.has(term) ? weights.common : 1) * (scope.has(term) ? weights.scope : 1)),
    wordOf: (term) => words.get(term) ?? term,
  };
}

/** Words that say that something changes, not what: as terms. */
const COMMON = new Set(tokensOf('fix fixes add adds remove removes update updates change changes support improve allow make refactor feat chore docs test tests issue bug error wrong instead missing implement simplify cleanup clean move rename better correct handle handling ensure avoid'));

const KINDS = /^(?:feat|feature|fix|bug|bugfix|hotfix|docs?|style|refactor|perf|tests?|build|ci|chore|revert|wip|types|deps|release)$/i;

/**
 * What a title says before its colon, as commits and many issues do: the kind of the change, which says nothing about where (`build: drop X`), and
 * its scope, which says little else (`fix(plugin-react): …`, `cmd/tool: …`, `[parser] …`).
 */
function prefixOf(text: string): { kind: ReadonlySet<string>; scope: ReadonlySet<string> } {
  const [, before = '', inner, bracket] = /^\s*(?:([\w./, -]{1,60}?)(?:\(([^()\n]{1,80})\))?!?:\s|\[([^\]\n]{1,60})\])/.exec(text) ?? [];
  const rest = new Set(tokensOf(text.replace(/^\s*[^\n:\]]{1,150}[:\]]/, '')));
  const isKind = KINDS.test(before.trim());
  // A kind that the text also speaks of is no mere kind.
  const kind = isKind ? tokensOf(before).filter((term) => !rest.has(term)) : [];
  const named = inner ?? bracket ?? (isKind || before.split(/\s+/).length > 3 ? '' : before);
  return { kind: new Set(kind), scope: new Set(tokensOf(named)) };
}

/** Terms of the first line, and of what looks like code anywhere. */
function prominent(text: string): { title: ReadonlySet<string>; code: ReadonlySet<string> } {
  const title = new Set(tokensOf(text.trimStart().split('\n')[0] ?? ''));
  const code = new Set([...text.matchAll(/`([^`\n]{1,200})`|\b(\w*[a-z][A-Z]\w*|\w+_\w+|\w+(?:\.\w+)*\(\))/g)].flatMap(([, quoted, plain]) => tokensOf(quoted ?? plain ?? '')));
  return { title, code };
}

function neighbours(text: string, indexOf: ReadonlyMap<string, number>): ReadonlySet<string> {
  const tokens = tokensOf(text.slice(0, 20_000)).map((token) => indexOf.get(token) ?? -1);
  return new Set(tokens.flatMap((left, index) => (left >= 0 && (tokens[index + 1] ?? -1) >= 0 && tokens[index + 1] !== left ? [`${left} ${tokens[index + 1] ?? -1}`] : [])));
}

function wordsBehind(text: string): Map<string, string> {
  const words = new Map<string, string>();
  for (const [word] of text.matchAll(/[\p{L}\p{N}_]{2,80}/gu)) for (const term of termsOfWord(word)) if (!words.has(term)) words.set(term, term.length >= word.length - 3 ? word.toLowerCase() : term);
  return words;
}

import { eachTerm } from './analyse/count-terms.ts';
import { countOf, partsOf, stem, termHash, termsOfWord, tokensOf, type TermCounts } from './analyse/terms.ts';
import { LIMITS } from './limits.ts';
import { PROSE, withoutNoise } from './query-noise.ts';
import { qualifiedIn } from './rank-named.ts';
import type { RankWeights } from './rank-weights.ts';

/** The words, ready to be looked for. */
export interface QueryTerms {
  /** Different terms, in the order of the text; then neighbouring words written as one. */
  readonly terms: readonly string[];
  /** The hashes of all of them, sorted. */
  readonly hashes: Uint32Array;
  /** How many of them stand in the text as they are. */
  readonly plain: number;
  /** What a title says before its colon: the kind of the change, lower case, and the names in its scope. */
  readonly kind: string;
  readonly scopes: ReadonlySet<string>;
  /** Every whole word that could be a path or a file's name. */
  readonly named: ReadonlySet<string>;
  /** Names of several parts, such as `Shop::Cart` and the ends of paths. */
  readonly qualified: ReadonlySet<string>;
  /** Pairs of a term's index and its count, for the terms that occur. */
  matchesIn(counts: TermCounts): number[];
  /** The terms of a short text by their index; -1 for one that is not the issue's. Empty without an issue. */
  tokensIn(text: string): readonly number[];
  /** Pairs of terms that stand side by side in the issue and in a path, and terms that begin a word of it or that a word of it begins. */
  likenessOf(path: string): PathLikeness;
  /** How much each term counts. */
  weigh(weights: Pick<RankWeights, 'repeated' | 'part' | 'title' | 'code' | 'common' | 'body'>): readonly number[];
  /** The issue's own word behind a term. */
  wordOf(term: string): string;
}

export interface PathLikeness {
  readonly pairs: readonly (readonly [number, number])[];
  readonly begun: readonly number[];
}

const TEXT_MAX = 200_000;
/** Neighbouring words are looked at this far into a text. */
const NEAR_MAX = 20_000;
const JOINED_TEXT_MAX = 2_000;

export function parseQuery(query: string): QueryTerms {
  const whole = query.slice(0, TEXT_MAX);
  const text = withoutNoise(whole);
  const plain = [...new Set(tokensOf(text))].slice(0, LIMITS.queryTerms);
  const terms = [...plain, ...joinedIn(text).filter((term) => !plain.includes(term))].slice(0, LIMITS.queryTerms);
  const hashes = terms.map(termHash);
  const indexOf = new Map(terms.map((term, index) => [term, index]));
  const indexOfHash = new Map(hashes.map((hash, index) => [hash, index]));
  const { title, code } = prominent(text);
  const { kind, kindWord, scopes } = prefixOf(text);
  const pairs = neighbours(text, indexOf);
  const words = wordsBehind(text);
  const { times, parts } = countWords(text);
  return {
    terms, hashes: Uint32Array.from(hashes).sort(), plain: plain.length, kind: kindWord, scopes,
    named: new Set([...whole.matchAll(/[\w@.+-]+(?:\/[\w@.+-]+)*/g)].map(([path]) => path.replace(/\.$/, ''))),
    qualified: qualifiedIn(text),
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
    likenessOf: createLikeness(terms.slice(0, plain.length), { indexOf, pairs }),
    weigh(weights) {
      const body = plain.filter((term) => !title.has(term)).length;
      // A long text says much beside the point; its title never does.
      const far = body === 0 ? 1 : Math.min(1, ((8 + title.size) / body) ** weights.body);
      const isCommon = (term: string): boolean => COMMON.has(term) || kind.has(term) || (PROSE.has(term) && !code.has(term));
      const often = (term: string): number => (1 + weights.repeated * Math.log(times.get(term) ?? 1)) * (parts.has(term) ? weights.part : 1);
      return terms.map((term) => (title.has(term) ? weights.title : far) * (code.has(term) ? weights.code : 1) * (isCommon(term) ? weights.common : 1) * often(term));
    },
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
function prefixOf(text: string): { kind: ReadonlySet<string>; kindWord: string; scopes: ReadonlySet<string> } {
  const [, before = '', inner, bracket] = /^\s*(?:([\w./, -]{1,60}?)(?:\(([^()\n]{1,80})\))?!?:\s|\[([^\]\n]{1,60})\])/.exec(text) ?? [];
  const rest = new Set(tokensOf(text.replace(/^\s*[^\n:\]]{1,150}[:\]]/, '')));
  const isKind = KINDS.test(before.trim());
  // A kind that the text also speaks of is no mere kind.
  const kind = isKind ? tokensOf(before).filter((term) => !rest.has(term)) : [];
  const named = inner ?? bracket ?? (isKind || before.split(/\s+/).length > 3 ? '' : before);
  const scopes = named.toLowerCase().split(/[\s,/]+/).filter((name) => name.length > 1 && !KINDS.test(name));
  return { kind: new Set(kind), kindWord: isKind ? before.trim().toLowerCase() : '', scopes: new Set(scopes) };
}

/** Neighbouring words as one term: code writes them so (`set-default`: `setDefault`, `setdefault`). */
function joinedIn(text: string): string[] {
  const words = [...text.slice(0, JOINED_TEXT_MAX).matchAll(/[\p{L}\p{N}]+/gu)].map(([word]) => word.toLowerCase());
  const joined = words.slice(1).flatMap((word, index) => tokensOf(`${words[index] ?? ''}${word}`).slice(0, 1));
  return [...new Set([...joined, ...withinNames(text)])].filter((term) => term.length > 5);
}

/** Neighbouring parts of a longer name: `orWhereKey` is often written beside `whereKey`. */
function withinNames(text: string): string[] {
  const names = [...text.slice(0, JOINED_TEXT_MAX).matchAll(/\w*[a-z\d][A-Z]\w*|\w+_\w+/g)].map(([name]) => partsOf(name));
  return names.flatMap((parts) => (parts.length < 3 ? [] : parts.slice(1).flatMap((part, index) => stem(`${parts[index] ?? ''}${part}`.toLowerCase()))));
}

/** What the words of a folder or a name have in common with the issue's: a term's index or -1 each, and the terms that they begin or that begin them. */
interface Likeness {
  readonly indexes: readonly number[];
  readonly begun: readonly number[];
}

/** Folders and words come again and again: each is compared with the issue once. */
function createLikeness(terms: readonly string[], { indexOf, pairs }: { indexOf: ReadonlyMap<string, number>; pairs: ReadonlySet<string> }): (path: string) => PathLikeness {
  const begunBy = remembered((token) => terms.flatMap((term, index) => (term !== token && ((term.length > 3 && token.startsWith(term)) || (token.length > 3 && term.startsWith(token))) ? [index] : [])));
  const likenessIn = (text: string): Likeness => {
    const tokens = tokensOf(text);
    return { indexes: tokens.map((token) => indexOf.get(token) ?? -1), begun: tokens.flatMap(begunBy) };
  };
  const folderOf = remembered(likenessIn);
  return (path) => {
    if (terms.length === 0) return { pairs: [], begun: [] };
    const cut = path.lastIndexOf('/') + 1;
    const [folder, name] = [folderOf(path.slice(0, cut)), likenessIn(path.slice(cut).replace(/\.\w+$/, ''))];
    const indexes = [...folder.indexes, ...name.indexes];
    const found = new Map<string, readonly [number, number]>();
    for (const [at, left] of indexes.entries()) {
      const right = indexes[at + 1] ?? -1;
      if (left >= 0 && right >= 0 && pairs.has(`${left} ${right}`)) found.set(`${left} ${right}`, [left, right]);
    }
    return { pairs: [...found.values()], begun: [...new Set([...folder.begun, ...name.begun])] };
  };
}

function remembered<Result>(work: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = work(text);
    known.set(text, result);
    return result;
  };
}

/** Terms of the first line, and of what looks like code anywhere. */
function prominent(text: string): { title: ReadonlySet<string>; code: ReadonlySet<string> } {
  const withJoined = (part: string): string[] => [...tokensOf(part), ...joinedIn(part)];
  const title = new Set(withJoined(text.trimStart().split('\n')[0] ?? ''));
  const code = new Set([...text.matchAll(/`([^`\n]{1,200})`|\b(\w*[a-z][A-Z]\w*|\w+_\w+|\w+(?:\.\w+)*\(\))/g)].flatMap(([, quoted, plain]) => withJoined(quoted ?? plain ?? '')));
  return { title, code };
}

function neighbours(text: string, indexOf: ReadonlyMap<string, number>): ReadonlySet<string> {
  const tokens = tokensOf(text.slice(0, NEAR_MAX)).map((token) => indexOf.get(token) ?? -1);
  return new Set(tokens.flatMap((left, index) => (left >= 0 && (tokens[index + 1] ?? -1) >= 0 && tokens[index + 1] !== left ? [`${left} ${tokens[index + 1] ?? -1}`] : [])));
}

/** How often each term occurs; and the terms that stand in the text only as a part of a longer name. */
function countWords(text: string): { times: ReadonlyMap<string, number>; parts: ReadonlySet<string> } {
  const times = new Map<string, number>();
  const parts = new Set<string>();
  const alone = new Set<string>();
  for (const [word] of text.matchAll(/[\p{L}\p{N}_]{2,80}/gu)) {
    for (const [index, term] of termsOfWord(word).entries()) {
      times.set(term, (times.get(term) ?? 0) + 1);
      (index > 0 ? parts : alone).add(term);
    }
  }
  return { times, parts: new Set([...parts].filter((term) => !alone.has(term))) };
}

function wordsBehind(text: string): Map<string, string> {
  const words = new Map<string, string>();
  for (const [word] of text.matchAll(/[\p{L}\p{N}_]{2,80}/gu)) for (const term of termsOfWord(word)) if (!words.has(term)) words.set(term, term.length >= word.length - 3 ? word.toLowerCase() : term);
  return words;
}

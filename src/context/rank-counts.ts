import type { ContextFile } from '../domain/context.ts';
import { baseName } from './languages.ts';
import type { QueryTerms } from './query.ts';
import type { WordCounts } from './read-files.ts';

/** Where a word of the issue may stand in a file. */
export const FIELDS = ['name', 'folder', 'symbol', 'text'] as const;
const WIDTH = FIELDS.length;
const [NAME, FOLDER, SYMBOL, TEXT] = [0, 1, 2, 3];

/** How often the words stand in each file's fields. In a few arrays: a large repository has millions of such counts. */
export interface FieldCounts {
  /** Numbers of the files that are ranked. */
  readonly ranked: Uint32Array;
  /** How many words a field of a file has. */
  lengthOf(file: number, field: number): number;
  /** Visits the terms that a file has, the lowest first, with their count in each field (an array that is used again). */
  visit(file: number, take: (term: number, counts: Uint32Array) => void): void;
}

/** `words` has null for a file that cannot be ranked; lockfiles are none that an issue is about. */
export function countFields(files: readonly ContextFile[], words: readonly (WordCounts | null)[], query: QueryTerms): FieldCounts {
  const lengths = new Uint32Array(files.length * WIDTH);
  const ends = new Uint32Array(files.length + 1);
  const ranked = new Uint32Array(files.length);
  let rankedCount = 0;
  let end = 0;
  // Each entry: a term, then its counts.
  let entries = new Uint32Array(1 << 14);
  const ofFile = new Uint32Array(query.terms.length * WIDTH);
  const met = new Set<number>();
  const add = (term: number, field: number, count: number): void => {
    met.add(term);
    ofFile[term * WIDTH + field] = (ofFile[term * WIDTH + field] ?? 0) + count;
  };
  const addAll = (file: number, field: number, source: string): void => {
    const tokens = query.tokensIn(source);
    lengths[file * WIDTH + field] = (lengths[file * WIDTH + field] ?? 0) + tokens.length;
    for (const token of tokens) if (token >= 0) add(token, field, 1);
  };
  const keep = (): void => {
    const needed = end + met.size * (WIDTH + 1);
    if (needed > entries.length) {
      const larger = new Uint32Array(needed * 2);
      larger.set(entries.subarray(0, end));
      entries = larger;
    }
    for (const term of [...met].sort((left, right) => left - right)) {
      entries[end] = term;
      entries.set(ofFile.subarray(term * WIDTH, (term + 1) * WIDTH), end + 1);
      ofFile.fill(0, term * WIDTH, (term + 1) * WIDTH);
      end += WIDTH + 1;
    }
    met.clear();
  };
  for (const [number, file] of files.entries()) {
    const text = words[number] ?? null;
    if (text !== null && file.kind !== 'lockfile') {
      ranked[rankedCount++] = number;
      const { matches } = text;
      for (let index = 0; index < matches.length; index += 2) add(matches[index] ?? 0, TEXT, matches[index + 1] ?? 0);
      lengths[number * WIDTH + TEXT] = text.length;
      const name = baseName(file.path);
      addAll(number, NAME, name);
      addAll(number, FOLDER, file.path.slice(0, -name.length));
      for (const symbol of file.symbols) addAll(number, SYMBOL, symbol.name);
      keep();
    }
    ends[number + 1] = end;
  }
  return {
    ranked: ranked.subarray(0, rankedCount),
    lengthOf: (file, field) => lengths[file * WIDTH + field] ?? 0,
    visit(file, take) {
      for (let at = ends[file] ?? 0; at < (ends[file + 1] ?? 0); at += WIDTH + 1) take(entries[at] ?? 0, entries.subarray(at + 1, at + 1 + WIDTH));
    },
  };
}

export const isInName = (counts: Uint32Array): boolean => (counts[NAME] ?? 0) > 0;
export const isInSymbol = (counts: Uint32Array): boolean => (counts[SYMBOL] ?? 0) > 0;
/** Whether a count says that the word stands in the path. */
export const inPath = (counts: Uint32Array): boolean => (counts[NAME] ?? 0) + (counts[FOLDER] ?? 0) > 0;

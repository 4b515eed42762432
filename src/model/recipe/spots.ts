import type { RecipeEdit, RecipeHunk } from './parsers.ts';

/** A place that a block changes, as lines of the pinned file (1-based); `replaced` are the lines that go. */
export interface ChangedLines {
  readonly first: number;
  readonly last: number;
  readonly replaced: readonly number[];
  /** Leading blanks of the first line that comes; null when none does. */
  readonly indent: number | null;
}

/** What a block says of a place: its lines, or (search/replace) the text to look for. */
export type Spot = { readonly kind: 'lines'; readonly at: ChangedLines } | { readonly kind: 'text'; readonly search: readonly string[]; readonly at: ChangedLines };

const SPOTS_MAX = 200;
const WORDS_MAX = 2_000;

/** The places that a unified diff changes in a file. */
export function spotsOfDiff(hunks: readonly RecipeHunk[]): Spot[] {
  return hunks.slice(0, SPOTS_MAX).map((hunk) => {
    const at = changedBetween(linesOf(hunk.before), linesOf(hunk.after), { head: hunk.leading, tail: hunk.trailing });
    return { kind: 'lines', at: shifted(at, hunk.oldBegin) };
  });
}

/** The place that a search/replace pair changes, counted from its first line: where that is, the pinned file says. */
export function spotOfReplace({ search, replace }: Pick<Extract<RecipeEdit, { kind: 'replace' }>, 'search' | 'replace'>): Spot {
  const { head, tail } = sharedEnds(search, replace);
  return { kind: 'text', search, at: changedBetween(search, replace, { head, tail }) };
}

/** The pinned file, to find texts in. */
export interface BaseLines {
  readonly lines: readonly string[];
  /** Where each line stands, 0-based. */
  readonly at: ReadonlyMap<string, readonly number[]>;
}

export function baseLines(text: string): BaseLines {
  const lines = text.split(/\r?\n/);
  const at = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const own = at.get(line);
    if (own === undefined) at.set(line, [index]);
    else own.push(index);
  }
  return { lines, at };
}

/** A spot in lines of the pinned file; null when the file does not hold its text exactly once. */
export function locate(spot: Spot, base: BaseLines | null): ChangedLines | null {
  if (spot.kind === 'lines') return spot.at;
  if (base === null || spot.search.length === 0) return null;
  // The rarest line of the text says where to look.
  const rarest = spot.search.map((line, offset) => ({ offset, places: base.at.get(line) ?? [] })).reduce((best, each) => (each.places.length < best.places.length ? each : best));
  const starts = rarest.places.map((place) => place - rarest.offset).filter((start) => start >= 0 && spot.search.every((line, offset) => base.lines[start + offset] === line));
  const [start, second] = starts;
  return start === undefined || second !== undefined ? null : shifted(spot.at, start);
}

/** Words of the lines that go or come: what the change is about, in its own terms. */
export function wordsOfDiff(hunks: readonly RecipeHunk[]): string[] {
  return [...new Set(hunks.slice(0, SPOTS_MAX).flatMap((hunk) => changedWords(linesOf(hunk.before), linesOf(hunk.after))))].slice(0, WORDS_MAX);
}

export function changedWords(before: readonly string[], after: readonly string[]): string[] {
  const [kept, stays] = [new Set(after), new Set(before)];
  const lines = [...before.filter((line) => !kept.has(line)), ...after.filter((line) => !stays.has(line))];
  return [...new Set(lines.flatMap((line) => line.slice(0, 2_000).match(/[\p{L}_$][\p{L}\p{N}_$]+/gu) ?? []))].slice(0, WORDS_MAX);
}

/** How many lines two texts share at their start and at their end. */
export function sharedEnds(before: readonly string[], after: readonly string[]): { head: number; tail: number } {
  const shortest = Math.min(before.length, after.length);
  let head = 0;
  while (head < shortest && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shortest - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { head, tail };
}

/** Relative to the first line of `before`, which is line 1. Where only text comes, it is the line above it. */
function changedBetween(before: readonly string[], after: readonly string[], { head, tail }: { head: number; tail: number }): ChangedLines {
  const stays = new Set(after);
  const end = before.length - tail;
  const replaced = before.flatMap((line, index) => (index >= head && index < end && !stays.has(line) ? [index + 1] : []));
  const comes = after.slice(head, after.length - tail).find((line) => line.trim() !== '');
  return { first: end > head ? head + 1 : head, last: Math.max(end, head), replaced, indent: comes === undefined ? null : indentOf(comes) };
}

const shifted = (at: ChangedLines, by: number): ChangedLines => ({ ...at, first: Math.max(1, at.first + by), last: Math.max(1, at.last + by), replaced: at.replaced.map((line) => line + by) });

const linesOf = (bytes: Uint8Array): string[] => {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

export const indentOf = (line: string): number => /^[\t ]*/.exec(line)?.[0].length ?? 0;

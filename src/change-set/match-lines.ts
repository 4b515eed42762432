import { PatchFault } from './failure.ts';
import { MAX_COMPARISONS } from './limits.ts';

/** Every place (0-based line) where `search` stands in `lines` as whole lines. Linear in both. */
export function findAll(lines: readonly string[], search: readonly string[]): number[] {
  if (search.length === 0) return [];
  const border = borders(search);
  const places: number[] = [];
  let matched = 0;
  lines.forEach((line, index) => {
    while (matched > 0 && line !== search[matched]) matched = border[matched - 1] ?? 0;
    if (line === search[matched]) matched += 1;
    if (matched === search.length) {
      places.push(index - search.length + 1);
      matched = border[matched - 1] ?? 0;
    }
  });
  return places;
}

// For each prefix, how long its longest proper border is (Knuth, Morris and Pratt).
function borders(search: readonly string[]): number[] {
  const border = [0];
  let length = 0;
  for (let index = 1; index < search.length; index += 1) {
    while (length > 0 && search[index] !== search[length]) length = border[length - 1] ?? 0;
    if (search[index] === search[length]) length += 1;
    border.push(length);
  }
  return border;
}

/** A file's lines, indexed once so that many search texts are found without reading the file for each. */
export class LineIndex {
  readonly lines: readonly string[];
  readonly #places = new Map<string, number[]>();
  #trimmed: Map<string, number[]> | null = null;
  #comparisons = 0;

  constructor(lines: readonly string[]) {
    this.lines = lines;
    lines.forEach((line, index) => addTo(this.#places, line, index));
  }

  /** What `findAll` finds. Looks only where the rarest line of `search` stands, unless that would take longer; refuses to look for too long. */
  findAll(search: readonly string[]): readonly number[] {
    const rarest = this.#rarest(search);
    if (rarest === null) return [];
    const { offset, places } = rarest;
    this.#count(Math.min(places.length * search.length, this.lines.length));
    if (search.length === 1) return places;
    if (places.length * search.length > this.lines.length) return findAll(this.lines, search);
    return places.map((place) => place - offset).filter((start) => this.#standsAt(search, start));
  }

  /** The first place of `search` at or below line `from`; undefined when there is none. */
  findFrom(search: readonly string[], from: number): number | undefined {
    const rarest = this.#rarest(search);
    if (rarest === null) return undefined;
    const { offset, places } = rarest;
    for (let index = lowerBound(places, from + offset); index < places.length; index += 1) {
      this.#count(search.length);
      const start = (places[index] ?? 0) - offset;
      if (this.#standsAt(search, start)) return start;
    }
    return undefined;
  }

  #standsAt(search: readonly string[], start: number): boolean {
    return search.every((line, index) => this.lines[start + index] === line);
  }

  #rarest(search: readonly string[]): { readonly offset: number; readonly places: readonly number[] } | null {
    let rarest: { readonly offset: number; readonly places: readonly number[] } | null = null;
    for (const [offset, line] of search.entries()) {
      const places = this.#places.get(line) ?? [];
      if (rarest === null || places.length < rarest.places.length) rarest = { offset, places };
    }
    return rarest;
  }

  #count(comparisons: number): void {
    this.#comparisons += comparisons;
    if (this.#comparisons > MAX_COMPARISONS) throw new PatchFault('too-large', 'The search texts of a file are so alike that finding them takes too long. Add lines around them that stand in the file rarely, or split the change.');
  }

  /** Where a line stands, spaces at its ends aside. */
  placesOfTrimmed(line: string): readonly number[] {
    if (this.#trimmed === null) {
      this.#trimmed = new Map();
      for (const [index, each] of this.lines.entries()) addTo(this.#trimmed, each.trim(), index);
    }
    return this.#trimmed.get(line) ?? [];
  }
}

function addTo(places: Map<string, number[]>, line: string, index: number): void {
  const known = places.get(line);
  if (known === undefined) places.set(line, [index]);
  else known.push(index);
}

/** Index of the first number that is at least `least` in a sorted list. */
function lowerBound(sorted: readonly number[], least: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

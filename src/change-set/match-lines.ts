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

  constructor(lines: readonly string[]) {
    this.lines = lines;
    lines.forEach((line, index) => addTo(this.#places, line, index));
  }

  /** What `findAll` finds. Looks only where the rarest line of `search` stands, unless that would take longer. */
  findAll(search: readonly string[]): number[] {
    let rarest: { readonly offset: number; readonly places: readonly number[] } | null = null;
    for (const [offset, line] of search.entries()) {
      const places = this.#places.get(line) ?? [];
      if (rarest === null || places.length < rarest.places.length) rarest = { offset, places };
    }
    if (rarest === null) return [];
    if (rarest.places.length * search.length > this.lines.length) return findAll(this.lines, search);
    const { offset, places } = rarest;
    return places.map((place) => place - offset).filter((start) => search.every((line, index) => this.lines[start + index] === line));
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

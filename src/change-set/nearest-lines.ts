const CANDIDATES = 3;
/** A line that stands in the file more often than this says nothing about where. */
const COMMON = 40;
/** Lines that are compared word by word when no line agrees. */
const COMPARED = 20_000;

/** A place in the file that resembles a search text. */
export interface Candidate {
  /** 0-based line where the search text would begin. */
  readonly at: number;
  /** How many of its lines agree there, spaces aside. */
  readonly agreeing: number;
}

/** The places that resemble `search` most, best first; empty when nothing does. */
export function nearestPlaces(lines: readonly string[], search: readonly string[]): Candidate[] {
  const voted = placesByVote(lines, search);
  return voted.length > 0 ? voted : placesByWords(lines, search);
}

const squeeze = (line: string): string => line.replace(/\s+/gu, '');

function placesByVote(lines: readonly string[], search: readonly string[]): Candidate[] {
  const where = new Map<string, number[]>();
  lines.forEach((line, index) => {
    const key = squeeze(line);
    const known = where.get(key);
    if (known === undefined) where.set(key, [index]);
    else if (known.length <= COMMON) known.push(index);
  });
  const votes = new Map<number, number>();
  search.forEach((line, index) => {
    const key = squeeze(line);
    const places = key === '' ? [] : (where.get(key) ?? []);
    if (places.length <= COMMON) for (const place of places) votes.set(place - index, (votes.get(place - index) ?? 0) + 1);
  });
  return [...votes].map(([at, agreeing]) => ({ at: Math.max(0, at), agreeing })).toSorted((a, b) => b.agreeing - a.agreeing || a.at - b.at).slice(0, CANDIDATES);
}

function placesByWords(lines: readonly string[], search: readonly string[]): Candidate[] {
  const index = search.findIndex((line) => squeeze(line) !== '');
  const wanted = wordsOf(search[index] ?? '');
  if (wanted.size === 0) return [];
  return lines
    .slice(0, COMPARED)
    .map((line, at) => ({ at: Math.max(0, at - index), agreeing: 0, score: likeness(wanted, wordsOf(line)) }))
    .filter(({ score }) => score >= 0.5)
    .toSorted((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, CANDIDATES)
    .map(({ at, agreeing }) => ({ at, agreeing }));
}

const wordsOf = (line: string): Set<string> => new Set(line.slice(0, 2_000).match(/[\w\u0080-\u00ff]+/gu) ?? []);

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const word of a) if (b.has(word)) common += 1;
  return a.size + b.size === 0 ? 0 : (2 * common) / (a.size + b.size);
}

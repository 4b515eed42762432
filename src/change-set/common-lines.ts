/** Steps that finding the exact answer may take for each line, so that the work stays linear in the files. */
const STEPS_A_LINE = 200;
/** However short the files are, so many differing lines are told apart exactly. */
const DISTANCE_MIN = 256;
const DISTANCE_MAX = 10_000;
const DEPTH_MAX = 8;

/**
 * How many lines two files have in common, in order: the longest common subsequence of `a` and `b`, in which equal lines
 * are equal numbers. Exact up to √(200 × lines) differing lines that stand on both sides; beyond, each stretch between lines that stand
 * once on both sides is looked at by itself, and the number can only be lower. After Myers (1986) and Bram Cohen's patience diff.
 */
export function countCommon(a: Int32Array, b: Int32Array, depth = 0): number {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const [left, right] = [a.subarray(head, a.length - tail), b.subarray(head, b.length - tail)];
  // A line that only one side has is in no common subsequence: without them the rest is often small.
  const [rest, other] = [keep(left, new Set(right)), keep(right, new Set(left))];
  return head + tail + (rest.length === 0 || other.length === 0 ? 0 : countBetween(rest, other, depth));
}

const keep = (lines: Int32Array, known: ReadonlySet<number>): Int32Array => lines.filter((line) => known.has(line));

function countBetween(a: Int32Array, b: Int32Array, depth: number): number {
  const limit = Math.min(DISTANCE_MAX, Math.max(DISTANCE_MIN, Math.floor(Math.sqrt(STEPS_A_LINE * (a.length + b.length)))));
  const distance = editDistance(a, b, limit);
  if (distance !== null) return (a.length + b.length - distance) / 2;
  if (depth === DEPTH_MAX) return 0;
  const anchors = uniqueInOrder(a, b);
  let [common, fromA, fromB] = [anchors.length, 0, 0];
  if (anchors.length === 0) return 0;
  for (const [atA, atB] of [...anchors, [a.length, b.length] as const]) {
    common += countCommon(a.subarray(fromA, atA), b.subarray(fromB, atB), depth + 1);
    [fromA, fromB] = [atA + 1, atB + 1];
  }
  return common;
}

/** Lines taken out and put in on the shortest way from one side to the other; null when they are more than `limit`. */
function editDistance(a: Int32Array, b: Int32Array, limit: number): number | null {
  const most = Math.min(a.length + b.length, limit);
  const reach = new Int32Array(2 * most + 3);
  const middle = most + 1;
  for (let distance = 0; distance <= most; distance += 1) {
    // Diagonals past the end of a side lead nowhere; the first and the last stay of the same parity as the distance.
    const first = -distance + 2 * Math.max(0, distance - b.length);
    const last = distance - 2 * Math.max(0, distance - a.length);
    for (let diagonal = first; diagonal <= last; diagonal += 2) {
      const left = reach[middle + diagonal - 1] ?? 0;
      const right = reach[middle + diagonal + 1] ?? 0;
      let x = diagonal === -distance || (diagonal !== distance && left < right) ? right : left + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      reach[middle + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return distance;
    }
  }
  return null;
}

/** Places of lines that stand exactly once on each side, as many as are in one order on both. */
function uniqueInOrder(a: Int32Array, b: Int32Array): (readonly [number, number])[] {
  const [inA, inB] = [placesOfUnique(a), placesOfUnique(b)];
  const pairs = [...inA].flatMap(([line, atA]): [number, number][] => {
    const atB = inB.get(line);
    return atB === undefined ? [] : [[atA, atB]];
  });
  return longestRising(pairs.toSorted(([x], [y]) => x - y));
}

function placesOfUnique(lines: Int32Array): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  const twice = new Set<number>();
  lines.forEach((line, at) => {
    if (places.has(line)) twice.add(line);
    places.set(line, at);
  });
  for (const line of twice) places.delete(line);
  return places;
}

/** The longest run of pairs whose second numbers rise, by piles: each pile's top is its smallest end. */
function longestRising(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const tops: number[] = [];
  const before = new Int32Array(pairs.length);
  pairs.forEach(([, value], index) => {
    let [low, high] = [0, tops.length];
    while (low < high) {
      const half = (low + high) >> 1;
      if ((pairs[tops[half] ?? 0]?.[1] ?? 0) < value) low = half + 1;
      else high = half;
    }
    before[index] = low === 0 ? -1 : (tops[low - 1] ?? -1);
    tops[low] = index;
  });
  const run: (readonly [number, number])[] = [];
  for (let index = tops.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) {
    const pair = pairs[index];
    if (pair !== undefined) run.push(pair);
  }
  return run.toReversed();
}

/** Steps that finding the exact answer may take for each line, so that the work stays linear in the files. */
const STEPS_A_LINE = 500;
/** However short the files are. */
const STEPS_MIN = 100_000;
const DEPTH_MAX = 8;

/**
 * How many lines two files have in common, in order: the longest common subsequence of `a` and `b`, in which equal lines
 * are equal numbers. Exact as long as it takes no more than 500 steps a line. Else each stretch between lines that stand once on both
 * sides is looked at by itself, and the number can only be lower. After Wu, Manber, Myers and Miller, "An O(NP) sequence comparison
 * algorithm" (1990), and Bram Cohen's patience diff.
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
  const stepsMax = Math.max(STEPS_MIN, STEPS_A_LINE * (a.length + b.length));
  const common = a.length < b.length ? commonOf(b, a, stepsMax) : commonOf(a, b, stepsMax);
  return common ?? countBetweenAnchors(a, b, depth);
}

function countBetweenAnchors(a: Int32Array, b: Int32Array, depth: number): number {
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

/**
 * Length of the longest common subsequence; null when it takes more steps. `reach[k]` is the furthest line of `long` that
 * diagonal k (its line less that of `short`) has been followed to with `skipped` lines of `short` left out.
 */
function commonOf(long: Int32Array, short: Int32Array, stepsMax: number): number | null {
  const difference = long.length - short.length;
  const middle = short.length + 1;
  const reach = new Int32Array(long.length + short.length + 3).fill(-1);
  let steps = 0;
  const follow = (diagonal: number): void => {
    const from = Math.max((reach[middle + diagonal - 1] ?? -1) + 1, reach[middle + diagonal + 1] ?? -1);
    let at = from;
    while (at < long.length && at - diagonal < short.length && long[at] === short[at - diagonal]) at += 1;
    reach[middle + diagonal] = at;
    steps += at - from + 1;
  };
  for (let skipped = 0; skipped <= short.length; skipped += 1) {
    for (let diagonal = -skipped; diagonal < difference; diagonal += 1) follow(diagonal);
    for (let diagonal = difference + skipped; diagonal >= difference; diagonal -= 1) follow(diagonal);
    if ((reach[middle + difference] ?? 0) >= long.length) return short.length - skipped;
    if (steps > stepsMax) return null;
  }
  return 0;
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

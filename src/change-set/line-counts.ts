import { asBuffer } from './bytes.ts';
import { isBinary } from './is-binary.ts';

/** Past this many differing lines the exact count is not worth its time; all lines between then count as changed. */
const MAX_DISTANCE = 2_000;

export interface LineCounts {
  readonly added: number | null;
  readonly removed: number | null;
}

/**
 * Lines added and removed from `old` to `next`, at least so many as any diff must show; null for binary content. An
 * absent side is empty. Exact (Myers) up to a distance of 2,000 lines; past it the counts can only be higher.
 */
export function countLines(old: Uint8Array | null, next: Uint8Array | null): LineCounts {
  const [before, after] = [old ?? new Uint8Array(), next ?? new Uint8Array()];
  if (isBinary(before) || isBinary(after)) return { added: null, removed: null };
  const [a, b] = trimCommon(linesOf(before), linesOf(after));
  const distance = editDistance(a, b);
  if (distance === null) return { added: b.length, removed: a.length };
  const added = (distance + b.length - a.length) / 2;
  return { added, removed: distance - added };
}

function linesOf(bytes: Uint8Array): string[] {
  const lines = asBuffer(bytes).toString('latin1').split('\n');
  const last = lines.pop() ?? '';
  // A last line without a line feed is another line than one with it.
  const whole = lines.map((line) => `${line}\n`);
  return last === '' ? whole : [...whole, last];
}

function trimCommon(a: string[], b: string[]): [string[], string[]] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
}

/** Length of the shortest edit script, or null past the limit. */
function editDistance(a: readonly string[], b: readonly string[]): number | null {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const limit = Math.min(a.length + b.length, MAX_DISTANCE);
  const reach = new Int32Array(2 * limit + 3);
  const middle = limit + 1;
  for (let distance = 0; distance <= limit; distance += 1) {
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const [left, right] = [reach[middle + diagonal - 1] ?? 0, reach[middle + diagonal + 1] ?? 0];
      let x = diagonal === -distance || (diagonal !== distance && left < right) ? right : left + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      reach[middle + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return distance;
    }
  }
  return null;
}

import { asBuffer } from './bytes.ts';
import { countCommon } from './common-lines.ts';
import { isBinary } from './is-binary.ts';

const LINE_FEED = 0x0a;

export interface LineCounts {
  readonly added: number | null;
  readonly removed: number | null;
}

/**
 * Lines added and removed from `old` to `next`: the fewest that any diff of them must show; null for binary content. An
 * absent side is empty. `git diff --numstat` never counts fewer, and now and then a few more of a large rewrite: git stops
 * looking for the shortest diff early. Where it would take too long here, the counts can be higher (see `countCommon`).
 */
export function countLines(old: Uint8Array | null, next: Uint8Array | null): LineCounts {
  const [before, after] = [asBuffer(old ?? new Uint8Array()), asBuffer(next ?? new Uint8Array())];
  if (isBinary(before) || isBinary(after)) return { added: null, removed: null };
  if (before.length === 0 || after.length === 0) return { added: countAll(after), removed: countAll(before) };
  const numbers = new Map<string, number>();
  const [a, b] = [numberLines(before, numbers), numberLines(after, numbers)];
  const common = countCommon(a, b);
  return { added: b.length - common, removed: a.length - common };
}

function countAll(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return bytes.length === 0 || bytes[bytes.length - 1] === LINE_FEED ? count : count + 1;
}

/** Each line as a number, the same for the same bytes. A last line without a line feed is another line than one with it. */
function numberLines(bytes: Buffer, numbers: Map<string, number>): Int32Array {
  const lines = new Int32Array(countAll(bytes));
  let from = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const end = bytes.indexOf(LINE_FEED, from);
    const line = bytes.toString('latin1', from, end < 0 ? bytes.length : end + 1);
    const number = numbers.get(line) ?? numbers.size;
    if (number === numbers.size) numbers.set(line, number);
    lines[index] = number;
    from = end + 1;
  }
  return lines;
}

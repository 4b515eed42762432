// Deltas between objects (gitformat-pack(5)): pieces copied from the base, and pieces that are new.

/** The sizes that a delta says its base and its result have, and where its instructions begin. */
export interface DeltaHead {
  readonly base: number;
  readonly result: number;
  readonly start: number;
}

/** Reads the head of a delta; null when it is cut off or says more than any file has. */
export function readDeltaHead(delta: Uint8Array): DeltaHead | null {
  const base = readSize(delta, 0);
  const result = base && readSize(delta, base.end);
  return base && result && { base: base.size, result: result.size, start: result.end };
}

function readSize(bytes: Uint8Array, start: number): { readonly size: number; readonly end: number } | null {
  let size = 0;
  for (let at = start, scale = 1; at < bytes.length && scale <= 2 ** 42; at++, scale *= 128) {
    const byte = bytes[at] ?? 0;
    size += (byte & 0x7f) * scale;
    if (byte < 0x80) return { size, end: at + 1 };
  }
  return null;
}

/** Fills `target`, of the result's size. False when the instructions do not fit the base or the target. */
export function applyDelta(base: Uint8Array, delta: Uint8Array, { start, target }: { readonly start: number; readonly target: Uint8Array }): boolean {
  let at = start;
  let out = 0;
  while (at < delta.length) {
    const code = delta[at++] ?? 0;
    if (code === 0) return false;
    let from = at;
    let size = code;
    let source = delta;
    if (code & 0x80) {
      let offset = 0;
      size = 0;
      for (let bit = 0; bit < 4; bit++) if (code & (1 << bit)) offset += (delta[at++] ?? 0) * 2 ** (8 * bit);
      for (let bit = 0; bit < 3; bit++) if (code & (0x10 << bit)) size |= (delta[at++] ?? 0) << (8 * bit);
      if (size === 0) size = 0x10000;
      from = offset;
      source = base;
    } else at += size;
    if (from + size > source.length || out + size > target.length) return false;
    copy(source, from, { size, target, out });
    out += size;
  }
  return out === target.length;
}

/** Up to so many bytes a loop is faster than the call that copies them at once. */
const LOOP_MAX = 64;

function copy(source: Uint8Array, from: number, { size, target, out }: { readonly size: number; readonly target: Uint8Array; readonly out: number }): void {
  if (size > LOOP_MAX) target.set(source.subarray(from, from + size), out);
  else for (let at = 0; at < size; at++) target[out + at] = source[from + at] ?? 0;
}

import { PatchFault } from './failure.ts';
import { MAX_FILE_BYTES } from './limits.ts';

/** Applies a git delta to `base`, checking every size and range that it names. */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const reader = new DeltaReader(delta);
  if (reader.size() !== base.length) throw bad('is made for a base of another size');
  const size = reader.size();
  if (size > MAX_FILE_BYTES) throw new PatchFault('file-too-large', `A binary delta makes ${size} bytes; at most ${MAX_FILE_BYTES} are taken.`);
  const result = Buffer.allocUnsafe(size);
  let filled = 0;
  while (!reader.done) {
    const part = reader.part(base);
    if (filled + part.length > size) throw bad('makes more bytes than it says');
    part.copy(result, filled);
    filled += part.length;
  }
  if (filled !== size) throw bad('makes fewer bytes than it says');
  return result;
}

class DeltaReader {
  readonly #delta: Buffer;
  #at = 0;

  constructor(delta: Buffer) {
    this.#delta = delta;
  }

  get done(): boolean {
    return this.#at >= this.#delta.length;
  }

  /** A little-endian number, seven bits a byte. */
  size(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER / 128) throw bad('names a size that is too large');
      if (byte < 0x80) return value;
    }
  }

  /** The bytes of the next instruction: copied from the base, or carried in the delta. */
  part(base: Buffer): Buffer {
    const code = this.#byte();
    if (code === 0) throw bad('holds the reserved instruction');
    if (code < 0x80) {
      if (this.#at + code > this.#delta.length) throw bad('is cut off');
      this.#at += code;
      return this.#delta.subarray(this.#at - code, this.#at);
    }
    const offset = this.#field(code, 4);
    const length = this.#field(code >> 4, 3) || 0x10000;
    if (offset + length > base.length) throw bad('copies from beyond the end of its base');
    return base.subarray(offset, offset + length);
  }

  #field(bits: number, bytes: number): number {
    let value = 0;
    for (let index = 0; index < bytes; index += 1) if ((bits >> index) & 1) value += this.#byte() * 256 ** index;
    return value;
  }

  #byte(): number {
    const byte = this.#delta[this.#at];
    if (byte === undefined) throw bad('is cut off');
    this.#at += 1;
    return byte;
  }
}

const bad = (what: string): PatchFault => new PatchFault('binary-mismatch', `A binary delta ${what}. Make the patch again at the pinned base.`);

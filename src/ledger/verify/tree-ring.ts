import type { Oid } from '../../domain/ids.ts';

/** Bytes of the largest tree that is taken. */
export const RING_TREE_BYTES_MAX = 32 * 1024;
/** Bytes of all: a new tree overwrites the oldest. */
const RING_BYTES = 1024 * 1024;
/** Trees at most; a new one takes the place of another whose id begins alike. */
const SLOTS = 4_096;
/** An id in numbers of 32 bits. */
const ID_WORDS = 5;
const WORD_DIGITS = 8;

/**
 * Copies of the trees that came last, in memory of its own that is used again and again: pieces of memory that live as long as their
 * last tree would each wait for a whole collection, and grow until there is one.
 */
export class TreeRing {
  readonly #ring = new Uint8Array(RING_BYTES);
  /** Numbers, because a string for each would be one more thing that lives that long. */
  readonly #ids = new Uint32Array(SLOTS * ID_WORDS);
  /** Where each begins, counted in all bytes that were ever written. */
  readonly #starts = new Float64Array(SLOTS).fill(-Infinity);
  readonly #sizes = new Uint16Array(SLOTS);
  #written = 0;

  /** The tree: good until two others were put. */
  get(oid: Oid): Uint8Array | null {
    const slot = slotOf(oid);
    const left = (this.#starts[slot] ?? 0) + RING_BYTES - this.#written;
    if (left < 0 || !this.#isAt(slot, oid)) return null;
    const at = (this.#starts[slot] ?? 0) % RING_BYTES;
    const bytes = this.#ring.subarray(at, at + (this.#sizes[slot] ?? 0));
    // One that is put takes its own bytes, and at the ring's end what is left there.
    return left < 4 * RING_TREE_BYTES_MAX ? bytes.slice() : bytes;
  }

  /** Takes a tree of at most `RING_TREE_BYTES_MAX` bytes. */
  put(oid: Oid, bytes: Uint8Array): void {
    const size = bytes.byteLength;
    const left = RING_BYTES - (this.#written % RING_BYTES);
    if (size > left) this.#written += left;
    const slot = slotOf(oid);
    for (let word = 0; word < ID_WORDS; word++) this.#ids[slot * ID_WORDS + word] = wordOf(oid, word);
    this.#starts[slot] = this.#written;
    this.#sizes[slot] = size;
    this.#ring.set(bytes, this.#written % RING_BYTES);
    this.#written += size;
  }

  #isAt(slot: number, oid: Oid): boolean {
    for (let word = 0; word < ID_WORDS; word++) if (this.#ids[slot * ID_WORDS + word] !== wordOf(oid, word)) return false;
    return true;
  }
}

const slotOf = (oid: Oid): number => wordOf(oid, 0) % SLOTS;

// Of lower-case hex digits, which is what every id of an entry is.
function wordOf(oid: Oid, index: number): number {
  let word = 0;
  for (let at = index * WORD_DIGITS; at < (index + 1) * WORD_DIGITS; at++) {
    const code = oid.charCodeAt(at);
    word = (word << 4) | (code > 0x39 ? code - 0x57 : code - 0x30);
  }
  return word >>> 0;
}

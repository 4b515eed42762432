import type { Oid } from '../../domain/ids.ts';

/** Bytes of the largest tree that is taken. */
export const RING_TREE_BYTES_MAX = 32 * 1024;
/** Bytes of all: a new tree overwrites the oldest. */
const RING_BYTES = 1024 * 1024;
/** Trees at most; a new one takes the place of another whose id begins alike. */
const SLOTS = 4_096;

/**
 * Copies of the trees that came last, in memory of its own that is used again and again: pieces of memory that live as long as their
 * last tree would each wait for a whole collection, and grow until there is one.
 */
export class TreeRing {
  readonly #ring = new Uint8Array(RING_BYTES);
  readonly #oids: Oid[] = Array.from({ length: SLOTS }, () => '');
  /** Where each begins, counted in all bytes that were ever written. */
  readonly #starts = new Float64Array(SLOTS);
  readonly #sizes = new Uint16Array(SLOTS);
  #written = 0;

  /** The tree: good until two others were put. */
  get(oid: Oid): Uint8Array | null {
    const slot = slotOf(oid);
    const left = (this.#starts[slot] ?? 0) + RING_BYTES - this.#written;
    if (this.#oids[slot] !== oid || left < 0) return null;
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
    this.#oids[slot] = oid;
    this.#starts[slot] = this.#written;
    this.#sizes[slot] = size;
    this.#ring.set(bytes, this.#written % RING_BYTES);
    this.#written += size;
  }
}

/** The first three of its hex digits. */
const slotOf = (oid: Oid): number => (digit(oid, 0) << 8) | (digit(oid, 1) << 4) | digit(oid, 2);

function digit(oid: Oid, at: number): number {
  const code = oid.charCodeAt(at);
  return ((code & 15) + (code >> 6) * 9) & 15;
}

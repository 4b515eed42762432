/** Bytes of the objects that are kept: a ring, in which a new one overwrites the oldest. */
const RING_BYTES = 2 * 1024 * 1024;
/** How many are kept at most, each of at most so many bytes. */
const BASES = 1_024;
const BASE_BYTES_MAX = 16 * 1024;
const NONE = -1;

export interface KeptBase {
  readonly type: string;
  /** Overwritten by what is kept later: to be used at once, or copied. */
  readonly bytes: Uint8Array;
}

/**
 * The objects that were read last, for the deltas against them, by where they begin. They are copied into memory of its own that is
 * used again and again: pieces of memory that live as long as their last object would each wait for a whole collection.
 */
export class KeptBases {
  readonly #ring = new Uint8Array(RING_BYTES);
  readonly #offsets = new Float64Array(BASES).fill(NONE);
  /** Where each begins, counted in all bytes that were ever written. */
  readonly #starts = new Float64Array(BASES);
  readonly #sizes = new Uint16Array(BASES);
  readonly #types: string[] = Array.from({ length: BASES }, () => '');
  #written = 0;

  get(offset: number): KeptBase | null {
    const slot = offset % BASES;
    const start = this.#starts[slot] ?? 0;
    if (this.#offsets[slot] !== offset || start + RING_BYTES < this.#written) return null;
    const at = start % RING_BYTES;
    return { type: this.#types[slot] ?? '', bytes: this.#ring.subarray(at, at + (this.#sizes[slot] ?? 0)) };
  }

  keep(offset: number, type: string, bytes: Uint8Array): void {
    const size = bytes.byteLength;
    if (size > BASE_BYTES_MAX) return;
    const left = RING_BYTES - (this.#written % RING_BYTES);
    if (size > left) this.#written += left;
    const slot = offset % BASES;
    this.#offsets[slot] = offset;
    this.#starts[slot] = this.#written;
    this.#sizes[slot] = size;
    this.#types[slot] = type;
    this.#ring.set(bytes, this.#written % RING_BYTES);
    this.#written += size;
  }
}

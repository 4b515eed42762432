import type { Oid } from '../../domain/ids.ts';

// The index of a pack, version 2 (gitformat-pack(5)): names in order, then checksums, then where each object begins.

const HEADER_BYTES = 8;
const FANOUT_BYTES = 256 * 4;
const OID_BYTES = 20;
const TRAILER_BYTES = 40;
/** Set where an offset of four bytes is the number of one of eight. */
const LARGE = 0x80000000;
/** Guesses before halving: names are hashes, so a guess from their first digits is nearly right. */
const GUESSES = 4;

/** Where objects begin in one pack. Only a hint: who reads hashes what is there. */
export class PackIndex {
  /** The file's bytes, for another thread to read from. */
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #count: number;
  readonly #wanted = new Uint8Array(OID_BYTES);
  readonly #wantedView = new DataView(this.#wanted.buffer);

  private constructor(bytes: Uint8Array, view: DataView, count: number) {
    this.bytes = bytes;
    this.#view = view;
    this.#count = count;
  }

  /** Reads an index; null when it is of another version, or its parts do not fit together. */
  static parse(bytes: Uint8Array): PackIndex | null {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.byteLength < HEADER_BYTES + FANOUT_BYTES + TRAILER_BYTES || view.getUint32(0) !== 0xff744f63 || view.getUint32(4) !== 2) return null;
    let count = 0;
    for (let first = 0; first < 256; first++) {
      const next = view.getUint32(HEADER_BYTES + first * 4);
      if (next < count) return null;
      count = next;
    }
    const smallest = HEADER_BYTES + FANOUT_BYTES + count * (OID_BYTES + 8) + TRAILER_BYTES;
    return bytes.byteLength < smallest || (bytes.byteLength - smallest) % 8 !== 0 ? null : new PackIndex(bytes, view, count);
  }

  /** Where the object begins; −1 when the pack does not have it. */
  find(oid: Oid): number {
    if (oid.length !== OID_BYTES * 2) return -1;
    // What is no hex digit gives a name that nothing has.
    for (let at = 0; at < OID_BYTES; at++) this.#wanted[at] = (digit(oid.charCodeAt(at * 2)) << 4) | digit(oid.charCodeAt(at * 2 + 1));
    const index = this.#indexOf();
    return index < 0 ? -1 : this.#offset(index);
  }

  #indexOf(): number {
    const first = this.#wanted[0] ?? 0;
    let low = first === 0 ? 0 : this.#view.getUint32(HEADER_BYTES + (first - 1) * 4);
    let high = this.#view.getUint32(HEADER_BYTES + first * 4);
    // Names that begin with the same byte are spread evenly over the other bytes.
    const each = (high - low) / 0x1000000;
    const wanted = this.#wantedView.getUint32(0);
    let guess = low + Math.floor((wanted & 0xffffff) * each);
    for (let turn = 0; low < high; turn++) {
      const middle = turn < GUESSES ? Math.min(high - 1, Math.max(low, guess)) : (low + high) >>> 1;
      const order = this.#compare(middle);
      if (order === 0) return middle;
      if (order > 0) low = middle + 1;
      else high = middle;
      guess = middle + Math.round((wanted - this.#view.getUint32(HEADER_BYTES + FANOUT_BYTES + middle * OID_BYTES)) * each);
    }
    return -1;
  }

  #compare(index: number): number {
    const at = HEADER_BYTES + FANOUT_BYTES + index * OID_BYTES;
    for (let word = 0; word < OID_BYTES; word += 4) {
      const difference = this.#wantedView.getUint32(word) - this.#view.getUint32(at + word);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #offset(index: number): number {
    const offsets = HEADER_BYTES + FANOUT_BYTES + this.#count * (OID_BYTES + 4);
    const offset = this.#view.getUint32(offsets + index * 4);
    if (offset < LARGE) return offset;
    const at = offsets + this.#count * 4 + (offset - LARGE) * 8;
    if (at + 8 > this.bytes.byteLength - TRAILER_BYTES) return -1;
    const large = this.#view.getBigUint64(at);
    return large > BigInt(Number.MAX_SAFE_INTEGER) ? -1 : Number(large);
  }
}

const digit = (code: number): number => (code > 0x39 ? code - 0x57 : code - 0x30) & 15;

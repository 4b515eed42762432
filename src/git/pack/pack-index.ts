import type { Oid } from '../../domain/ids.ts';

// The index of a pack, version 2 (gitformat-pack(5)): names in order, then checksums, then where each object begins. Twelve bytes of
// each object's 32 are kept: the first eight of its name and four of its place.

const HEADER_BYTES = 8;
const FANOUT_BYTES = 256 * 4;
const OID_BYTES = 20;
const TRAILER_BYTES = 40;
/** Set where an offset of four bytes is the number of one of eight. */
const LARGE = 0x80000000;
/** Names that are read from the file at a time. */
const NAMES_AT_ONCE = 16_384;
/** Beginnings of names that have a place of their own where their search begins: those of 16 bits. */
const STARTS = 65_536;

/** Reads from an index file; fewer bytes than asked for at its end. */
export type ReadAt = (at: number, length: number) => Uint8Array;

/** What was kept of an index: memory that several threads can read at once. */
export interface IndexData {
  /** Where the names begin that begin with each 16 bits, and their number. */
  readonly starts: Uint32Array<SharedArrayBuffer>;
  /** The first four bytes of each name, and the next four. */
  readonly high: Uint32Array<SharedArrayBuffer>;
  readonly low: Uint32Array<SharedArrayBuffer>;
  readonly offsets: Uint32Array<SharedArrayBuffer>;
  /** Offsets of 31 bits and more. */
  readonly large: Float64Array<SharedArrayBuffer>;
}

const words = (count: number): Uint32Array<SharedArrayBuffer> => new Uint32Array(new SharedArrayBuffer(count * 4));
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Reads an index of `size` bytes; null when it is of another version, or its parts do not fit together. */
export function readIndex(size: number, readAt: ReadAt): IndexData | null {
  const head = viewOf(readAt(0, HEADER_BYTES + FANOUT_BYTES));
  if (head.byteLength < HEADER_BYTES + FANOUT_BYTES || head.getUint32(0) !== 0xff744f63 || head.getUint32(4) !== 2) return null;
  let count = 0;
  for (let first = 0; first < 256; first++) {
    const next = head.getUint32(HEADER_BYTES + first * 4);
    if (next < count) return null;
    count = next;
  }
  const rest = size - (HEADER_BYTES + FANOUT_BYTES + count * (OID_BYTES + 8) + TRAILER_BYTES);
  if (rest < 0 || rest % 8 !== 0) return null;
  const data: IndexData = { starts: words(STARTS + 1), high: words(count), low: words(count), offsets: words(count), large: new Float64Array(new SharedArrayBuffer(rest)) };
  const names = HEADER_BYTES + FANOUT_BYTES;
  const offsets = names + count * (OID_BYTES + 4);
  return readNames(data, names, readAt) && readOffsets(data, offsets, readAt) ? data : null;
}

function readNames({ high, low, starts }: IndexData, start: number, readAt: ReadAt): boolean {
  let prefix = 0;
  for (let index = 0; index < high.length; ) {
    const view = viewOf(readAt(start + index * OID_BYTES, NAMES_AT_ONCE * OID_BYTES));
    const until = Math.min(high.length, index + Math.floor(view.byteLength / OID_BYTES));
    if (until === index) return false;
    for (let at = 0; index < until; index++, at += OID_BYTES) {
      const word = view.getUint32(at);
      high[index] = word;
      low[index] = view.getUint32(at + 4);
      while (prefix <= word >>> 16) starts[prefix++] = index;
    }
  }
  starts.fill(high.length, prefix);
  return true;
}

function readOffsets({ offsets, large }: IndexData, start: number, readAt: ReadAt): boolean {
  for (let index = 0; index < offsets.length; ) {
    const view = viewOf(readAt(start + index * 4, NAMES_AT_ONCE * OID_BYTES));
    const until = Math.min(offsets.length, index + Math.floor(view.byteLength / 4));
    if (until === index) return false;
    for (let at = 0; index < until; index++, at += 4) offsets[index] = view.getUint32(at);
  }
  const bytes = readAt(start + offsets.length * 4, large.length * 8);
  if (bytes.byteLength < large.length * 8) return false;
  const view = viewOf(bytes);
  for (let index = 0; index < large.length; index++) large[index] = Number(view.getBigUint64(index * 8));
  return true;
}

/** Where objects begin in one pack. Only a hint: who reads hashes what is there. */
export class PackIndex {
  readonly #data: IndexData;

  constructor(data: IndexData) {
    this.#data = data;
  }

  /** Where the object begins; −1 when the pack does not have it, or two objects whose names begin alike. */
  find(oid: Oid): number {
    if (oid.length !== OID_BYTES * 2) return -1;
    const { starts, high, low, offsets, large } = this.#data;
    const [first, second] = [wordOf(oid, 0), wordOf(oid, 8)];
    let from = starts[first >>> 16] ?? 0;
    let to = starts[(first >>> 16) + 1] ?? 0;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((high[middle] ?? 0) < first || (high[middle] === first && (low[middle] ?? 0) < second)) from = middle + 1;
      else to = middle;
    }
    if (high[from] !== first || low[from] !== second || (high[from + 1] === first && low[from + 1] === second)) return -1;
    const offset = offsets[from] ?? 0;
    return offset < LARGE ? offset : (large[offset - LARGE] ?? -1);
  }
}

/** Eight hex digits from `at`. What is no hex digit gives a word that names nothing. */
function wordOf(oid: Oid, at: number): number {
  let word = 0;
  for (let digit = 0; digit < 8; digit++) {
    const code = oid.charCodeAt(at + digit);
    word = (word << 4) | ((code > 0x39 ? code - 0x57 : code - 0x30) & 15);
  }
  return word >>> 0;
}

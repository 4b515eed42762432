import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Oid } from '../../domain/ids.ts';
import { applyDelta, readDeltaHead } from './delta.ts';
import type { KeptBase } from './kept-bases.ts';
import { PackMemory, WINDOW_BYTES } from './pack-memory.ts';

/** What a pack has at a place. `unclear`: damaged, or nothing that is read here; git may know more. */
export type PackedObject =
  | { readonly kind: 'object'; readonly type: string; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large'; readonly type: string; readonly size: number }
  | { readonly kind: 'unclear' };

const UNCLEAR: PackedObject = { kind: 'unclear' };
const TYPES: readonly (string | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag'];
const OFS_DELTA = 6;
const REF_DELTA = 7;

/** Bytes of a delta, or of a base between; what is larger is left to git, which streams. */
const STEP_BYTES_MAX = 64 * 1024 * 1024;
/** git makes chains of 50 at most, unless it is told otherwise. */
const CHAIN_MAX = 200;
/** More than any pack has bytes. */
const PACK_BYTES_MAX = 2 ** 44;

interface Entry {
  readonly type: number;
  readonly size: number;
  /** Where the base of a delta begins, its name when it is given by name, or nothing. */
  readonly base: number | Uint8Array | null;
  readonly window: Uint8Array;
  /** Where in the window the stream begins. */
  readonly at: number;
}

/** One pack, read in windows. Believes nothing of it but sizes, which are bounded. Synchronous: the next record waits for this one anyway. */
export class PackFile {
  readonly #descriptor: number;
  readonly #size: number;
  readonly #find: (oid: Oid) => number;
  readonly #memory: PackMemory;
  /** Where this pack begins in what is kept of all: places are counted from there. */
  readonly #start: number;

  /** `find`: where an object of this pack begins, −1 when it is not in it. `memory` is shared by packs of different numbers. */
  constructor(path: string, find: (oid: Oid) => number, { memory = new PackMemory(), number = 0 }: { readonly memory?: PackMemory; readonly number?: number } = {}) {
    this.#memory = memory;
    this.#start = number * PACK_BYTES_MAX;
    this.#descriptor = openSync(path, 'r');
    this.#size = fstatSync(this.#descriptor).size;
    this.#find = find;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The object that begins at `offset`. Bytes beyond `bytesMax` are not read. */
  read(offset: number, bytesMax: number): PackedObject {
    return this.#read(offset, bytesMax, 0);
  }

  #read(offset: number, bytesMax: number, depth: number): PackedObject {
    if (offset >= this.#size) return UNCLEAR;
    const kept = this.#memory.bases.get(this.#start + offset);
    if (kept) return this.#again(kept, bytesMax, depth);
    const entry = depth > CHAIN_MAX ? null : this.#entry(offset);
    if (!entry) return UNCLEAR;
    const found = entry.base === null ? this.#whole(entry, bytesMax) : this.#fromDelta(offset, entry, { bytesMax, depth });
    if (found.kind === 'object') this.#memory.bases.keep(this.#start + offset, found.type, found.bytes);
    return found;
  }

  // As a base it is used up before anything else is kept; what is given out is a copy.
  #again({ type, bytes }: KeptBase, bytesMax: number, depth: number): PackedObject {
    const size = bytes.byteLength;
    if (size > bytesMax) return { kind: 'too-large', type, size };
    if (depth > 0) return { kind: 'object', type, bytes };
    const copy = this.#memory.room(size);
    copy.set(bytes);
    return { kind: 'object', type, bytes: copy };
  }

  #whole(entry: Entry, bytesMax: number): PackedObject {
    const type = TYPES[entry.type];
    if (type === undefined) return UNCLEAR;
    if (entry.size > bytesMax) return { kind: 'too-large', type, size: entry.size };
    const bytes = this.#memory.room(entry.size);
    return this.#memory.inflater.inflate(entry.window, entry.at, bytes) ? { kind: 'object', type, bytes } : UNCLEAR;
  }

  #fromDelta(offset: number, first: Entry, { bytesMax, depth }: { readonly bytesMax: number; readonly depth: number }): PackedObject {
    const at = first.base === null ? -1 : typeof first.base === 'number' ? first.base : this.#find(toHex(first.base));
    if (at < 0 || at >= this.#size || at === offset || first.size > STEP_BYTES_MAX) return UNCLEAR;
    const { reused } = this.#memory;
    const base = this.#read(at, STEP_BYTES_MAX, depth + 1);
    const entry = reused === this.#memory.reused ? first : this.#entry(offset);
    if (base.kind !== 'object' || !entry) return UNCLEAR;
    const delta = this.#memory.scratch(entry.size);
    const head = this.#memory.inflater.inflate(entry.window, entry.at, delta) ? readDeltaHead(delta) : null;
    if (!head || head.base !== base.bytes.byteLength) return UNCLEAR;
    if (head.result > bytesMax) return { kind: 'too-large', type: base.type, size: head.result };
    const bytes = this.#memory.room(head.result);
    return applyDelta(base.bytes, delta, { start: head.start, target: bytes }) ? { kind: 'object', type: base.type, bytes } : UNCLEAR;
  }

  // A type and a size, seven bits a byte after the first four; then what a delta is against.
  #entry(offset: number): Entry | null {
    const start = Math.floor(offset / WINDOW_BYTES) * WINDOW_BYTES;
    const window = this.#memory.window(this.#start + start, (room) => this.#fill(room, start));
    let at = offset - start;
    let byte = window[at++] ?? 0;
    const type = (byte >> 4) & 7;
    let size = byte & 15;
    for (let scale = 16; byte & 0x80; scale *= 128) {
      if (scale > 2 ** 46) return null;
      byte = window[at++] ?? 0;
      size += (byte & 0x7f) * scale;
    }
    let base: number | Uint8Array | null = null;
    if (type === OFS_DELTA) {
      byte = window[at++] ?? 0;
      let back = byte & 0x7f;
      while (byte & 0x80) {
        byte = window[at++] ?? 0;
        back = (back + 1) * 128 + (byte & 0x7f);
        if (back > offset) return null;
      }
      base = offset - back;
    } else if (type === REF_DELTA) {
      base = window.subarray(at, at + 20);
      at += 20;
    }
    const length = bound(size);
    return at + length <= window.byteLength || start + window.byteLength >= this.#size ? { type, size, base, window, at } : { type, size, base, window: this.#span(start + at, length), at: 0 };
  }

  #span(start: number, length: number): Uint8Array {
    return this.#fill(new Uint8Array(Math.max(0, Math.min(length, this.#size - start, STEP_BYTES_MAX))), start);
  }

  #fill(bytes: Uint8Array, start: number): Uint8Array {
    let filled = 0;
    while (filled < bytes.byteLength) {
      const read = readSync(this.#descriptor, bytes, filled, bytes.byteLength - filled, start + filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  }
}

/** The most bytes that zlib makes of `size`: stored blocks, and their frame. */
const bound = (size: number): number => size + Math.ceil(size / 4_096) * 5 + 64;
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

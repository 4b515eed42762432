import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Oid } from '../../domain/ids.ts';
import { applyDelta, readDeltaHead } from './delta.ts';
import { Inflater } from './inflate.ts';
import { KeptBases, type KeptBase } from './kept-bases.ts';

/** What a pack has at a place. `unclear`: damaged, or nothing that is read here; git may know more. */
export type PackedObject =
  | { readonly kind: 'object'; readonly type: string; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large'; readonly type: string; readonly size: number }
  | { readonly kind: 'unclear' };

const UNCLEAR: PackedObject = { kind: 'unclear' };
const TYPES: readonly (string | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag'];
const OFS_DELTA = 6;
const REF_DELTA = 7;

/** A window of the file holds this much, and the beginning of the next: an object is mostly whole in the window where it begins. */
const WINDOW_BYTES = 96 * 1024;
const OVERLAP_BYTES = 32 * 1024;
const WINDOWS_MAX = 40;
/** Bytes that objects are cut from, several from each piece. */
const SLAB_BYTES = 128 * 1024;
/** Bytes of a delta, or of a base between; what is larger is left to git, which streams. */
const STEP_BYTES_MAX = 64 * 1024 * 1024;
/** git makes chains of 50 at most, unless it is told otherwise. */
const CHAIN_MAX = 200;

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
  readonly #windows = new Map<number, Uint8Array>();
  readonly #inflater = new Inflater();
  readonly #bases = new KeptBases();
  #scratch = new Uint8Array(SLAB_BYTES);
  #slab = new Uint8Array(SLAB_BYTES);
  #slabUsed = 0;
  readonly #windowsMax: number;
  /** How often a window was read where another one lay: entries that were found before may be gone then. */
  #reused = 0;

  /** `find`: where an object of this pack begins, −1 when it is not in it. */
  constructor(path: string, find: (oid: Oid) => number, windowsMax = WINDOWS_MAX) {
    this.#windowsMax = windowsMax;
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
    const kept = this.#bases.get(offset);
    if (kept) return this.#again(kept, bytesMax, depth);
    const entry = depth > CHAIN_MAX ? null : this.#entry(offset);
    if (!entry) return UNCLEAR;
    const found = entry.base === null ? this.#whole(entry, bytesMax) : this.#fromDelta(offset, entry, { bytesMax, depth });
    if (found.kind === 'object') this.#bases.keep(offset, found.type, found.bytes);
    return found;
  }

  // As a base it is used up before anything else is kept; what is given out is a copy.
  #again({ type, bytes }: KeptBase, bytesMax: number, depth: number): PackedObject {
    const size = bytes.byteLength;
    if (size > bytesMax) return { kind: 'too-large', type, size };
    if (depth > 0) return { kind: 'object', type, bytes };
    const copy = this.#room(size);
    copy.set(bytes);
    return { kind: 'object', type, bytes: copy };
  }

  #whole(entry: Entry, bytesMax: number): PackedObject {
    const type = TYPES[entry.type];
    if (type === undefined) return UNCLEAR;
    if (entry.size > bytesMax) return { kind: 'too-large', type, size: entry.size };
    const bytes = this.#room(entry.size);
    return this.#inflater.inflate(entry.window, entry.at, bytes) ? { kind: 'object', type, bytes } : UNCLEAR;
  }

  #fromDelta(offset: number, first: Entry, { bytesMax, depth }: { readonly bytesMax: number; readonly depth: number }): PackedObject {
    const at = first.base === null ? -1 : typeof first.base === 'number' ? first.base : this.#find(toHex(first.base));
    if (at < 0 || at >= this.#size || at === offset || first.size > STEP_BYTES_MAX) return UNCLEAR;
    const reused = this.#reused;
    const base = this.#read(at, STEP_BYTES_MAX, depth + 1);
    const entry = reused === this.#reused ? first : this.#entry(offset);
    if (base.kind !== 'object' || !entry) return UNCLEAR;
    if (this.#scratch.byteLength < entry.size) this.#scratch = new Uint8Array(entry.size);
    const delta = this.#scratch.subarray(0, entry.size);
    const head = this.#inflater.inflate(entry.window, entry.at, delta) ? readDeltaHead(delta) : null;
    if (!head || head.base !== base.bytes.byteLength) return UNCLEAR;
    if (head.result > bytesMax) return { kind: 'too-large', type: base.type, size: head.result };
    const bytes = this.#room(head.result);
    return applyDelta(base.bytes, delta, { start: head.start, target: bytes }) ? { kind: 'object', type: base.type, bytes } : UNCLEAR;
  }

  #room(size: number): Uint8Array {
    if (size > SLAB_BYTES / 4) return new Uint8Array(size);
    if (this.#slabUsed + size > SLAB_BYTES) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#slabUsed = 0;
    }
    this.#slabUsed += size;
    return this.#slab.subarray(this.#slabUsed - size, this.#slabUsed);
  }

  // A type and a size, seven bits a byte after the first four; then what a delta is against.
  #entry(offset: number): Entry | null {
    if (offset >= this.#size) return null;
    const start = Math.floor(offset / WINDOW_BYTES) * WINDOW_BYTES;
    const window = this.#window(start);
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

  // A window is read where the oldest one lay: new memory for each would take time, and be much until it is collected.
  #window(start: number): Uint8Array {
    const known = this.#windows.get(start);
    if (known) return known;
    const [oldest] = this.#windows.size >= this.#windowsMax ? this.#windows : [];
    if (oldest) {
      this.#windows.delete(oldest[0]);
      this.#reused++;
    }
    const room = oldest ? new Uint8Array(oldest[1].buffer) : new Uint8Array(WINDOW_BYTES + OVERLAP_BYTES);
    const window = this.#fill(room, start);
    this.#windows.set(start, window);
    return window;
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

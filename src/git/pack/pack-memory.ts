import { Inflater } from './inflate.ts';
import { KeptBases } from './kept-bases.ts';

/** Bytes that objects are cut from, several from each piece. */
const SLAB_BYTES = 128 * 1024;
/** A window of a file holds this much, and the beginning of the next: an object is mostly whole in the window where it begins. */
export const WINDOW_BYTES = 96 * 1024;
const OVERLAP_BYTES = 32 * 1024;
const WINDOWS_MAX = 40;

/** What reading packs needs of memory, for all packs of a repository: it is as much for a hundred of them as for one. */
export class PackMemory {
  readonly bases = new KeptBases();
  readonly inflater = new Inflater();
  /** How often a window was read where another one lay: what was found in that one is gone then. */
  reused = 0;
  readonly #windowsMax: number;
  readonly #windows = new Map<number, Uint8Array>();
  #scratch = new Uint8Array(SLAB_BYTES);
  #slab = new Uint8Array(SLAB_BYTES);
  #slabUsed = 0;

  constructor(windowsMax = WINDOWS_MAX) {
    this.#windowsMax = windowsMax;
  }

  /** The window at `place`, filled by `fill` unless it is there. A new one is read where the oldest lay: memory for each would be much until it is collected. */
  window(place: number, fill: (room: Uint8Array) => Uint8Array): Uint8Array {
    const known = this.#windows.get(place);
    if (known) return known;
    const [oldest] = this.#windows.size >= this.#windowsMax ? this.#windows : [];
    if (oldest) {
      this.#windows.delete(oldest[0]);
      this.reused++;
    }
    const window = fill(oldest ? new Uint8Array(oldest[1].buffer) : new Uint8Array(WINDOW_BYTES + OVERLAP_BYTES));
    this.#windows.set(place, window);
    return window;
  }

  /** For a delta, until the next one. */
  scratch(size: number): Uint8Array {
    if (this.#scratch.byteLength < size) this.#scratch = new Uint8Array(size);
    return this.#scratch.subarray(0, size);
  }

  /** For an object that is given out: never used again here. */
  room(size: number): Uint8Array {
    if (size > SLAB_BYTES / 4) return new Uint8Array(size);
    if (this.#slabUsed + size > SLAB_BYTES) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#slabUsed = 0;
    }
    this.#slabUsed += size;
    return this.#slab.subarray(this.#slabUsed - size, this.#slabUsed);
  }
}

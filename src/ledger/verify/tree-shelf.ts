import type { Oid } from '../../domain/ids.ts';
import type { ObjectCheck } from './read-object.ts';
import { RING_TREE_BYTES_MAX, TreeRing } from './tree-ring.ts';

const EMPTY = new Uint8Array();
/** Trees up to this size are kept for the next commit, which shares most of them. */
const SMALL_BYTES_MAX = 256 * 1024;
/** Bytes of those that are not in the ring: they took their time, or are larger. */
const SHELF_BYTES_MAX = 1024 * 1024;

interface Pair {
  readonly before: Oid | null;
  readonly after: Oid;
  readonly path: string;
}

/** Trees by id, the recent small ones kept. Of large ones, which only a hostile ledger has, there is one pair at a time. */
export class TreeShelf {
  readonly #objects: ObjectCheck;
  readonly #ring = new TreeRing();
  readonly #kept = new Map<Oid, Uint8Array | null | Promise<Uint8Array | null>>();
  #keptBytes = 0;
  #alone: Promise<unknown> = Promise.resolve();

  constructor(objects: ObjectCheck) {
    this.#objects = objects;
  }

  /** Gives both trees to `use`; null when one of them cannot be read, which has been reported then. */
  withPair<T>({ before, after, path }: Pair, use: (before: Uint8Array, after: Uint8Array) => T): T | null | Promise<T | null> {
    if (before === after) return null;
    const old = before === null ? EMPTY : this.#small(before, path);
    const fresh = this.#small(after, path);
    const go = (first: Uint8Array | null, second: Uint8Array | null): T | null | Promise<T | null> => {
      if (first === null || second === null) return null;
      return first === LARGE || second === LARGE ? this.#oneAtATime({ before, after, path }, use) : use(first, second);
    };
    // While one is waited for, the ring may take many others.
    if (old instanceof Promise || fresh instanceof Promise) return Promise.all([ownOf(old), ownOf(fresh)]).then(([first, second]) => go(first, second));
    return go(old, fresh);
  }

  #oneAtATime<T>({ before, after, path }: Pair, use: (before: Uint8Array, after: Uint8Array) => T): Promise<T | null> {
    const turn = this.#alone.then(async () => {
      const old = before === null ? EMPTY : await this.#objects.tree(before, { path });
      const fresh = await this.#objects.tree(after, { path });
      return old && fresh ? use(old, fresh) : null;
    });
    this.#alone = turn.catch(() => undefined);
    return turn;
  }

  #small(oid: Oid, path: string): Uint8Array | null | Promise<Uint8Array | null> {
    const known = this.#ring.get(oid) ?? this.#kept.get(oid);
    if (known !== undefined) return known;
    const found = this.#objects.tree(oid, { path });
    if (!(found instanceof Promise)) return found && found.byteLength <= RING_TREE_BYTES_MAX ? this.#putInRing(oid, found) : this.#keep(oid, found);
    const reading = found.then((bytes) => this.#keep(oid, bytes));
    this.#kept.set(oid, reading);
    return reading;
  }

  #putInRing(oid: Oid, bytes: Uint8Array): Uint8Array {
    this.#ring.put(oid, bytes);
    return bytes;
  }

  #keep(oid: Oid, bytes: Uint8Array | null): Uint8Array | null {
    if (bytes && bytes.byteLength > SMALL_BYTES_MAX) {
      this.#kept.set(oid, LARGE);
      return LARGE;
    }
    const size = sizeOf(bytes);
    // A copy where the bytes are part of a larger piece, which would stay with them.
    const kept = bytes && bytes.buffer.byteLength > bytes.byteLength ? Uint8Array.prototype.slice.call(bytes) : bytes;
    this.#kept.set(oid, kept);
    this.#keptBytes += size;
    if (this.#keptBytes > SHELF_BYTES_MAX) this.#clear();
    return kept;
  }

  // In steps, so that the oldest are not looked for each time.
  #clear(): void {
    for (const [oldest, bytes] of this.#kept) {
      if (this.#keptBytes <= SHELF_BYTES_MAX / 2) break;
      if (bytes instanceof Promise || bytes === LARGE) continue;
      this.#kept.delete(oldest);
      this.#keptBytes -= sizeOf(bytes);
    }
  }
}

const ownOf = (bytes: Uint8Array | null | Promise<Uint8Array | null>): Uint8Array | null | Promise<Uint8Array | null> => (bytes instanceof Promise || bytes === null || bytes === LARGE ? bytes : Uint8Array.prototype.slice.call(bytes));

const sizeOf = (bytes: Uint8Array | null): number => (bytes?.byteLength ?? 0) + ENTRY_BYTES;

// Stands for a tree that is too large to be kept.
const LARGE = new Uint8Array(1);
/** What the bookkeeping of one tree takes, roughly. */
const ENTRY_BYTES = 300;

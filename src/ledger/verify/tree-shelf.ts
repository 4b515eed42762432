import type { Oid } from '../../domain/ids.ts';
import type { ObjectCheck } from './read-object.ts';

const EMPTY = new Uint8Array();
/** Trees up to this size are kept for the next commit, which shares most of them. */
const SMALL_BYTES_MAX = 256 * 1024;
const SHELF_BYTES_MAX = 48 * 1024 * 1024;

interface Pair {
  readonly before: Oid | null;
  readonly after: Oid;
  readonly path: string;
}

/** Trees by id, the recent small ones kept. Of large ones, which only a hostile ledger has, there is one pair at a time. */
export class TreeShelf {
  readonly #objects: ObjectCheck;
  readonly #kept = new Map<Oid, Promise<Uint8Array | null>>();
  #keptBytes = 0;
  #alone: Promise<unknown> = Promise.resolve();

  constructor(objects: ObjectCheck) {
    this.#objects = objects;
  }

  /** Gives both trees to `use`; null when one of them cannot be read, which has been reported then. */
  async withPair<T>({ before, after, path }: Pair, use: (before: Uint8Array, after: Uint8Array) => T): Promise<T | null> {
    if (before === after) return null;
    const [old, fresh] = await Promise.all([before === null ? EMPTY : this.#small(before, path), this.#small(after, path)]);
    if (old === null || fresh === null) return null;
    if (old !== LARGE && fresh !== LARGE) return use(old, fresh);
    const turn = this.#alone.then(async () => {
      const pair = [before === null ? EMPTY : await this.#objects.tree(before, { path }), await this.#objects.tree(after, { path })];
      return pair[0] && pair[1] ? use(pair[0], pair[1]) : null;
    });
    this.#alone = turn.catch(() => undefined);
    return turn;
  }

  #small(oid: Oid, path: string): Promise<Uint8Array | null> {
    const known = this.#kept.get(oid);
    if (known) return known;
    const reading = this.#objects.tree(oid, { path }).then((bytes) => this.#keep(oid, bytes));
    this.#kept.set(oid, reading);
    return reading;
  }

  #keep(oid: Oid, bytes: Uint8Array | null): Uint8Array | null {
    if (bytes && bytes.byteLength > SMALL_BYTES_MAX) {
      this.#kept.set(oid, Promise.resolve(LARGE));
      return LARGE;
    }
    this.#keptBytes += (bytes?.byteLength ?? 0) + ENTRY_BYTES;
    this.#sizes.set(oid, (bytes?.byteLength ?? 0) + ENTRY_BYTES);
    for (const [oldest, size] of this.#sizes) {
      if (this.#keptBytes <= SHELF_BYTES_MAX) break;
      this.#sizes.delete(oldest);
      this.#kept.delete(oldest);
      this.#keptBytes -= size;
    }
    return bytes;
  }

  readonly #sizes = new Map<Oid, number>();
}

// Stands for a tree that is too large to be kept.
const LARGE = new Uint8Array(1);
/** What the bookkeeping of one tree takes, roughly. */
const ENTRY_BYTES = 300;

import type { FileMode } from '../domain/change-set.ts';
import type { Oid } from '../domain/ids.ts';
import type { ObjectReader, TreeEntry } from '../ports/objects.ts';
import { show } from './bytes.ts';
import { PatchFault } from './failure.ts';

/** What a tree holds at a path that is not a directory. */
export interface TreeFile {
  readonly mode: FileMode;
  readonly oid: Oid;
}

type Found = { readonly kind: 'file'; readonly file: TreeFile } | { readonly kind: 'directory' | 'none' } | { readonly kind: 'blocked'; readonly at: string; readonly mode: FileMode };

/** Looks paths (byte strings) up in one tree. */
export class BaseTree {
  readonly #root: Oid;
  readonly #objects: ObjectReader;
  readonly #indexed = new Map<Oid, Promise<ReadonlyMap<string, TreeEntry>>>();

  constructor(root: Oid, objects: ObjectReader) {
    this.#root = root;
    this.#objects = objects;
  }

  /** The file at `path`; refuses when there is none, when it is a directory, or when a symlink stands on the way. */
  async fileAt(path: string): Promise<TreeFile> {
    const found = await this.#find(path);
    if (found.kind === 'file') return found.file;
    if (found.kind === 'directory') throw new PatchFault('not-a-file', `${show(path)} is a directory in the base.`);
    if (found.kind === 'blocked' && found.mode === '120000') throw throughSymlink(path, found.at);
    throw new PatchFault('missing-in-base', `${show(path)} is not in the base. Check the path, and that the change was made at this base commit.`);
  }

  /**
   * Refuses when anything stands at `path`, or a symlink on the way to it that is not among the paths that `leave`.
   * What else stands on the way is judged when the result is written.
   */
  async assertFree(path: string, leave: ReadonlySet<string>): Promise<void> {
    const found = await this.#find(path);
    if (found.kind === 'blocked' && found.mode === '120000' && !leave.has(found.at)) throw throughSymlink(path, found.at);
    if (found.kind === 'file') throw new PatchFault('already-exists', `${show(path)} exists in the base already; change it instead of adding it.`);
  }

  async #find(path: string): Promise<Found> {
    const parts = path.split('/');
    let tree = this.#root;
    for (const [index, part] of parts.entries()) {
      const entry = (await this.#entries(tree)).get(part);
      if (entry === undefined) return { kind: 'none' };
      const isLast = index === parts.length - 1;
      if (entry.mode === '040000') {
        if (isLast) return { kind: 'directory' };
        tree = entry.oid;
      } else if (isLast) return { kind: 'file', file: { mode: entry.mode, oid: entry.oid } };
      else return { kind: 'blocked', at: parts.slice(0, index + 1).join('/'), mode: entry.mode };
    }
    return { kind: 'none' };
  }

  #entries(tree: Oid): Promise<ReadonlyMap<string, TreeEntry>> {
    const known = this.#indexed.get(tree);
    if (known !== undefined) return known;
    const entries = this.#objects.readTree(tree).then((list) => new Map(list.map((entry) => [entry.name, entry])));
    this.#indexed.set(tree, entries);
    return entries;
  }
}

export const throughSymlink = (path: string, link: string): PatchFault =>
  new PatchFault('through-symlink', `${show(path)} lies behind the symlink ${show(link)}; a change never goes through a symlink.`);

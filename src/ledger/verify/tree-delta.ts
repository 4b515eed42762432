import type { Oid } from '../../domain/ids.ts';
import type { ObjectReader, TreeEntry } from '../../ports/objects.ts';
import { readOrReport } from './history.ts';
import type { Report } from './problem.ts';

/** A file that a commit added. `path` holds the raw name bytes as latin1. */
export interface AddedFile {
  readonly path: string;
  readonly oid: Oid;
}

// `workflows/2026/11/22/wf-…/evidence/<hash>` has seven names; deeper trees belong to no ledger and are not entered.
const DEPTH_MAX = 7;
/** The most files that one commit may add: a tree that repeats itself can name more than any memory holds. */
const ADDED_MAX = 20_000;

/** What `tree` adds to `parent` (null: the empty tree). Only differing subtrees are read. Reports every change and removal. */
export async function readAddedFiles(objects: ObjectReader, trees: { readonly parent: Oid | null; readonly tree: Oid }, report: Report): Promise<readonly AddedFile[]> {
  const walk = new DeltaWalk(objects, report);
  await walk.compare(trees.parent, trees.tree, []);
  return walk.added;
}

class DeltaWalk {
  readonly added: AddedFile[] = [];
  readonly #objects: ObjectReader;
  readonly #report: Report;
  #full = false;

  constructor(objects: ObjectReader, report: Report) {
    this.#objects = objects;
    this.#report = report;
  }

  async compare(before: Oid | null, after: Oid, names: readonly string[]): Promise<void> {
    if (before === after) return;
    const old = new Map((await this.#entries(before, names)).map((entry) => [entry.name, entry]));
    for (const entry of await this.#entries(after, names)) {
      const known = old.get(entry.name);
      old.delete(entry.name);
      await this.#visit(entry, known, [...names, entry.name]);
    }
    for (const removed of old.values()) {
      const path = [...names, removed.name].join('/');
      this.#report('file-removed', `${path} was there before and was removed; a ledger only ever adds.`, placeOf(path), { expected: removed.oid, found: 'nothing' });
    }
  }

  async #visit(entry: TreeEntry, known: TreeEntry | undefined, names: readonly string[]): Promise<void> {
    const path = names.join('/');
    if (known && known.oid === entry.oid && known.mode === entry.mode) return;
    if (known && (known.mode !== '040000' || entry.mode !== '040000')) {
      this.#report('file-changed', `${path} was recorded before and was changed by a later commit; a ledger only ever adds.`, placeOf(path), {
        expected: `${known.mode} ${known.oid}`,
        found: `${entry.mode} ${entry.oid}`,
      });
      return;
    }
    if (entry.mode === '040000') return this.#enter(known?.oid ?? null, entry.oid, names);
    if (entry.mode !== '100644') {
      this.#report('file-mode', `${path} is not a plain file.`, placeOf(path), { expected: '100644', found: entry.mode });
      return;
    }
    if (this.added.length >= ADDED_MAX) return this.#stop();
    this.added.push({ path, oid: entry.oid });
  }

  async #enter(before: Oid | null, after: Oid, names: readonly string[]): Promise<void> {
    if (names.length >= DEPTH_MAX) {
      const path = names.join('/');
      this.#report('unexpected-path', `${path} is a folder where a ledger of this format has none.`, placeOf(path));
      return;
    }
    if (!this.#full) await this.compare(before, after, names);
  }

  async #entries(tree: Oid | null, names: readonly string[]): Promise<readonly TreeEntry[]> {
    if (tree === null) return [];
    return (await readOrReport(() => this.#objects.readTree(tree), this.#report, { what: 'tree', oid: tree, path: names.join('/') })) ?? [];
  }

  #stop(): void {
    if (!this.#full) this.#report('commit-too-large', `One commit adds more than ${ADDED_MAX} files; the rest of it was not checked.`, {}, { expected: `at most ${ADDED_MAX} files` });
    this.#full = true;
  }
}

const placeOf = (path: string) => ({ path });

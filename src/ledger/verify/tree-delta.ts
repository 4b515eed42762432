import type { Oid, WorkflowId } from '../../domain/ids.ts';
import { isLedgerFolder, workflowOfFolder } from './folders.ts';
import { isTreeMode, TreeCursor, type RawEntry } from './git-object.ts';
import type { Report } from './problem.ts';
import type { TreeShelf } from './tree-shelf.ts';

/** A file that a commit added. `path` holds the raw name bytes as latin1. */
export interface AddedFile {
  readonly path: string;
  readonly oid: Oid;
}

/** What was added. `workflows` are those whose folders differ; what is in them is for whoever checks their records to read. */
export interface TreeDelta {
  readonly added: readonly AddedFile[];
  readonly workflows: ReadonlyMap<WorkflowId, FolderChange>;
}

/** A workflow's folder before and after; null: it is new. */
export interface FolderChange {
  readonly before: Oid | null;
  readonly after: Oid;
}

/** The most files and folders that one commit may add: a tree that repeats itself can name more than any memory holds. */
export const ADDED_MAX = 20_000;

interface Pair {
  readonly before: Oid | null;
  readonly after: Oid;
}

interface Folder extends Pair {
  /** Where it is; the top folder when it is not given. */
  readonly names?: readonly string[];
  /** More than so many are not looked at. */
  readonly addedMax?: number;
}

/**
 * What `after` adds to `before` (null: the empty tree), two states of the folder of those `names`. Only differing folders are
 * read, and none of a workflow unless `names` is the workflow's. Reports every change and removal. Waits only for what is not at hand.
 */
export function readTreeDelta(shelf: TreeShelf, folder: Folder, report: Report): TreeDelta | Promise<TreeDelta> {
  const walk = new DeltaWalk(shelf, report, folder.addedMax ?? ADDED_MAX);
  const walking = walk.compare(folder, folder.names ?? []);
  return walking ? walking.then(() => walk) : walk;
}

interface Child extends Pair {
  readonly names: readonly string[];
}

// What both lists begin with was judged when the older one was new. Leaves `last` on the last such entry, and gives where `fresh` is then.
function skipEqual(old: TreeCursor, fresh: TreeCursor, last: TreeCursor): number {
  const [a, b] = [old.bytes, fresh.bytes];
  const length = Math.min(a.length, b.length);
  let same = 0;
  while (same < length && a[same] === b[same]) same++;
  let start = -1;
  while (!fresh.isDone && !fresh.isCutOff && fresh.end <= same) {
    start = fresh.start;
    fresh.next();
  }
  if (start < 0) return 0;
  last.moveTo(start);
  old.moveTo(fresh.start);
  return start;
}

class DeltaWalk implements TreeDelta {
  readonly added: AddedFile[] = [];
  readonly workflows = new Map<WorkflowId, FolderChange>();
  readonly #shelf: TreeShelf;
  readonly #report: Report;
  readonly #addedMax: number;
  #visited = 0;

  constructor(shelf: TreeShelf, report: Report, addedMax: number) {
    this.#shelf = shelf;
    this.#report = report;
    this.#addedMax = addedMax;
  }

  compare({ before, after }: Pair, names: readonly string[]): void | Promise<void> {
    const reading = this.#shelf.withPair({ before, after, path: names.join('/') }, (old, fresh) => this.#merge(old, fresh, names));
    return reading instanceof Promise ? reading.then(async (children) => this.#descend(children ?? [])) : this.#descend(reading ?? []);
  }

  #descend(children: readonly Child[], from = 0): void | Promise<void> {
    for (let index = from; index < children.length; index++) {
      const child = children[index];
      if (!child) continue;
      const { before, after, names } = child;
      const workflow = workflowOfFolder(names);
      if (workflow !== null) this.workflows.set(workflow, { before, after });
      const walking = workflow === null ? this.compare(child, names) : undefined;
      if (walking) return walking.then(async () => this.#descend(children, index + 1));
    }
  }

  // Both lists are in git's order: entries that are equal byte for byte are passed over without being decoded.
  #merge(oldBytes: Uint8Array, newBytes: Uint8Array, names: readonly string[]): readonly Child[] {
    const children: Child[] = [];
    const old = new TreeCursor(oldBytes);
    const fresh = new TreeCursor(newBytes);
    const before = new TreeCursor(newBytes);
    if (fresh.isDone) this.#unexpected(names, 'an empty folder');
    let judged = skipEqual(old, fresh, before);
    while (!fresh.isDone && !fresh.isCutOff && !old.isCutOff) {
      if (fresh.start > judged) {
        judged = fresh.start;
        if (before.compareName(fresh) >= 0) this.#disordered([...names, fresh.read().name].join('/'));
      }
      const order = old.isDone ? -1 : fresh.sameName(old) ? 0 : fresh.compareName(old);
      if (order > 0) {
        this.#removed(names, old);
        continue;
      }
      if (order < 0) this.#visit(fresh.read(), null, { names, children });
      else {
        if (!fresh.equals(old)) this.#visit(fresh.read(), old, { names, children });
        old.next();
      }
      if (judged > 0) before.next();
      fresh.next();
    }
    if (fresh.isCutOff) this.#cutOff(names);
    while (!fresh.isCutOff && !old.isDone && !old.isCutOff) this.#removed(names, old);
    return children;
  }

  #visit(entry: RawEntry, known: Pick<RawEntry, 'mode' | 'oid'> | null, { names, children }: { readonly names: readonly string[]; readonly children: Child[] }): void {
    const inner = [...names, entry.name];
    const path = inner.join('/');
    const isFolder = isTreeMode(entry.mode);
    if (known && !(isFolder && isTreeMode(known.mode))) {
      this.#report('file-changed', `${path} was recorded before and was changed by a later commit; a ledger only ever adds.`, { path }, { expected: `${known.mode} ${known.oid}`, found: `${entry.mode} ${entry.oid}` });
    } else if (this.#isFull()) return;
    else if (isFolder && !isLedgerFolder(inner)) this.#unexpected(inner, 'a folder');
    else if (isFolder) children.push({ before: known?.oid ?? null, after: entry.oid, names: inner });
    else if (entry.mode !== '100644') this.#report('file-mode', `${path} is not a plain file.`, { path }, { expected: '100644', found: entry.mode });
    else this.added.push({ path, oid: entry.oid });
  }

  #removed(names: readonly string[], old: TreeCursor): void {
    const { name, oid } = old.read();
    const path = [...names, name].join('/');
    this.#report('file-removed', `${path} was there before and was removed; a ledger only ever adds.`, { path }, { expected: oid, found: 'nothing' });
    old.next();
  }

  #unexpected(names: readonly string[], what: string): void {
    const path = names.join('/');
    this.#report('unexpected-path', `${path === '' ? 'The top' : path} is ${what} where a ledger of this format has none.`, { path });
  }

  #disordered(path: string): void {
    this.#report('tree-malformed', `${path} stands twice in its folder, or not where git sorts it.`, { path }, { expected: "names once each, in git's order" });
  }

  #cutOff(names: readonly string[]): void {
    const path = names.join('/');
    this.#report('tree-malformed', `The list of files of ${path === '' ? 'the top folder' : path} is cut off.`, { path }, { expected: 'whole entries' });
  }

  #isFull(): boolean {
    this.#visited++;
    if (this.#visited === this.#addedMax + 1) this.#report('commit-too-large', `One commit adds more than ${ADDED_MAX} files; the rest of it was not checked.`, {}, { expected: `at most ${ADDED_MAX} files` });
    return this.#visited > this.#addedMax;
  }
}

import type { Oid, WorkflowId } from '../../domain/ids.ts';
import { isLedgerFolder, WORKFLOW_DEPTH, workflowOfFolder, type FolderName } from './folders.ts';
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
  /** The workflow's folder that it is; the top folder when it is not given. */
  readonly workflow?: string;
  /** More than so many are not looked at. */
  readonly addedMax?: number;
}

/**
 * What `after` adds to `before` (null: the empty tree), two states of the top folder, or of a workflow's. Only differing folders
 * are read, and none of a workflow unless it is the one asked about. Reports every change and removal. Waits only for what is not at hand.
 */
export function readTreeDelta(shelf: TreeShelf, { before, after, workflow, addedMax }: Folder, report: Report): TreeDelta | Promise<TreeDelta> {
  const walk = new DeltaWalk(shelf, report, addedMax ?? ADDED_MAX);
  const walking = walk.compare({ before, after, path: workflow ?? '', name: '', depth: workflow === undefined ? 0 : WORKFLOW_DEPTH });
  return walking ? walking.then(() => walk) : walk;
}

/** Two states of one folder. `path` is empty for the top. */
interface Child extends Pair, FolderName {}

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

// How many bytes both lists end with, at most so many. What both end with was judged when the older one was new, from the first entry
// on that begins in it.
function countEqualEnd(a: Uint8Array, b: Uint8Array, max: number): number {
  const [i, j] = [a.length - 1, b.length - 1];
  let same = 0;
  while (same < max && a[i - same] === b[j - same]) same++;
  return same;
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

  compare(folder: Child): void | Promise<void> {
    const reading = this.#shelf.withPair(folder, (old, fresh) => this.#merge(old, fresh, folder));
    return reading instanceof Promise ? reading.then(async (children) => this.#descend(children ?? [])) : this.#descend(reading ?? []);
  }

  #descend(children: readonly Child[], from = 0): void | Promise<void> {
    for (let index = from; index < children.length; index++) {
      const child = children[index];
      if (!child) continue;
      const { before, after } = child;
      const workflow = workflowOfFolder(child);
      if (workflow !== null) this.workflows.set(workflow, { before, after });
      const walking = workflow === null ? this.compare(child) : undefined;
      if (walking) return walking.then(async () => this.#descend(children, index + 1));
    }
  }

  // Both lists are in git's order: entries that are equal byte for byte are passed over without being decoded.
  #merge(oldBytes: Uint8Array, newBytes: Uint8Array, folder: Child): readonly Child[] {
    const children: Child[] = [];
    const inside = folder.path === '' ? '' : `${folder.path}/`;
    const old = new TreeCursor(oldBytes);
    const fresh = new TreeCursor(newBytes);
    const before = new TreeCursor(newBytes);
    if (fresh.isDone) this.#unexpected(folder.path, 'an empty folder');
    let judged = skipEqual(old, fresh, before);
    const equalEnd = countEqualEnd(oldBytes, newBytes, Math.min(oldBytes.length - old.start, newBytes.length - fresh.start));
    while (!fresh.isDone && !fresh.isCutOff && !old.isCutOff) {
      if (fresh.start > judged) {
        judged = fresh.start;
        if (before.compareName(fresh) >= 0) this.#disordered(inside + fresh.name);
      }
      const rest = newBytes.length - fresh.start;
      if (rest <= equalEnd && rest === oldBytes.length - old.start) return children;
      const order = old.isDone ? -1 : fresh.sameName(old) ? 0 : fresh.compareName(old);
      if (order > 0) {
        this.#removed(inside, old);
        continue;
      }
      if (order < 0) this.#visit(fresh.read(), null, { folder, inside, children });
      else {
        if (!fresh.equals(old)) this.#visit(fresh.read(), old, { folder, inside, children });
        old.next();
      }
      if (judged > 0) before.next();
      fresh.next();
    }
    if (fresh.isCutOff) this.#cutOff(folder.path);
    while (!fresh.isCutOff && !old.isDone && !old.isCutOff) this.#removed(inside, old);
    return children;
  }

  #visit({ name, mode, oid }: RawEntry, known: Pick<RawEntry, 'mode' | 'oid'> | null, { folder, inside, children }: { readonly folder: Child; readonly inside: string; readonly children: Child[] }): void {
    const path = inside + name;
    if (known && !(isTreeMode(mode) && isTreeMode(known.mode))) {
      this.#report('file-changed', `${path} was recorded before and was changed by a later commit; a ledger only ever adds.`, { path }, { expected: `${known.mode} ${known.oid}`, found: `${mode} ${oid}` });
    } else if (this.#isFull()) return;
    else if (isTreeMode(mode)) {
      const child = { before: known?.oid ?? null, after: oid, path, name, depth: folder.depth + 1 };
      if (isLedgerFolder(child)) children.push(child);
      else this.#unexpected(path, 'a folder');
    } else if (mode !== '100644') this.#report('file-mode', `${path} is not a plain file.`, { path }, { expected: '100644', found: mode });
    else this.added.push({ path, oid });
  }

  #removed(inside: string, old: TreeCursor): void {
    const { name, oid } = old.read();
    const path = inside + name;
    this.#report('file-removed', `${path} was there before and was removed; a ledger only ever adds.`, { path }, { expected: oid, found: 'nothing' });
    old.next();
  }

  #unexpected(path: string, what: string): void {
    this.#report('unexpected-path', `${path === '' ? 'The top' : path} is ${what} where a ledger of this format has none.`, { path });
  }

  #disordered(path: string): void {
    this.#report('tree-malformed', `${path} stands twice in its folder, or not where git sorts it.`, { path }, { expected: "names once each, in git's order" });
  }

  #cutOff(path: string): void {
    this.#report('tree-malformed', `The list of files of ${path === '' ? 'the top folder' : path} is cut off.`, { path }, { expected: 'whole entries' });
  }

  #isFull(): boolean {
    this.#visited++;
    if (this.#visited === this.#addedMax + 1) this.#report('commit-too-large', `One commit adds more than ${ADDED_MAX} files; the rest of it was not checked.`, {}, { expected: `at most ${ADDED_MAX} files` });
    return this.#visited > this.#addedMax;
  }
}

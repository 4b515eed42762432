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

/** What a commit added. `workflows` are those whose folder it touched, each with the folder's tree before; null: it is new. */
export interface TreeDelta {
  readonly added: readonly AddedFile[];
  readonly workflows: ReadonlyMap<WorkflowId, Oid | null>;
}

/** The most files and folders that one commit may add: a tree that repeats itself can name more than any memory holds. */
const ADDED_MAX = 20_000;

interface Pair {
  readonly before: Oid | null;
  readonly after: Oid;
}

/**
 * What `after` adds to `before` (null: the empty tree), two states of the folder of those `names`. Only differing folders are
 * read. Reports every change and removal.
 */
export async function readTreeDelta(shelf: TreeShelf, trees: Pair & { readonly names?: readonly string[] }, report: Report): Promise<TreeDelta> {
  const walk = new DeltaWalk(shelf, report);
  await walk.compare(trees, trees.names ?? []);
  return walk;
}

interface Child extends Pair {
  readonly names: readonly string[];
}

class DeltaWalk implements TreeDelta {
  readonly added: AddedFile[] = [];
  readonly workflows = new Map<WorkflowId, Oid | null>();
  readonly #shelf: TreeShelf;
  readonly #report: Report;
  #visited = 0;

  constructor(shelf: TreeShelf, report: Report) {
    this.#shelf = shelf;
    this.#report = report;
  }

  async compare({ before, after }: Pair, names: readonly string[]): Promise<void> {
    const path = names.join('/');
    const reading = this.#shelf.withPair({ before, after, path }, (old, fresh) => this.#merge(old, fresh, names));
    const children = reading instanceof Promise ? await reading : reading;
    for (const child of children ?? []) {
      const workflow = workflowOfFolder(child.names);
      if (workflow !== null) this.workflows.set(workflow, child.before);
      await this.compare(child, child.names);
    }
  }

  // Both lists are in git's order: entries that are equal byte for byte are passed over without being decoded.
  #merge(oldBytes: Uint8Array, newBytes: Uint8Array, names: readonly string[]): readonly Child[] {
    const children: Child[] = [];
    const old = new TreeCursor(oldBytes);
    const fresh = new TreeCursor(newBytes);
    const before = new TreeCursor(newBytes);
    if (fresh.isDone) this.#unexpected(names, 'an empty folder');
    let judged = 0;
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
        if (!fresh.equals(old)) this.#visit(fresh.read(), old.read(), { names, children });
        old.next();
      }
      if (judged > 0) before.next();
      fresh.next();
    }
    if (fresh.isCutOff) this.#cutOff(names);
    while (!fresh.isCutOff && !old.isDone && !old.isCutOff) this.#removed(names, old);
    return children;
  }

  #visit(entry: RawEntry, known: RawEntry | null, { names, children }: { readonly names: readonly string[]; readonly children: Child[] }): void {
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
    if (this.#visited === ADDED_MAX + 1) this.#report('commit-too-large', `One commit adds more than ${ADDED_MAX} files; the rest of it was not checked.`, {}, { expected: `at most ${ADDED_MAX} files` });
    return this.#visited > ADDED_MAX;
  }
}

import type { Oid, WorkflowId } from '../../domain/ids.ts';
import { EVENT_BYTES_MAX, EVIDENCE_BYTES_MAX } from '../codec.ts';
import { parseLedgerPath, type LedgerPath } from '../layout.ts';
import type { Report } from './problem.ts';
import type { Commit, FileContent, FileRequest, ObjectCheck } from './read-object.ts';
import { ADDED_MAX, readTreeDelta, type AddedFile, type FolderChange, type TreeDelta } from './tree-delta.ts';
import type { TreeShelf } from './tree-shelf.ts';

/** A file that a commit added, with what its path says, and how to read it. */
export interface LedgerAddition<P extends LedgerPath = LedgerPath> {
  readonly path: string;
  readonly oid: Oid;
  readonly meaning: P;
  /** May be called once. */
  readonly take: () => FileContent | Promise<FileContent>;
  readonly request: FileRequest;
}

/** What one commit did to the folder of one workflow. */
export interface WorkflowChange extends FolderChange {
  readonly workflow: WorkflowId;
  /** More files than this are not looked at. */
  readonly addedMax: number;
}

/** One commit with what it added to the one before it in the list. */
export interface Change {
  readonly oid: Oid;
  /** Null when it cannot be read: then it adds nothing. */
  readonly commit: Commit | null;
  /** What it added outside the folders of workflows. */
  readonly additions: readonly LedgerAddition[];
  readonly workflows: readonly WorkflowChange[];
}

/** Commits whose objects are asked for before the first of them is needed. */
const COMMITS_AHEAD = 128;

/** The most bytes that a file may have, by what it is. */
export const bytesMaxOf = ({ kind }: LedgerPath): number => (kind === 'evidence' ? EVIDENCE_BYTES_MAX : EVENT_BYTES_MAX);

/** What an added file is, to be read when it is taken; nothing for a path of no ledger, which is reported. */
export function additionOf({ path, oid }: AddedFile, objects: ObjectCheck, report: Report): readonly LedgerAddition[] {
  const meaning = parseLedgerPath(path);
  if (meaning) return [toAddition({ path, oid }, meaning, objects)];
  reportUnexpected({ path, oid }, report);
  return [];
}

export function reportUnexpected({ path }: AddedFile, report: Report): void {
  report('unexpected-path', `${path} is no path of a ledger of this format.`, { path });
}

/** The same for a file whose path was read before. */
export function toAddition({ path, oid }: AddedFile, meaning: LedgerPath, objects: ObjectCheck): LedgerAddition {
  const place = { path, ...('workflow' in meaning ? { workflow: meaning.workflow } : {}), ...('seq' in meaning ? { seq: meaning.seq } : {}) };
  const request = { oid, bytesMax: bytesMaxOf(meaning), place };
  return { path, oid, meaning, request, take: () => objects.file(request) };
}

type Later<T> = T | Promise<T>;

export interface ChangeReaderOptions {
  readonly report: Report;
  /** Told of each change as soon as it is known, before its turn. */
  readonly prepare: (change: WorkflowChange) => void;
}

/** Reads what each commit added, in the order of the history; where objects take their time, several commits ahead of the one given out. */
export class ChangeReader {
  readonly #objects: ObjectCheck;
  readonly #shelf: TreeShelf;
  readonly #options: ChangeReaderOptions;

  constructor(objects: ObjectCheck, shelf: TreeShelf, options: ChangeReaderOptions) {
    this.#objects = objects;
    this.#shelf = shelf;
    this.#options = options;
  }

  /** Commits in the history were read and hashed before; ids were not. `base`: the commit before the first, when there is one whose files are known already. */
  async *read(history: AsyncIterable<Oid | Commit>, base: Commit | null): AsyncGenerator<Change> {
    const ahead: Promise<Change>[] = [];
    let before: Later<Commit | null> = base;
    for await (const next of history) {
      const [oid, commit] = typeof next === 'string' ? [next, this.#objects.commit(next)] : [next.oid, next];
      const change = this.#readOne(oid, commit, before);
      before = commit instanceof Promise || commit === null ? last(commit, before) : commit;
      if (ahead.length === 0 && !(change instanceof Promise)) {
        yield change;
        continue;
      }
      ahead.push(wait(change));
      const first = ahead.length > COMMITS_AHEAD ? ahead.shift() : undefined;
      if (first) yield await first;
    }
    for (const change of ahead) yield await change;
  }

  #readOne(oid: Oid, commit: Later<Commit | null>, before: Later<Commit | null>): Later<Change> {
    if (commit instanceof Promise || before instanceof Promise) return Promise.all([commit, before]).then(async ([read, parent]) => this.#compare(oid, read, parent));
    return this.#compare(oid, commit, before);
  }

  #compare(oid: Oid, commit: Commit | null, parent: Commit | null): Later<Change> {
    if (!commit) return { oid, commit, additions: [], workflows: [] };
    // Where history is cut, everything would look new: what the first commit holds is taken as it is.
    const before = parent?.tree ?? (commit.parents.length > 0 ? commit.tree : null);
    const delta = readTreeDelta(this.#shelf, { before, after: commit.tree }, this.#options.report);
    return delta instanceof Promise ? delta.then((read) => this.#toChange(commit, read)) : this.#toChange(commit, delta);
  }

  #toChange(commit: Commit, { added, workflows: folders }: TreeDelta): Change {
    const addedMax = Math.floor(ADDED_MAX / Math.max(1, folders.size));
    const workflows = Array.from(folders, ([workflow, folder]) => ({ workflow, ...folder, addedMax }));
    for (const change of workflows) this.#options.prepare(change);
    return { oid: commit.oid, commit, additions: added.flatMap((file) => additionOf(file, this.#objects, this.#options.report)), workflows };
  }
}

// Whoever waits for it hears of its failure.
function wait(change: Later<Change>): Promise<Change> {
  const waiting = Promise.resolve(change);
  waiting.catch(() => undefined);
  return waiting;
}

/** The last commit that could be read. */
async function last(commit: Later<Commit | null>, before: Later<Commit | null>): Promise<Commit | null> {
  return (await commit) ?? before;
}

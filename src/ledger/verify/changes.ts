import type { Oid } from '../../domain/ids.ts';
import { EVENT_BYTES_MAX, EVIDENCE_BYTES_MAX } from '../codec.ts';
import { parseLedgerPath, type LedgerPath } from '../layout.ts';
import type { Report } from './problem.ts';
import type { Commit, FileContent, FileRequest, ObjectCheck } from './read-object.ts';
import { readTreeDelta, type AddedFile, type TreeDelta } from './tree-delta.ts';
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

/** One commit with what it added to the one before it in the list. */
export interface Change {
  readonly oid: Oid;
  /** Null when it cannot be read: then it adds nothing. */
  readonly commit: Commit | null;
  readonly delta: TreeDelta;
  readonly additions: readonly LedgerAddition[];
}

/** Commits whose objects are asked for before the first of them is needed. */
const COMMITS_AHEAD = 128;
/** Bytes of files kept for commits whose turn has not come; what comes beyond is read again then. */
const BYTES_AHEAD = 64 * 1024 * 1024;
/** A commit of more files is hostile, or very large: its files are read one after the other. */
const FILES_AT_ONCE = 500;

/** The most bytes that a file may have, by what it is. */
export const bytesMaxOf = ({ kind }: LedgerPath): number => (kind === 'evidence' ? EVIDENCE_BYTES_MAX : EVENT_BYTES_MAX);

/** What an added file is, to be read when it is taken; nothing for a path of no ledger, which is reported. */
export function additionOf({ path, oid }: AddedFile, objects: ObjectCheck, report: Report): readonly LedgerAddition[] {
  const meaning = parseLedgerPath(path);
  if (!meaning) {
    report('unexpected-path', `${path} is no path of a ledger of this format.`, { path });
    return [];
  }
  const place = { path, ...('workflow' in meaning ? { workflow: meaning.workflow } : {}), ...('seq' in meaning ? { seq: meaning.seq } : {}) };
  const request = { oid, bytesMax: bytesMaxOf(meaning), place };
  return [{ path, oid, meaning, request, take: () => objects.file(request) }];
}

/** Reads what each commit added, in the order of `ids`, several commits ahead of the one that is given out. */
export class ChangeReader {
  readonly #objects: ObjectCheck;
  readonly #shelf: TreeShelf;
  readonly #report: Report;
  readonly #readsFiles: boolean;
  readonly #ahead: FilesAhead;

  /** `readsFiles`: files are read ahead too, for whoever takes them in this thread. */
  constructor(objects: ObjectCheck, shelf: TreeShelf, { report, readsFiles }: { readonly report: Report; readonly readsFiles: boolean }) {
    this.#readsFiles = readsFiles;
    this.#objects = objects;
    this.#ahead = new FilesAhead(objects);
    this.#shelf = shelf;
    this.#report = report;
  }

  /** `base`: the commit before the first, when there is one whose files are known already. */
  async *read(ids: AsyncIterable<Oid>, base: Commit | null): AsyncGenerator<Change> {
    const ahead: Promise<Change>[] = [];
    let before: Promise<Commit | null> = Promise.resolve(base);
    for await (const oid of ids) {
      const commit = this.#objects.commit(oid);
      const change = this.#readOne(oid, { commit, before });
      change.catch(() => undefined); // Whoever waits for it hears of it.
      ahead.push(change);
      before = commit.then(async (read) => read ?? (await before));
      const first = ahead.length > COMMITS_AHEAD ? ahead.shift() : undefined;
      if (first) yield await first;
    }
    for (const change of ahead) yield await change;
  }

  async #readOne(oid: Oid, { commit, before }: { readonly commit: Promise<Commit | null>; readonly before: Promise<Commit | null> }): Promise<Change> {
    const read = await commit;
    const parent = await before;
    if (!read) return { oid, commit: null, delta: NOTHING, additions: [] };
    // Where history is cut, everything would look new: what the first commit holds is taken as it is.
    const tree = parent?.tree ?? (read.parents.length > 0 ? read.tree : null);
    const delta = await readTreeDelta(this.#shelf, { before: tree, after: read.tree }, this.#report);
    const additions = delta.added.flatMap((file) => additionOf(file, this.#objects, this.#report));
    return { oid, commit: read, delta, additions: this.#readsFiles ? await this.#ahead.read(additions) : additions };
  }
}

/** Reads files before their turn, as long as what waits fits into memory. */
export class FilesAhead {
  readonly #objects: ObjectCheck;
  #bytes = 0;

  constructor(objects: ObjectCheck) {
    this.#objects = objects;
  }

  /** The additions, read already where there was room. */
  async read(additions: readonly LedgerAddition[]): Promise<readonly LedgerAddition[]> {
    if (this.#bytes >= BYTES_AHEAD || additions.length > FILES_AT_ONCE) return additions;
    const contents = await this.#objects.files(additions.map(({ request }) => request));
    return additions.map((addition, index) => this.#keep(addition, contents[index] ?? null));
  }

  #keep(addition: LedgerAddition, content: FileContent): LedgerAddition {
    const size = content instanceof Uint8Array ? content.byteLength : 0;
    if (this.#bytes + size > BYTES_AHEAD) return addition;
    this.#bytes += size;
    const { path, oid, meaning, request } = addition;
    const take = (): FileContent => {
      this.#bytes -= size;
      return content;
    };
    return { path, oid, meaning, request, take };
  }
}

const NOTHING: TreeDelta = { added: [], workflows: new Map() };

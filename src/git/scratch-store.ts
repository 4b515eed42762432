import { inputError, outsideError, type CountersignError } from '../domain/errors.ts';
import { isOid, type Oid } from '../domain/ids.ts';
import type { DeepEntry, ScratchStore, TreeEntry } from '../ports/objects.ts';
import { BatchReader, type RawObject } from './batch-reader.ts';
import { gitReason, runGit, type GitOutput } from './git-process.ts';
import { listTree } from './list-tree.ts';
import { locateRepository, type RepositoryPlace } from './locate-repository.ts';
import { frameObject, hashObject, parseCommit, parseTree, serialiseTree, type ObjectType } from './object-codec.ts';
import { readObjectSizes } from './object-sizes.ts';
import { createScratchRepository, type ScratchRepository } from './scratch-repository.ts';

/** Parsed trees kept for reading again; the oldest go first. */
const MAX_CACHED_TREES = 20_000;

/** A repository opened for reading, which several scratch stores may share. */
export interface SourceRepository {
  /** The object with that id; rejects with `missing-object` or `wrong-object-type`. */
  read(oid: Oid, type: ObjectType): Promise<Buffer>;
  readTree(oid: Oid): Promise<readonly TreeEntry[]>;
  readSizes(oids: readonly Oid[]): Promise<ReadonlyMap<Oid, number>>;
  listTree(oid: Oid): Promise<readonly DeepEntry[] | null>;
  /** A repository of our own over the same objects, for a git process of its own. */
  createScratch(): Promise<ScratchRepository>;
  close(): Promise<void>;
}

/**
 * Opens `gitDir` (work tree, `.git` directory or bare repository) for reading. git never runs inside it: it runs in
 * an empty repository beside it that borrows its objects. So no configuration, hook, attribute, replace ref or
 * promisor of that repository counts.
 */
export async function openSourceRepository(gitDir: string, known?: RepositoryPlace): Promise<SourceRepository> {
  const place = known ?? (await locateRepository(gitDir));
  const scratch = await createScratchRepository(place.objects);
  const reader = new BatchReader(scratch.directory);
  const trees = new Map<Oid, readonly TreeEntry[]>();
  const read = async (oid: Oid, type: ObjectType): Promise<Buffer> => contentOf(await reader.read(oid), oid, { type, gitDir });
  return {
    read,
    async readTree(oid) {
      const known = trees.get(oid);
      if (known !== undefined) return known;
      const entries = parseTree(await read(oid, 'tree'), oid);
      const oldest = trees.size >= MAX_CACHED_TREES ? trees.keys().next().value : undefined;
      if (oldest !== undefined) trees.delete(oldest);
      trees.set(oid, entries);
      return entries;
    },
    readSizes: (oids) => readObjectSizes(scratch.directory, oids),
    listTree: (oid) => listTree(scratch.directory, oid),
    createScratch: () => createScratchRepository(place.objects),
    async close() {
      reader.close();
      await scratch.remove();
    },
  };
}

function contentOf(object: RawObject | null, oid: Oid, wanted: { type: ObjectType; gitDir: string }): Buffer {
  if (object === null) {
    throw inputError(`missing-${wanted.type}`, `The ${wanted.type} ${oid} is not in ${wanted.gitDir}, or cannot be read there. Fetch it, or give another one.`);
  }
  if (object.type !== wanted.type) throw inputError('wrong-object-type', `The object ${oid} is a ${object.type}, not a ${wanted.type}. Give the id of a ${wanted.type}.`);
  return object.content;
}

/** A scratch store over a repository on this machine. */
export interface RepositoryStore extends ScratchStore {
  /** Begins the next `listTree` ahead, by the commit whose tree it will be: git lists while this process does something else. */
  expectTreeOf(commit: Oid): void;
}

/** Opens a scratch store over a repository that it never changes; `shared` keeps one open for many stores, `place` says where it lies if that is known. */
export async function openScratchStore({ gitDir, shared, place }: { readonly gitDir: string; readonly shared?: SourceRepository; readonly place?: RepositoryPlace }): Promise<RepositoryStore> {
  const source = shared ?? (await openSourceRepository(gitDir, place));
  return new MemoryStore(source, shared === undefined);
}

/** With 128 git says that it cannot read an object, unless the machine is at its end. */
function notCompared(message: string, { code, stderr }: GitOutput): CountersignError {
  if (code !== 128 || /out of memory|no space left|too many open files|cannot allocate/iu.test(stderr)) return outsideError('git-failed', message);
  return outsideError('unreadable-object', `${message} Fetch what is missing, or run git fsck in that repository.`);
}

class MemoryStore implements RepositoryStore {
  readonly #source: SourceRepository;
  readonly #ownsSource: boolean;
  readonly #objects = new Map<Oid, { readonly type: ObjectType; readonly content: Buffer }>();
  readonly #onDisk = new Set<Oid>();
  /** `tree`: null until the commit has been read. */
  #ahead: { readonly commit: Oid; readonly tree: Oid | null; readonly listing: Promise<readonly DeepEntry[] | null> } | null = null;
  #scratch: Promise<ScratchRepository> | null = null;
  #flushed: Promise<void> = Promise.resolve();
  #closing: Promise<void> | null = null;

  constructor(source: SourceRepository, ownsSource: boolean) {
    this.#source = source;
    this.#ownsSource = ownsSource;
  }

  async readBlob(oid: Oid): Promise<Uint8Array> {
    return this.#own(oid, 'blob') ?? (await this.#source.read(oid, 'blob'));
  }

  async readSizes(oids: readonly Oid[]): Promise<ReadonlyMap<Oid, number>> {
    const sizes = new Map(await this.#source.readSizes(oids.filter((oid) => !this.#objects.has(oid))));
    for (const oid of oids) {
      const own = this.#objects.get(oid);
      if (own !== undefined) sizes.set(oid, own.content.length);
    }
    return sizes;
  }

  async readTree(oid: Oid): Promise<readonly TreeEntry[]> {
    const own = this.#own(oid, 'tree');
    return own === null ? this.#source.readTree(oid) : parseTree(own, oid);
  }

  expectTreeOf(commit: Oid): void {
    const listing = this.#source.listTree(commit);
    listing.catch(() => undefined); // Whoever takes it is told.
    this.#ahead = { commit, tree: null, listing };
  }

  listTree(oid: Oid): Promise<readonly DeepEntry[] | null> {
    // git sees nothing of what is only in memory.
    if (this.#objects.size > 0) return Promise.resolve(null);
    const ahead = this.#ahead;
    this.#ahead = null;
    return ahead?.tree === oid ? ahead.listing : this.#source.listTree(oid);
  }

  async readCommit(oid: Oid): Promise<{ readonly tree: Oid; readonly parents: readonly Oid[]; readonly message: string }> {
    const commit = parseCommit(await this.#source.read(oid, 'commit'), oid);
    if (this.#ahead?.commit === oid) this.#ahead = { ...this.#ahead, tree: commit.tree };
    return commit;
  }

  writeBlob(bytes: Uint8Array): Promise<Oid> {
    return Promise.resolve(this.#keep('blob', Buffer.from(bytes)));
  }

  async writeTree(entries: readonly TreeEntry[]): Promise<Oid> {
    return this.#keep('tree', serialiseTree(entries));
  }

  async diffTrees(oldTree: Oid, newTree: Oid): Promise<Uint8Array> {
    for (const tree of [oldTree, newTree]) if (!isOid(tree)) throw inputError('bad-object-id', `${JSON.stringify(tree)} is not a git object id.`);
    const scratch = await (this.#scratch ??= this.#source.createScratch());
    // One after the other: git must never see an object that another call is still writing.
    const flushed = this.#flushed.then(() => this.#flush(scratch));
    this.#flushed = flushed.catch(() => undefined);
    await flushed;
    const args = ['--git-dir=.', 'diff-tree', '-p', '--binary', '--full-index', '-M', '--no-color', '--no-ext-diff', '--no-textconv', oldTree, newTree, '--'];
    const output = await runGit({ args, cwd: scratch.directory });
    if (output.code !== 0) throw notCompared(`git could not compare the trees ${oldTree} and ${newTree}: ${gitReason(output.stderr)}.`, output);
    return output.stdout;
  }

  close(): Promise<void> {
    this.#closing ??= this.#release();
    return this.#closing;
  }

  #own(oid: Oid, type: ObjectType): Buffer | null {
    const object = this.#objects.get(oid);
    return object?.type === type ? object.content : null;
  }

  #keep(type: ObjectType, content: Buffer): Oid {
    const oid = hashObject(type, content);
    this.#objects.set(oid, { type, content });
    return oid;
  }

  async #flush(scratch: ScratchRepository): Promise<void> {
    for (const [oid, { type, content }] of this.#objects) {
      if (this.#onDisk.has(oid)) continue;
      await scratch.writeLoose(oid, frameObject(type, content));
      this.#onDisk.add(oid);
    }
  }

  async #release(): Promise<void> {
    const scratch = await this.#scratch;
    await scratch?.remove();
    if (this.#ownsSource) await this.#source.close();
    this.#objects.clear();
  }
}

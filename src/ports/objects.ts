import type { FileMode } from '../domain/change-set.ts';
import type { Oid } from '../domain/ids.ts';

/** One entry of a git tree. `name` is the raw name bytes decoded as latin1, so that no byte is ever lost. */
export interface TreeEntry {
  readonly mode: FileMode | '040000';
  readonly name: string;
  readonly oid: Oid;
}

/** One entry anywhere below a tree. */
export interface DeepEntry {
  readonly mode: TreeEntry['mode'];
  /** Raw bytes decoded as latin1. */
  readonly path: string;
  readonly oid: Oid;
  /** Bytes of a blob that is there. */
  readonly bytes: number | null;
}

/** Reads git objects by id. Every method rejects with a `CountersignError` when the object is missing or of another type. */
export interface ObjectReader {
  readBlob(oid: Oid): Promise<Uint8Array>;
  /** Bytes of each object that is there, without reading any of them. */
  readSizes(oids: readonly Oid[]): Promise<ReadonlyMap<Oid, number>>;
  readTree(oid: Oid): Promise<readonly TreeEntry[]>;
  /** Everything below a tree in one go, where there is such a way; null when only reading tree after tree can tell. */
  listTree?(oid: Oid): Promise<readonly DeepEntry[] | null>;
  readCommit(oid: Oid): Promise<{ readonly tree: Oid; readonly parents: readonly Oid[]; readonly message: string }>;
}

/** A place where new objects can be made without touching the repository that is read. */
export interface ScratchStore extends ObjectReader {
  writeBlob(bytes: Uint8Array): Promise<Oid>;
  /** Sorts the entries as git does; refuses `.git`, `.`, `..`, empty names, `/` and NUL. */
  writeTree(entries: readonly TreeEntry[]): Promise<Oid>;
  /** What `git diff-tree -p --binary --full-index -M OLD NEW` prints under an empty config. */
  diffTrees(oldTree: Oid, newTree: Oid): Promise<Uint8Array>;
  /** Frees what the store holds (processes, temporary files). Safe to call twice. */
  close(): Promise<void>;
}

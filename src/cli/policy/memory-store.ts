import { brokenError, inputError } from '../../domain/errors.ts';
import type { FileMode } from '../../domain/change-set.ts';
import type { Oid } from '../../domain/ids.ts';
import { byteStringOf } from '../../change-set/lossless-text.ts';
import { hashObject, serialiseTree } from '../../git/object-codec.ts';
import type { ScratchStore, TreeEntry } from '../../ports/objects.ts';

/** One file of a tree that is written down: its bytes and its mode. */
export interface WrittenFile {
  readonly bytes: Uint8Array;
  readonly mode: FileMode;
}

/** A store of git objects in memory, for trees that are written down instead of read. */
export function createMemoryStore(): ScratchStore {
  const blobs = new Map<Oid, Uint8Array>();
  const trees = new Map<Oid, readonly TreeEntry[]>();
  const find = <T>(objects: ReadonlyMap<Oid, T>, oid: Oid): T => {
    const found = objects.get(oid);
    if (found === undefined) throw inputError('missing-object', `The object ${oid} is not there.`);
    return found;
  };
  return {
    readBlob: async (oid) => find(blobs, oid),
    readSizes: async (oids) => new Map(oids.flatMap((oid) => (blobs.has(oid) ? [[oid, find(blobs, oid).length]] : []))),
    readTree: async (oid) => find(trees, oid),
    readCommit: async (oid) => Promise.reject(inputError('missing-object', `The commit ${oid} is not there.`)),
    writeBlob: async (bytes) => {
      const oid = hashObject('blob', Buffer.from(bytes));
      blobs.set(oid, bytes);
      return oid;
    },
    writeTree: async (entries) => {
      const oid = hashObject('tree', serialiseTree(entries));
      trees.set(oid, entries);
      return oid;
    },
    diffTrees: async () => Promise.reject(brokenError('no-diff', 'A store in memory makes no diffs.')),
    close: async () => undefined,
  };
}

interface Folder {
  readonly files: Map<string, WrittenFile>;
  readonly folders: Map<string, Folder>;
}

/** Writes files into a store as one tree. Paths are checked before. */
export async function writeFiles(files: ReadonlyMap<string, WrittenFile>, store: ScratchStore): Promise<Oid> {
  const root: Folder = { files: new Map(), folders: new Map() };
  for (const [path, file] of files) place(root, path.split('/'), file);
  return writeFolder(root, store);
}

function place(folder: Folder, [name = '', ...rest]: readonly string[], file: WrittenFile): void {
  if (rest.length === 0) {
    folder.files.set(name, file);
    return;
  }
  const inner = folder.folders.get(name) ?? { files: new Map(), folders: new Map() };
  folder.folders.set(name, inner);
  place(inner, rest, file);
}

async function writeFolder({ files, folders }: Folder, store: ScratchStore): Promise<Oid> {
  const entries: TreeEntry[] = [];
  for (const [name, { bytes, mode }] of files) entries.push({ mode, name: byteStringOf(name), oid: await store.writeBlob(bytes) });
  for (const [name, folder] of folders) {
    if (files.has(name)) throw inputError('bad-case', `"${name}" is a file and a folder at once.`);
    entries.push({ mode: '040000', name: byteStringOf(name), oid: await writeFolder(folder, store) });
  }
  return store.writeTree(entries);
}

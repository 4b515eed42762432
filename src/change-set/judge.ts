import type { Change, ChangeSet, FileMode } from '../domain/change-set.ts';
import type { Oid } from '../domain/ids.ts';
import type { ObjectReader, TreeEntry } from '../ports/objects.ts';
import { countLines } from './line-counts.ts';
import { textOf } from './lossless-text.ts';

/** A change with the bytes on both sides, as policy judges it. Bytes are null where there is no blob (the other side of an add or delete, submodules). */
export interface JudgedChange {
  readonly change: Change;
  readonly oldBytes: Uint8Array | null;
  readonly newBytes: Uint8Array | null;
  /** Lines; null for binary content. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** Reads what policy has to look at: each change's content before and after, and how many lines differ. */
export async function judgeChanges(changeSet: ChangeSet, objects: ObjectReader): Promise<JudgedChange[]> {
  const judged: JudgedChange[] = [];
  for (const change of changeSet.changes) judged.push(await judgeChange(change, objects));
  return judged;
}

async function judgeChange(change: Change, objects: ObjectReader): Promise<JudgedChange> {
  const [oldBytes, newBytes] = await Promise.all([blobOf(change.oldBlob, change.oldMode, objects), blobOf(change.newBlob, change.newMode, objects)]);
  return { change, oldBytes, newBytes, ...countLines(oldBytes, newBytes) };
}

async function blobOf(oid: Oid | null, mode: FileMode | null, objects: ObjectReader): Promise<Uint8Array | null> {
  return oid === null || mode === '160000' ? null : objects.readBlob(oid);
}

/** What policy knows of the base tree: every path, and the content of the files that it asked for. */
export interface JudgedBase {
  readonly basePaths: readonly string[];
  /** Null: larger than `BASE_FILE_BYTES_MAX`, so it was not kept. */
  readonly baseFiles: ReadonlyMap<string, Uint8Array | null>;
}

export const BASE_FILE_BYTES_MAX = 1024 * 1024;
// A file that is read may name others. More rounds than this are no chain that people write.
const ROUNDS_MAX = 8;

/** Reads the base tree's paths, and the files that `wanted` asks for: again and again, until it wants nothing that is not known. */
export async function judgeBase(tree: Oid, objects: ObjectReader, wanted: (basePaths: readonly string[], known: JudgedBase['baseFiles']) => readonly string[]): Promise<JudgedBase> {
  const files = await listFiles(tree, objects);
  const basePaths = [...files.keys()];
  const baseFiles = new Map<string, Uint8Array | null>();
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const paths = wanted(basePaths, baseFiles).filter((path) => !baseFiles.has(path));
    if (paths.length === 0) break;
    for (const path of paths) baseFiles.set(path, await contentOf(files.get(path), objects));
  }
  return { basePaths, baseFiles };
}

/** Symlinks, submodules and paths that are not there have no content that could be read as a file of that name. */
async function contentOf(file: TreeEntry | undefined, objects: ObjectReader): Promise<Uint8Array | null> {
  if (file === undefined || (file.mode !== '100644' && file.mode !== '100755')) return new Uint8Array();
  const bytes = await objects.readBlob(file.oid);
  return bytes.byteLength <= BASE_FILE_BYTES_MAX ? bytes : null;
}

/** Every path of a tree that is not a directory, sorted by bytes. */
async function listFiles(tree: Oid, objects: ObjectReader): Promise<Map<string, TreeEntry>> {
  const files = new Map<string, TreeEntry>();
  await collect(tree, '', { objects, files });
  return files;
}

async function collect(tree: Oid, prefix: string, into: { objects: ObjectReader; files: Map<string, TreeEntry> }): Promise<void> {
  // Git keeps a tree's entries in path order, directories as if their name ended in a slash.
  for (const entry of await into.objects.readTree(tree)) {
    const path = `${prefix}${entry.name}`;
    if (entry.mode === '040000') await collect(entry.oid, `${path}/`, into);
    else into.files.set(textOf(path), entry);
  }
}

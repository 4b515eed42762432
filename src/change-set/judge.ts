import type { Change, ChangeSet, FileMode } from '../domain/change-set.ts';
import type { Oid } from '../domain/ids.ts';
import type { ObjectReader } from '../ports/objects.ts';
import { PatchFault } from './failure.ts';
import { countLines } from './line-counts.ts';
import { pathText } from './tree-delta.ts';
import { refusedError } from '../domain/errors.ts';

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

/** Every path of a tree that is not a directory, sorted by bytes. Refuses a tree with a path that is not UTF-8. */
export async function listPaths(tree: Oid, objects: ObjectReader): Promise<string[]> {
  const paths: string[] = [];
  await collect(tree, '', { objects, paths });
  return paths;
}

async function collect(tree: Oid, prefix: string, into: { objects: ObjectReader; paths: string[] }): Promise<void> {
  // Git keeps a tree's entries in path order, directories as if their name ended in a slash.
  for (const entry of await into.objects.readTree(tree)) {
    const path = `${prefix}${entry.name}`;
    if (entry.mode === '040000') await collect(entry.oid, `${path}/`, into);
    else into.paths.push(textOf(path));
  }
}

function textOf(path: string): string {
  try {
    return pathText(path);
  } catch (error) {
    if (error instanceof PatchFault) throw refusedError(error.code, `${error.message} Policy cannot compare it; rename it in the repository first.`);
    throw error;
  }
}

import type { Change, FileMode } from '../domain/change-set.ts';
import type { Oid } from '../domain/ids.ts';
import type { ObjectReader, TreeEntry } from '../ports/objects.ts';
import { compareByteStrings } from './bytes.ts';
import { textOf } from './lossless-text.ts';

interface RawChange {
  readonly path: string;
  readonly old: File | null;
  readonly new: File | null;
}

interface File {
  readonly mode: FileMode;
  readonly oid: Oid;
}

/**
 * The difference between two trees: one change a path, sorted by path bytes, renames unknown. Reads only
 * directories that differ.
 */
export async function treeDelta(base: Oid, result: Oid, objects: ObjectReader): Promise<Change[]> {
  const changes: RawChange[] = [];
  await compareTrees({ old: base, new: result }, '', { objects, changes });
  return changes.toSorted((a, b) => compareByteStrings(a.path, b.path)).map(toChange);
}

interface Walk {
  readonly objects: ObjectReader;
  readonly changes: RawChange[];
}

async function compareTrees(trees: { old: Oid | null; new: Oid | null }, prefix: string, walk: Walk): Promise<void> {
  if (trees.old === trees.new) return;
  const [old, next] = await Promise.all([entriesOf(trees.old, walk.objects), entriesOf(trees.new, walk.objects)]);
  for (const name of new Set([...old.keys(), ...next.keys()])) {
    const [a, b] = [old.get(name), next.get(name)];
    if (a?.oid === b?.oid && a?.mode === b?.mode) continue;
    const path = `${prefix}${name}`;
    await compareTrees({ old: treeOf(a), new: treeOf(b) }, `${path}/`, walk);
    const change = { path, old: fileOf(a), new: fileOf(b) };
    if (change.old !== null || change.new !== null) walk.changes.push(change);
  }
}

async function entriesOf(tree: Oid | null, objects: ObjectReader): Promise<Map<string, TreeEntry>> {
  return new Map((tree === null ? [] : await objects.readTree(tree)).map((entry) => [entry.name, entry]));
}

const treeOf = (entry: TreeEntry | undefined): Oid | null => (entry?.mode === '040000' ? entry.oid : null);
const fileOf = (entry: TreeEntry | undefined): File | null => (entry === undefined || entry.mode === '040000' ? null : { mode: entry.mode, oid: entry.oid });

function toChange(change: RawChange): Change {
  return {
    path: textOf(change.path),
    op: change.old === null ? 'add' : change.new === null ? 'delete' : 'modify',
    oldMode: change.old?.mode ?? null,
    newMode: change.new?.mode ?? null,
    oldBlob: change.old?.oid ?? null,
    newBlob: change.new?.oid ?? null,
  };
}

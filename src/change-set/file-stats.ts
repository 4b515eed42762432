import type { Change, FileStat } from '../domain/change-set.ts';
import type { ObjectReader } from '../ports/objects.ts';
import { countLines } from './line-counts.ts';
import { parseCanonicalDiff, type ShownFile } from './parse-canonical-diff.ts';

/**
 * Lines added and removed of each change, as the canonical diff shows them. The two halves of a rename, which it
 * shows as one, count in full: they are a delete and an add.
 */
export async function fileStats(changes: readonly Change[], diff: Uint8Array, objects: ObjectReader): Promise<FileStat[]> {
  const shown = new Map<string, ShownFile[]>();
  for (const file of parseCanonicalDiff(diff)) {
    if (file.status === 'renamed' || file.status === 'copied') continue;
    const path = file.newPath ?? file.oldPath ?? '';
    shown.set(path, [...(shown.get(path) ?? []), file]);
  }
  const stats: FileStat[] = [];
  for (const change of changes) stats.push({ path: change.path, ...(statShown(shown.get(change.path)) ?? (await statRead(change, objects))) });
  return stats;
}

type Counts = Omit<FileStat, 'path'>;

function statShown(files: readonly ShownFile[] | undefined): Counts | null {
  if (files === undefined) return null;
  if (files.some(({ binary }) => binary)) return { added: null, removed: null };
  return { added: files.reduce((sum, file) => sum + file.added, 0), removed: files.reduce((sum, file) => sum + file.removed, 0) };
}

async function statRead(change: Change, objects: ObjectReader): Promise<Counts> {
  const read = async (oid: string | null, mode: string | null): Promise<Uint8Array | null> => (oid === null || mode === '160000' ? null : objects.readBlob(oid));
  return countLines(await read(change.oldBlob, change.oldMode), await read(change.newBlob, change.newMode));
}

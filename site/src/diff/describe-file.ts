import type { DiffFile } from './parse-diff.ts';

/** `+12 −3`, or what the change is when no line differs. */
export function statOf(file: DiffFile): string {
  if (file.body.kind === 'binary') return 'binary';
  if (file.body.kind === 'none') return 'no line differs';
  const lines = file.body.hunks.flatMap((hunk) => hunk.lines);
  const count = (kind: 'add' | 'remove'): number => lines.filter((line) => line.kind === kind).length;
  return `+${count('add')} −${count('remove')}`;
}

/** The path with what happens to it: added, deleted, renamed, another mode. */
export function titleOf({ oldPath, newPath, oldMode, newMode }: DiffFile): string {
  if (oldPath === null) return `${newPath ?? ''} (added${newMode === '100644' ? '' : `, mode ${newMode}`})`;
  if (newPath === null) return `${oldPath} (deleted)`;
  const mode = oldMode && newMode ? ` (mode ${oldMode} → ${newMode})` : '';
  return oldPath === newPath ? `${newPath}${mode}` : `${oldPath} → ${newPath}${mode}`;
}

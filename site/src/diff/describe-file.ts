import type { ShownFile } from '../../../src/change-set/parse-canonical-diff.ts';

/** `+12 −3`, or what the change is when no line differs. */
export function statOf({ binary, hunks, added, removed }: ShownFile): string {
  if (binary) return 'binary';
  return hunks.length === 0 ? 'no line differs' : `+${added} −${removed}`;
}

/** The path with what happens to it: added, deleted, renamed, another mode. */
export function titleOf({ oldPath, newPath, header }: ShownFile): string {
  const mode = (keyword: string): string | null => header.find((line) => line.startsWith(`${keyword} mode `))?.slice(keyword.length + 6) ?? null;
  if (oldPath === null) return `${newPath ?? ''} (added${mode('new file') === '100644' ? '' : `, mode ${mode('new file')}`})`;
  if (newPath === null) return `${oldPath} (deleted)`;
  const modes = mode('old') && mode('new') ? ` (mode ${mode('old')} → ${mode('new')})` : '';
  return oldPath === newPath ? `${newPath}${modes}` : `${oldPath} → ${newPath}${modes}`;
}

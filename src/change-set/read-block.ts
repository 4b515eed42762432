import type { FileDiff } from './diff-model.ts';
import type { Edit } from './edit-model.ts';
import { decodeUtf8 } from './bytes.ts';
import { extractUnifiedDiffs } from './extract-diffs.ts';
import { failureOf } from './failure.ts';
import { parseDiff } from './parse-diff.ts';
import { parseEditBlocks } from './parse-edit-blocks.ts';

/** One file that a block changes, as far as its text tells without the base. */
export interface NamedFile {
  readonly path: string;
  readonly operation: 'add' | 'modify' | 'delete';
  /** Lines that the block itself shows. */
  readonly added: number;
  readonly removed: number;
}

export type BlockReading =
  | { readonly kind: 'read'; readonly files: readonly NamedFile[]; readonly task: string | null }
  | { readonly kind: 'malformed'; readonly reason: string };

/** What the edit blocks of a text change, by the very parser that later applies them. */
export function readEdits(markdown: string): BlockReading {
  const parsed = parseEditBlocks(markdown);
  if (parsed.kind === 'malformed') return { kind: 'malformed', reason: parsed.message };
  return { kind: 'read', files: parsed.edits.flatMap(filesOfEdit), task: parsed.edits.find(({ task }) => task !== null)?.task ?? null };
}

/** What the fenced diffs of a text change, by the very parser that later applies them. */
export function readDiffs(markdown: string): BlockReading {
  const extracted = extractUnifiedDiffs(markdown);
  if (extracted.kind === 'malformed') return { kind: 'malformed', reason: extracted.message };
  try {
    const files = extracted.diffs.flatMap(({ bytes }) => parseDiff(bytes).flatMap(filesOfDiff));
    return { kind: 'read', files, task: extracted.diffs.find(({ task }) => task !== null)?.task ?? null };
  } catch (error) {
    return { kind: 'malformed', reason: failureOf(error).message };
  }
}

function filesOfEdit(edit: Edit): NamedFile[] {
  const { path } = edit;
  switch (edit.kind) {
    case 'replace':
      return [{ path, operation: 'modify', added: edit.replace.length, removed: edit.search.length }];
    case 'new-file':
      return [{ path, operation: 'add', added: edit.lines.length, removed: 0 }];
    case 'delete':
      return [{ path, operation: 'delete', added: 0, removed: 0 }];
    case 'rename':
      return [{ path, operation: 'delete', added: 0, removed: 0 }, { path: edit.to, operation: 'add', added: 0, removed: 0 }];
  }
}

function filesOfDiff(file: FileDiff): NamedFile[] {
  const text = (path: string | null): string => decodeUtf8(path ?? '') ?? '';
  const { added, removed } = linesOf(file);
  switch (file.op) {
    case 'rename':
      return [{ path: text(file.oldPath), operation: 'delete', added: 0, removed }, { path: text(file.newPath), operation: 'add', added, removed: 0 }];
    case 'copy':
      return [{ path: text(file.newPath), operation: 'add', added, removed: 0 }];
    case 'add':
    case 'modify':
    case 'delete':
      return [{ path: text(file.newPath ?? file.oldPath), operation: file.op, added, removed }];
  }
}

function linesOf(file: FileDiff): { added: number; removed: number } {
  if (file.body.kind !== 'text') return { added: 0, removed: 0 };
  let [added, removed] = [0, 0];
  for (const hunk of file.body.hunks) {
    added += hunk.added;
    removed += hunk.oldCount - hunk.newCount + hunk.added;
  }
  return { added, removed };
}

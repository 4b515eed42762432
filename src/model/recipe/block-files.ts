import type { RecipeDiffFile, RecipeEdit, RecipeParsers } from './parsers.ts';
import { changedWords, sharedEnds, spotOfReplace, spotsOfDiff, wordsOfDiff, type Spot } from './spots.ts';

/** One file that a change block touches. Added and removed are lines, as the block itself says. */
export interface BlockFile {
  readonly path: string;
  readonly operation: 'add' | 'modify' | 'delete';
  readonly added: number;
  readonly removed: number;
  /** For the target of a rename or copy: the file its content comes from. */
  readonly from: string | null;
  /** Where in the file; empty for one that comes or goes as a whole. */
  readonly spots: readonly Spot[];
  /** Words of the lines that come or go. */
  readonly words: readonly string[];
}

/** A file that comes, goes or moves as a whole. */
const whole = (words: readonly string[] = []): Pick<BlockFile, 'spots' | 'words'> => ({ spots: [], words });

export type BlockReading =
  /** `text` is the proposal to apply. */
  | { readonly kind: 'read'; readonly files: readonly BlockFile[]; readonly task: string | null; readonly text: string }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Reads one `search/replace`, `new-file`, `delete` or `rename` block; its fences are part of `raw`. */
export function readEditBlock(raw: string, parsers: RecipeParsers): BlockReading {
  const parsed = parsers.parseEditBlocks(raw);
  if (parsed.kind === 'malformed') return { kind: 'malformed', reason: parsed.message };
  return { kind: 'read', files: parsed.edits.flatMap(filesOfEdit), task: parsed.edits[0]?.task ?? null, text: raw };
}

/** Reads one `diff` block. */
export function readDiffBlock(raw: string, parsers: RecipeParsers): BlockReading {
  const extracted = parsers.extractUnifiedDiffs(raw);
  if (extracted.kind === 'malformed') return { kind: 'malformed', reason: extracted.message };
  const [diff] = extracted.diffs;
  if (diff === undefined) return { kind: 'malformed', reason: 'The block at line 1 is no unified diff.' };
  try {
    return { kind: 'read', files: parsers.parseDiff(diff.bytes).flatMap(filesOfDiff), task: diff.task, text: Buffer.from(diff.bytes).toString('utf8') };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'it does not parse';
    // Lines inside the diff are counted from its own first line, which stands under the fence.
    return { kind: 'malformed', reason: message.replace(/\b([Ll]ine) (\d{1,7})\b/g, (_, word: string, line: string) => `${word} ${Number(line) + 1}`) };
  }
}

function filesOfEdit(edit: RecipeEdit): BlockFile[] {
  switch (edit.kind) {
    case 'replace':
      return [{ path: edit.path, operation: 'modify', ...lineChange(edit.search, edit.replace), from: null, spots: [spotOfReplace(edit)], words: changedWords(edit.search, edit.replace) }];
    case 'new-file':
      return [{ path: edit.path, operation: 'add', added: edit.lines.length, removed: 0, from: null, ...whole(changedWords([], edit.lines)) }];
    case 'delete':
      return [{ path: edit.path, operation: 'delete', added: 0, removed: 0, from: null, ...whole() }];
    case 'rename':
      return moved(edit.path, edit.to);
  }
}

const moved = (from: string, to: string): BlockFile[] => [
  { path: from, operation: 'delete', added: 0, removed: 0, from: null, ...whole() },
  { path: to, operation: 'add', added: 0, removed: 0, from, ...whole() },
];

/** Lines that differ between the two sides, leaving out what they share at the start and at the end. */
function lineChange(search: readonly string[], replace: readonly string[]): { added: number; removed: number } {
  const { head, tail } = sharedEnds(search, replace);
  return { added: replace.length - head - tail, removed: search.length - head - tail };
}

/** What each file of a parsed diff changes. */
export function filesOfDiff(file: RecipeDiffFile): BlockFile[] {
  const [from, to] = [decode(file.oldPath), decode(file.newPath)];
  const hunks = file.body.kind === 'text' ? file.body.hunks : [];
  const added = hunks.reduce((sum, hunk) => sum + hunk.added, 0);
  const removed = hunks.reduce((sum, hunk) => sum + hunk.oldCount - (hunk.newCount - hunk.added), 0);
  const words = wordsOfDiff(hunks);
  if (file.op === 'delete') return from === null ? [] : [{ path: from, operation: 'delete', added, removed, from: null, ...whole(words) }];
  if (to === null) return [];
  if (file.op === 'add') return [{ path: to, operation: 'add', added, removed, from: null, ...whole(words) }];
  if (file.op === 'modify') return [{ path: to, operation: 'modify', added, removed, from: null, spots: spotsOfDiff(hunks), words }];
  const target: BlockFile = { path: to, operation: 'add', added, removed: 0, from, ...whole(words) };
  return file.op === 'copy' || from === null ? [target] : [{ path: from, operation: 'delete', added: 0, removed, from: null, ...whole() }, target];
}

const decode = (path: string | null): string | null => (path === null ? null : Buffer.from(path, 'latin1').toString('utf8'));

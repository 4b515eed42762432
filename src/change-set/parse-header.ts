import type { FileMode } from '../domain/change-set.ts';
import { show } from './bytes.ts';
import { PatchFault } from './failure.ts';
import type { PatchCursor } from './patch-cursor.ts';
import { takeName } from './quoted-name.ts';

const MODES: readonly string[] = ['100644', '100755', '120000', '160000'] satisfies FileMode[];
const KEYWORDS = ['old mode ', 'new mode ', 'new file mode ', 'deleted file mode ', 'similarity index ', 'dissimilarity index ', 'rename from ', 'rename to ', 'copy from ', 'copy to ', 'rename old ', 'rename new ', 'index '];

/** What stands between the `diff --git` line and the content of one file. */
export interface ExtendedHeader {
  readonly op: 'modify' | 'add' | 'delete' | 'rename' | 'copy';
  readonly oldMode: FileMode | null;
  readonly newMode: FileMode | null;
  /** Names of a rename or copy; null else. */
  readonly from: string | null;
  readonly to: string | null;
  /** How alike a rename's or copy's two contents are, in percent; null for any other change. */
  readonly similarity: number | null;
  readonly index: { readonly old: string; readonly new: string } | null;
}

/** Parses the extended header lines in the one order in which git prints them. */
export function parseExtendedHeader(cursor: PatchCursor): ExtendedHeader {
  const modes = parseModes(cursor);
  const move = modes.op === 'modify' ? parseMove(cursor) : null;
  const header = { ...modes, op: move?.op ?? modes.op, from: move?.from ?? null, to: move?.to ?? null, similarity: move?.similarity ?? null };
  const index = parseIndex(cursor, header);
  const stray = KEYWORDS.find((keyword) => cursor.startsWith(keyword));
  if (stray !== undefined) throw new PatchFault('header-order', `Line ${cursor.line} (${show(cursor.text(), 60)}) stands where git never prints it. Give the header lines in git's order, each once.`);
  return { ...header, oldMode: header.oldMode ?? index?.mode ?? null, newMode: header.newMode ?? index?.mode ?? null, index };
}

type Modes = Pick<ExtendedHeader, 'oldMode' | 'newMode'> & { readonly op: 'modify' | 'add' | 'delete' };

function parseModes(cursor: PatchCursor): Modes {
  const added = takeMode(cursor, 'new file mode ');
  if (added !== null) return { op: 'add', oldMode: null, newMode: added };
  const deleted = takeMode(cursor, 'deleted file mode ');
  if (deleted !== null) return { op: 'delete', oldMode: deleted, newMode: null };
  const oldMode = takeMode(cursor, 'old mode ');
  if (oldMode === null) return { op: 'modify', oldMode, newMode: null };
  const newMode = takeMode(cursor, 'new mode ');
  if (newMode === null) throw new PatchFault('header-order', `Line ${cursor.line} should be "new mode" after "old mode".`);
  if (oldMode === newMode) throw new PatchFault('bad-mode', `The mode change before line ${cursor.line} changes nothing.`);
  if (oldMode.slice(0, 3) !== newMode.slice(0, 3)) throw new PatchFault('type-change', `The modes before line ${cursor.line} turn one kind of file into another; git prints that as a deletion and an addition.`);
  return { op: 'modify', oldMode, newMode };
}

function takeMode(cursor: PatchCursor, keyword: string): FileMode | null {
  if (!cursor.startsWith(keyword)) return null;
  const mode = parseMode(cursor.text().slice(keyword.length), cursor.line);
  cursor.advance();
  return mode;
}

function parseMode(text: string, line: number): FileMode {
  if (!isMode(text)) throw new PatchFault('bad-mode', `Line ${line} names the mode ${show(text, 20)}; git has only ${MODES.join(', ')}.`);
  return text;
}

const isMode = (text: string): text is FileMode => MODES.includes(text);

function parseMove(cursor: PatchCursor): { op: 'rename' | 'copy'; from: string; to: string; similarity: number } | null {
  if (cursor.startsWith('dissimilarity index ')) {
    takePercentage(cursor, 'dissimilarity index ');
    return null;
  }
  if (!cursor.startsWith('similarity index ')) return null;
  const similarity = takePercentage(cursor, 'similarity index ');
  const op = cursor.startsWith('copy ') ? 'copy' : 'rename';
  const from = takeNameLine(cursor, `${op} from `);
  return { op, from, to: takeNameLine(cursor, `${op} to `), similarity };
}

function takePercentage(cursor: PatchCursor, keyword: string): number {
  const percentage = /^(100|[1-9]?\d)%$/u.exec(cursor.text().slice(keyword.length))?.[1];
  if (percentage === undefined) throw new PatchFault('bad-header', `Line ${cursor.line} should give a percentage: ${show(cursor.text(), 60)}.`);
  cursor.advance();
  return Number(percentage);
}

function takeNameLine(cursor: PatchCursor, keyword: string): string {
  if (!cursor.startsWith(keyword)) throw new PatchFault('header-order', `Line ${cursor.line} should begin with "${keyword.trimEnd()}" but is ${show(cursor.text(), 60)}.`);
  const { name, rest } = takeName(cursor.text().slice(keyword.length));
  if (rest !== '') throw new PatchFault('bad-header', `Line ${cursor.line} goes on after the name: ${show(rest, 60)}.`);
  cursor.advance();
  return name;
}

function parseIndex(cursor: PatchCursor, header: Pick<ExtendedHeader, 'op' | 'oldMode'>): { old: string; new: string; mode: FileMode | null } | null {
  if (!cursor.startsWith('index ')) return null;
  const match = /^index ([0-9a-f]{4,40})\.\.([0-9a-f]{4,40})(?: (.*))?$/u.exec(cursor.text());
  if (match?.[1] === undefined || match[2] === undefined) throw new PatchFault('bad-header', `Line ${cursor.line} is not an index line as git prints it: ${show(cursor.text(), 100)}.`);
  const mode = match[3] === undefined ? null : parseMode(match[3], cursor.line);
  const wantsMode = header.op !== 'add' && header.op !== 'delete' && header.oldMode === null;
  if ((mode !== null) !== wantsMode) throw new PatchFault('bad-header', `The index line ${cursor.line} ${wantsMode ? 'must' : 'must not'} name the mode here, as git prints it.`);
  const index = { old: match[1], new: match[2], mode };
  assertNullIds(index, header.op, cursor.line);
  cursor.advance();
  return index;
}

function assertNullIds(index: { old: string; new: string }, op: ExtendedHeader['op'], line: number): void {
  const isNull = (id: string): boolean => /^0+$/u.test(id);
  if (isNull(index.old) !== (op === 'add') || isNull(index.new) !== (op === 'delete')) {
    throw new PatchFault('index-mismatch', `The index line ${line} does not fit: the old id is all zeros for an added file only, the new one for a deleted file only.`);
  }
}

/** One line of a hunk. `old` and `new` are 1-based line numbers; null on the side where the line does not exist. */
export interface DiffLine {
  readonly kind: 'context' | 'add' | 'remove';
  readonly old: number | null;
  readonly new: number | null;
  readonly text: string;
  /** The file ends here without a newline. */
  readonly noNewline: boolean;
}

export interface DiffHunk {
  /** `@@ -1,3 +1,4 @@` */
  readonly range: string;
  /** What git printed after the range. */
  readonly section: string;
  readonly lines: readonly DiffLine[];
}

/** `none`: the content is the same (a mode change, an exact rename) or empty. */
export type DiffBody = { readonly kind: 'text'; readonly hunks: readonly DiffHunk[] } | { readonly kind: 'binary' } | { readonly kind: 'none' };

export interface DiffFile {
  readonly oldPath: string | null;
  readonly newPath: string | null;
  readonly oldMode: string | null;
  readonly newMode: string | null;
  readonly body: DiffBody;
}

export type ParsedDiff = { readonly kind: 'parsed'; readonly files: readonly DiffFile[] } | { readonly kind: 'unreadable'; readonly line: number; readonly reason: string };

class Unreadable extends Error {}

/**
 * Reads the canonical diff (what git prints for `diff-tree -p --binary --full-index -M`) for display. Strict: a line that
 * does not belong where it stands makes the whole diff unreadable, so that nothing is ever shown in part.
 */
export function parseDiff(bytes: Uint8Array): ParsedDiff {
  const lines = latin1.decode(bytes).split('\n');
  if (lines.pop() !== '') return { kind: 'unreadable', line: lines.length + 1, reason: 'the last line has no end' };
  const cursor: Cursor = { lines, at: 0 };
  try {
    const files: DiffFile[] = [];
    while (cursor.at < lines.length) files.push(parseFile(cursor));
    return { kind: 'parsed', files };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { kind: 'unreadable', line: cursor.at + 1, reason: error.message };
  }
}

interface Cursor {
  readonly lines: readonly string[];
  at: number;
}

// Line numbers must survive bytes that are not UTF-8: lines are cut on bytes (latin1) and decoded one by one.
const latin1 = { decode: (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1') };
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A line as text. A byte that is not UTF-8 becomes U+DC80 + its low bits, which the pages show as `0xE9`. */
function decodeLine(line: string): string {
  if (!/[\x80-\xff]/.test(line)) return line;
  try {
    return utf8.decode(Buffer.from(line, 'latin1'));
  } catch {
    return line.replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
  }
}

function take(cursor: Cursor, prefix: string): string | null {
  const line = cursor.lines[cursor.at];
  if (line === undefined || !line.startsWith(prefix)) return null;
  cursor.at++;
  return line.slice(prefix.length);
}

function parseFile(cursor: Cursor): DiffFile {
  const header = take(cursor, 'diff --git ');
  if (header === null) throw new Unreadable('expected "diff --git"');
  const modes = parseModes(cursor);
  take(cursor, 'similarity index ');
  const from = take(cursor, 'rename from ');
  const to = take(cursor, 'rename to ');
  take(cursor, 'index ');
  const name = from === null ? nameOf(header) : '';
  return {
    oldPath: modes.kind === 'add' ? null : from === null ? name : unquote(from),
    newPath: modes.kind === 'delete' ? null : to === null ? name : unquote(to),
    oldMode: modes.old,
    newMode: modes.new,
    body: parseBody(cursor),
  };
}

function parseModes(cursor: Cursor): { kind: 'add' | 'delete' | 'keep'; old: string | null; new: string | null } {
  const added = take(cursor, 'new file mode ');
  if (added !== null) return { kind: 'add', old: null, new: added };
  const deleted = take(cursor, 'deleted file mode ');
  if (deleted !== null) return { kind: 'delete', old: deleted, new: null };
  const old = take(cursor, 'old mode ');
  return { kind: 'keep', old, new: take(cursor, 'new mode ') };
}

function parseBody(cursor: Cursor): DiffBody {
  if (take(cursor, 'GIT binary patch') !== null) return skipBinary(cursor);
  if (take(cursor, '--- ') === null) return { kind: 'none' };
  if (take(cursor, '+++ ') === null) throw new Unreadable('expected "+++"');
  const hunks: DiffHunk[] = [];
  while (cursor.lines[cursor.at]?.startsWith('@@ ')) hunks.push(parseHunk(cursor));
  if (hunks.length === 0) throw new Unreadable('expected a hunk');
  return { kind: 'text', hunks };
}

function skipBinary(cursor: Cursor): DiffBody {
  while (cursor.at < cursor.lines.length && !cursor.lines[cursor.at]?.startsWith('diff --git ')) cursor.at++;
  return { kind: 'binary' };
}

function parseHunk(cursor: Cursor): DiffHunk {
  const match = /^(@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@) ?(.*)$/s.exec(cursor.lines[cursor.at] ?? '');
  if (!match) throw new Unreadable('expected a hunk header');
  cursor.at++;
  const next = { old: Number(match[2]), new: Number(match[4]) };
  const end = { old: next.old + Number(match[3] ?? 1), new: next.new + Number(match[5] ?? 1) };
  const lines: DiffLine[] = [];
  while (next.old < end.old || next.new < end.new) lines.push(parseLine(cursor, next));
  if (next.old !== end.old || next.new !== end.new) throw new Unreadable('the hunk has more lines than its header says');
  return { range: match[1] ?? '', section: decodeLine(match[6] ?? ''), lines };
}

function parseLine(cursor: Cursor, next: { old: number; new: number }): DiffLine {
  const line = cursor.lines[cursor.at];
  const kind = line === undefined ? undefined : ({ ' ': 'context', '+': 'add', '-': 'remove' } as const)[line[0] ?? ''];
  if (line === undefined || kind === undefined) throw new Unreadable('expected a line of the hunk');
  cursor.at++;
  const noNewline = take(cursor, '\\ No newline at end of file') !== null;
  return {
    kind,
    old: kind === 'add' ? null : next.old++,
    new: kind === 'remove' ? null : next.new++,
    text: decodeLine(line.slice(1)),
    noNewline,
  };
}

// Without a rename both names are the same: `a/NAME b/NAME`, or both quoted.
function nameOf(header: string): string {
  const half = (header.length - 1) / 2;
  const [left, right] = [header.slice(0, half), header.slice(half + 1)];
  const [old, fresh] = [unquote(left), unquote(right)];
  if (header[half] !== ' ' || !old.startsWith('a/') || old.slice(2) !== fresh.slice(2)) throw new Unreadable('the file names of the header differ');
  return old.slice(2);
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r', '"': '"', '\\': '\\' };

function unquote(name: string): string {
  if (!name.startsWith('"')) return decodeLine(name);
  if (!/^"(?:[^"\\]|\\[abtnvfr"\\]|\\[0-3][0-7]{2})*"$/s.test(name)) throw new Unreadable('a quoted name is broken');
  const plain = name.slice(1, -1).replace(/\\([0-3][0-7]{2}|.)/gs, (_, escape: string) => ESCAPES[escape] ?? String.fromCharCode(Number.parseInt(escape, 8)));
  return decodeLine(plain);
}

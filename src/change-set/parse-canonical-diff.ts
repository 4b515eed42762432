/**
 * Reads a canonical diff for display, in a terminal or a browser: no Node modules, no refusal, no exception. What it
 * does not understand it keeps as header lines, so that nothing is ever hidden. It escapes nothing: whoever shows
 * the text must.
 */

export interface ShownLine {
  readonly kind: 'context' | 'add' | 'delete';
  readonly text: string;
  /** 1-based line numbers; null on the side where the line is not. */
  readonly oldLine: number | null;
  readonly newLine: number | null;
  /** True when the file ends with this line, without a newline. */
  readonly noNewline: boolean;
}

export interface ShownHunk {
  readonly header: string;
  readonly lines: readonly ShownLine[];
}

export interface ShownFile {
  /** Decoded; null for the missing side of an added or deleted file. */
  readonly oldPath: string | null;
  readonly newPath: string | null;
  readonly status: 'added' | 'deleted' | 'modified' | 'renamed' | 'copied';
  /** Every line before the first hunk, as it stands. */
  readonly header: readonly string[];
  readonly binary: boolean;
  readonly hunks: readonly ShownHunk[];
  readonly added: number;
  readonly removed: number;
}

const text = new TextDecoder('utf-8', { ignoreBOM: true });

/** Splits a canonical diff into files, hunks and lines. Bytes that are not UTF-8 come out as U+FFFD. */
export function parseCanonicalDiff(diff: Uint8Array): ShownFile[] {
  const lines = new Lines(diff);
  const files: ShownFile[] = [];
  while (!lines.done) files.push(readFile(lines));
  return files;
}

class Lines {
  readonly #diff: Uint8Array;
  #at = 0;

  constructor(diff: Uint8Array) {
    this.#diff = diff;
  }

  get done(): boolean {
    return this.#at >= this.#diff.length;
  }

  get first(): string {
    return this.done ? '' : String.fromCharCode(this.#diff[this.#at] ?? 0);
  }

  peek(): string {
    return text.decode(this.#diff.subarray(this.#at, this.#end()));
  }

  take(): string {
    const line = this.peek();
    this.#at = this.#end() + 1;
    return line;
  }

  #end(): number {
    const end = this.#diff.indexOf(0x0a, this.#at);
    return end < 0 ? this.#diff.length : end;
  }
}

function readFile(lines: Lines): ShownFile {
  const header = [lines.take()];
  while (!lines.done && !lines.peek().startsWith('diff --git ') && !isHunkHeader(lines.peek())) header.push(lines.take());
  const hunks: ShownHunk[] = [];
  while (!lines.done && isHunkHeader(lines.peek())) hunks.push(readHunk(lines));
  const count = (kind: ShownLine['kind']): number => hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.kind === kind).length, 0);
  return { ...describe(header), header, binary: header.some(isBinaryLine), hunks, added: count('add'), removed: count('delete') };
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u;
const isHunkHeader = (line: string): boolean => HUNK.test(line);
const isBinaryLine = (line: string): boolean => line === 'GIT binary patch' || /^Binary files .* differ$/u.test(line);

function readHunk(lines: Lines): ShownHunk {
  const header = lines.take();
  const [oldStart = 0, oldCount = 1, newStart = 0, newCount = 1] = (HUNK.exec(header) ?? []).slice(1).map((number?: string) => (number === undefined ? undefined : Number(number)));
  const left = { old: oldCount, new: newCount };
  const shown: ShownLine[] = [];
  while (!lines.done && (left.old > 0 || left.new > 0)) {
    const kind = kindOf(lines.first);
    if (kind === null) break;
    const oldLine = kind === 'add' ? null : oldStart + oldCount - left.old;
    const newLine = kind === 'delete' ? null : newStart + newCount - left.new;
    if (oldLine !== null) left.old -= 1;
    if (newLine !== null) left.new -= 1;
    const content = lines.take().slice(1);
    const noNewline = lines.first === '\\';
    if (noNewline) lines.take();
    shown.push({ kind, text: content, oldLine, newLine, noNewline });
  }
  return { header, lines: shown };
}

function kindOf(first: string): ShownLine['kind'] | null {
  if (first === ' ') return 'context';
  return first === '+' ? 'add' : first === '-' ? 'delete' : null;
}

function describe(header: readonly string[]): Pick<ShownFile, 'oldPath' | 'newPath' | 'status'> {
  const value = (keyword: string): string | null => {
    const line = header.find((candidate) => candidate.startsWith(keyword));
    return line === undefined ? null : unquote(line.slice(keyword.length));
  };
  const from = value('rename from ') ?? value('copy from ');
  const to = value('rename to ') ?? value('copy to ');
  const [oldName, newName] = namesOf(header[0] ?? '');
  const oldPath = from ?? sidePath(value('--- ')) ?? oldName;
  const newPath = to ?? sidePath(value('+++ ')) ?? newName;
  if (value('new file mode ') !== null) return { oldPath: null, newPath, status: 'added' };
  if (value('deleted file mode ') !== null) return { oldPath, newPath: null, status: 'deleted' };
  return { oldPath, newPath, status: from === null ? 'modified' : value('copy from ') === null ? 'renamed' : 'copied' };
}

const sidePath = (name: string | null): string | null => (name === null || name === '/dev/null' ? null : name.replace(/\t$/u, '').slice(2));

/** The names of a `diff --git` line where both are the same: the only case in which no other line has them. */
function namesOf(line: string): [string, string] {
  const names = line.startsWith('diff --git ') ? line.slice('diff --git '.length) : line;
  const half = names.slice(0, (names.length - 1) / 2);
  const name = unquote(half).slice(2);
  return [name, name];
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** A name as git prints it in quotes, decoded; any other text as it is. */
function unquote(name: string): string {
  const match = /^"((?:[^"\\]|\\[0-7]{3}|\\[^0-7])*)"/u.exec(name);
  if (match?.[1] === undefined) return name;
  const bytes: number[] = [];
  for (const [piece] of match[1].matchAll(/\\[0-7]{3}|\\.|[^\\]+/gsu)) {
    if (!piece.startsWith('\\')) bytes.push(...new TextEncoder().encode(piece));
    else if (piece.length === 4) bytes.push(Number.parseInt(piece.slice(1), 8) & 0xff);
    else bytes.push(ESCAPES[piece.charAt(1)] ?? piece.charCodeAt(1));
  }
  return text.decode(Uint8Array.from(bytes));
}

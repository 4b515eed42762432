import { applyTextEdits, type TextEdit } from './text-edit.ts';

const CONTEXT_LINES = 3;

/** One changed stretch, in lines: `start` is 0-based in the old text. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

export interface FileDiff {
  readonly diff: string;
  readonly added: number;
  readonly removed: number;
}

/** The unified diff of edits to one file, as git writes it: only lines that an edit touches are in it as changed, minimal or not. */
export function diffOfEdits(path: string, text: string, edits: readonly TextEdit[]): FileDiff {
  const lines = linesOf(text);
  const stretches = stretchesOf(text, lines, edits);
  const name = quotedName(path);
  const hunks = hunksOf(stretches, lines.length);
  let shift = 0;
  const body = hunks.map((hunk) => {
    const rendered = renderHunk(hunk, lines, shift);
    shift += rendered.growth;
    return rendered.text;
  });
  const sum = (length: (stretch: Stretch) => number): number => stretches.reduce((total, stretch) => total + length(stretch), 0);
  const diff = `diff --git ${name('a/')} ${name('b/')}\n--- ${name('a/')}\n+++ ${name('b/')}\n${body.join('')}`;
  return { diff, added: sum((stretch) => stretch.lines.length), removed: sum((stretch) => stretch.end - stretch.start) };
}

/** Whole lines that edits change, without those that come out as they were at either side. */
function stretchesOf(text: string, lines: readonly string[], edits: readonly TextEdit[]): readonly Stretch[] {
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length;
  }
  return groupsOf(edits, starts, text).flatMap(({ first, last, edits: own }) => {
    const [from, to] = [starts[first] ?? 0, starts[last + 1] ?? text.length];
    const after = applyTextEdits(text.slice(from, to), own.map((edit) => ({ ...edit, start: edit.start - from, end: edit.end - from })));
    return trimmed({ start: first, end: last + 1, lines: linesOf(after) }, lines);
  });
}

/** Edits whose lines meet belong together. One that takes a line's break away joins the next line to it. */
function groupsOf(edits: readonly TextEdit[], starts: readonly number[], text: string): readonly { readonly first: number; readonly last: number; readonly edits: readonly TextEdit[] }[] {
  const lineAt = createLineFinder(starts);
  const groups: { first: number; last: number; edits: TextEdit[] }[] = [];
  for (const edit of edits) {
    const first = lineAt(edit.start);
    const end = lineAt(Math.max(edit.start, edit.end - 1));
    const joins = edit.end > edit.start && text[edit.end - 1] === '\n' && !edit.text.endsWith('\n');
    const last = Math.min(starts.length - 1, joins ? end + 1 : end);
    const open = groups.at(-1);
    if (open !== undefined && first <= open.last) {
      open.last = Math.max(open.last, last);
      open.edits.push(edit);
    } else groups.push({ first, last, edits: [edit] });
  }
  return groups;
}

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function createLineFinder(starts: readonly number[]): (offset: number) => number {
  return (offset) => {
    let [low, high] = [0, Math.max(0, starts.length - 1)];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}

function trimmed({ start, end, lines }: Stretch, old: readonly string[]): readonly Stretch[] {
  let head = 0;
  while (head < lines.length && start + head < end && lines[head] === old[start + head]) head++;
  let tail = 0;
  while (tail < lines.length - head && end - tail > start + head && lines[lines.length - 1 - tail] === old[end - 1 - tail]) tail++;
  const stretch = { start: start + head, end: end - tail, lines: lines.slice(head, lines.length - tail) };
  return stretch.start === stretch.end && stretch.lines.length === 0 ? [] : [stretch];
}

/** Stretches whose context would touch are one hunk. */
function hunksOf(stretches: readonly Stretch[], lineCount: number): readonly { readonly from: number; readonly to: number; readonly stretches: readonly Stretch[] }[] {
  const hunks: { from: number; to: number; stretches: Stretch[] }[] = [];
  for (const stretch of stretches) {
    const [from, to] = [Math.max(0, stretch.start - CONTEXT_LINES), Math.min(lineCount, stretch.end + CONTEXT_LINES)];
    const open = hunks.at(-1);
    if (open !== undefined && from <= open.to) {
      open.to = to;
      open.stretches.push(stretch);
    } else hunks.push({ from, to, stretches: [stretch] });
  }
  return hunks;
}

function renderHunk({ from, to, stretches }: ReturnType<typeof hunksOf>[number], lines: readonly string[], shift: number): { readonly text: string; readonly growth: number } {
  const out: string[] = [];
  let at = from;
  let growth = 0;
  for (const stretch of stretches) {
    out.push(...lines.slice(at, stretch.start).map((line) => shown(' ', line)), ...lines.slice(stretch.start, stretch.end).map((line) => shown('-', line)), ...stretch.lines.map((line) => shown('+', line)));
    at = stretch.end;
    growth += stretch.lines.length - (stretch.end - stretch.start);
  }
  out.push(...lines.slice(at, to).map((line) => shown(' ', line)));
  const [oldCount, newCount] = [to - from, to - from + growth];
  return { text: `@@ -${range(from, oldCount)} +${range(from + shift, newCount)} @@\n${out.join('')}`, growth };
}

// An empty side names the line before it, and a count of one is left out.
const range = (from: number, count: number): string => (count === 1 ? `${from + 1}` : `${count === 0 ? from : from + 1},${count}`);
const shown = (sign: string, line: string): string => (line.endsWith('\n') ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`);

/** A path as git prints it in a header: in quotes, with C escapes, when a character asks for it. */
function quotedName(path: string): (prefix: string) => string {
  const isPlain = /^[ !#-[\]-~]*$/.test(path);
  const escaped = isPlain ? path : [...Buffer.from(path, 'utf8')].map(escapedByte).join('');
  return (prefix) => (isPlain ? prefix + path : `"${prefix}${escaped}"`);
}

function escapedByte(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === '"' || character === '\\') return `\\${character}`;
  return byte >= 0x20 && byte < 0x7f ? character : `\\${byte.toString(8).padStart(3, '0')}`;
}

import { isBinary } from '../../../change-set/is-binary.ts';
import { byteString, bytesOf } from '../../../change-set/bytes.ts';

/** For tests and benchmarks: one file of a change, as bytes before and after; null where there is no file. */
export interface EditedFile {
  /** A byte string. */
  readonly path: string;
  /** Set for a rename: the path it had. */
  readonly from?: string;
  readonly old: Uint8Array | null;
  readonly next: Uint8Array | null;
}

/**
 * For tests and benchmarks: edit blocks that say a change of text files, made by machine: the first and last differing
 * line of each file and everything between them, with lines around it until the text stands in the file once and says
 * how its lines end. Null when blocks cannot say it (binary content, a line break in a name).
 */
export function deriveEdits(files: readonly EditedFile[]): Buffer | null {
  const blocks: string[] = [];
  for (const file of files) {
    const block = blocksOf(file);
    if (block === null) return null;
    blocks.push(block);
  }
  return bytesOf(`Derived by machine.\n\n${blocks.join('\n')}`);
}

function blocksOf({ path, from, old, next }: EditedFile): string | null {
  if (/[\n\r]/u.test(`${path}${from ?? ''}`) || [old, next].some((bytes) => bytes !== null && isBinary(bytes))) return null;
  if (next === null) return old === null ? '' : fence(`delete path=${quote(path)}`, '');
  const text = byteString(next);
  if (old === null) return fence(`new-file path=${quote(path)}${text === '' || text.endsWith('\n') ? '' : ' final-newline=no'}`, text);
  const rename = from === undefined ? '' : fence(`rename path=${quote(from)} to=${quote(path)}`, '');
  const before = byteString(old);
  return before === text ? rename : rename + replaceBlock(path, before, text);
}

function replaceBlock(path: string, before: string, after: string): string {
  const [a, b] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const pair = (): Pair => ({ search: a.slice(head, a.length - tail).map(withoutLineFeed), replace: b.slice(head, b.length - tail).map(withoutLineFeed) });
  const lines = a.map(withoutLineFeed);
  // Wider and wider, by doubling, until it stands there once and names its endings.
  const isEnough = ({ search, replace }: Pair): boolean => standsOnce(lines, search) && namesEndings({ search, replace }, lines);
  for (let around = 1; !isEnough(pair()) && (head > 0 || tail > 0); around *= 2) [head, tail] = [Math.max(0, head - around), Math.max(0, tail - around)];
  const { search, replace } = pair();
  const width = markerWidth([...search, ...replace]);
  const body = `${'<'.repeat(width)} SEARCH\n${joined(search)}${'='.repeat(width)}\n${joined(replace)}${'>'.repeat(width)} REPLACE\n`;
  const ends = [before, after].map((text) => text === '' || text.endsWith('\n'));
  return fence(`search/replace path=${quote(path)}${ends[0] === ends[1] && before !== '' ? '' : ` final-newline=${ends[1] === true ? 'yes' : 'no'}`}`, body);
}

interface Pair {
  readonly search: readonly string[];
  readonly replace: readonly string[];
}

/** Lines with their endings: a last line that gains or loses its line feed is another one. */
const linesOf = (text: string): string[] => (text === '' ? [] : text.split(/(?<=\n)/u));

/** What stands in a block for a line: its carriage return, too. */
const withoutLineFeed = (line: string): string => (line.endsWith('\n') ? line.slice(0, -1) : line);

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const quote = (path: string): string => `"${path.replace(/["\\]/gu, '\\$&')}"`;

/** Compared as blocks are where they name no endings: without carriage returns. */
function standsOnce(lines: readonly string[], search: readonly string[]): boolean {
  if (search.length === 0) return lines.length === 0;
  const plain = (line: string): string => line.replace(/\r$/u, '');
  const [haystack, needle] = [`\n${lines.map(plain).join('\n')}\n`, `\n${search.map(plain).join('\n')}\n`];
  const first = haystack.indexOf(needle);
  return first >= 0 && haystack.indexOf(needle, first + 1) < 0;
}

/**
 * Whether a pair says how each of its lines ends: by carriage returns of its own, else by those of the lines that it
 * replaces. The last line of a file may have no ending to go by; the file's common one then counts.
 */
function namesEndings({ search, replace }: Pair, all: readonly string[]): boolean {
  return [...search, ...replace].some((line) => line.endsWith('\r')) || search.length > 1 || !all.some((line) => line.endsWith('\r'));
}

function markerWidth(lines: readonly string[]): number {
  let width = 7;
  for (const line of lines) {
    const run = /^(?:<+(?= SEARCH\s*$)|=+(?=\s*$)|>+(?= REPLACE\s*$))/u.exec(line)?.[0].length ?? 0;
    width = Math.max(width, run + 1);
  }
  return width;
}

function fence(info: string, body: string): string {
  const longest = Math.max(2, ...Array.from(body.matchAll(/^ {0,3}(~+)/gmu), (match) => match[1]?.length ?? 0));
  const marks = '~'.repeat(longest + 1);
  return `${marks}${info}\n${body}${body === '' || body.endsWith('\n') ? '' : '\n'}${marks}\n\n`;
}

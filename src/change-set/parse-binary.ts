import { inflateSync } from 'node:zlib';
import type { ByteBudget } from './budget.ts';
import { show } from './bytes.ts';
import type { BinaryHunk } from './diff-model.ts';
import { PatchFault } from './failure.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import type { PatchCursor } from './patch-cursor.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';
const DIGITS = new Int8Array(256).fill(-1);
for (let digit = 0; digit < ALPHABET.length; digit += 1) DIGITS[ALPHABET.charCodeAt(digit)] = digit;
/** Bytes on every line of a binary hunk but its last. */
const FULL_LINE = 52;

/** Parses the two halves that follow `GIT binary patch`: old to new, then new to old. Both are always there. */
export function parseBinary(cursor: PatchCursor, budget: ByteBudget): { readonly forward: BinaryHunk; readonly reverse: BinaryHunk } {
  return { forward: parseHalf(cursor, budget), reverse: parseHalf(cursor, budget) };
}

function parseHalf(cursor: PatchCursor, budget: ByteBudget): BinaryHunk {
  const header = /^(literal|delta) (0|[1-9]\d{0,9})$/u.exec(cursor.text());
  if (header === null) throw fault(cursor.line, `should be "literal" or "delta" with a size but is ${show(cursor.text(), 60)}`);
  const size = Number(header[2]);
  if (size > MAX_FILE_BYTES) throw new PatchFault('file-too-large', `The binary content at line ${cursor.line} has ${size} bytes; at most ${MAX_FILE_BYTES} are taken.`);
  const begin = cursor.line;
  budget.take(size);
  cursor.advance();
  const packed = takeLines(cursor);
  if (cursor.done || cursor.start !== cursor.end) throw fault(cursor.line, 'should be the empty line that ends a binary hunk');
  cursor.advance();
  return { kind: header[1] === 'literal' ? 'literal' : 'delta', data: inflateExactly(packed, size, begin) };
}

/** The packed bytes that the lines up to the empty one stand for. */
function takeLines(cursor: PatchCursor): Buffer {
  const packed = Buffer.allocUnsafe(packedBytesAtMost(cursor));
  let filled = 0;
  let last = FULL_LINE;
  while (!cursor.done && cursor.start !== cursor.end) {
    if (last !== FULL_LINE) throw fault(cursor.line, 'goes on after a short line');
    last = decodeLine(cursor, packed, filled);
    filled += last;
    cursor.advance();
  }
  if (filled === 0) throw fault(cursor.line, 'should hold the binary content');
  return packed.subarray(0, filled);
}

/** Four bytes for every five characters up to the empty line, and room for the last group. */
function packedBytesAtMost({ bytes, start }: PatchCursor): number {
  const end = bytes.indexOf('\n\n', start);
  return Math.ceil(((end < 0 ? bytes.length : end) - start) * 0.8) + 4;
}

/** Decodes the current line into `packed` at `at`; gives the number of bytes it stands for. */
function decodeLine({ bytes, start, end, line }: PatchCursor, packed: Buffer, at: number): number {
  const length = lengthOf(bytes[start] ?? 0);
  const groups = Math.ceil(length / 4);
  if (length === 0 || end - start !== 1 + groups * 5) throw fault(line, 'does not have the length that its first letter says');
  for (let group = 0; group < groups; group += 1) packed.writeUInt32BE(decodeGroup(bytes, start + 1 + group * 5, line), at + group * 4);
  // git fills the last group with zeros; anything else is a byte that nobody would ever see.
  for (let index = at + length; index < at + groups * 4; index += 1) if (packed[index] !== 0) throw fault(line, 'hides bytes after its end');
  return length;
}

function decodeGroup(bytes: Buffer, at: number, line: number): number {
  let value = 0;
  for (let index = at; index < at + 5; index += 1) {
    const byte = bytes[index] ?? 0;
    const digit = DIGITS[byte] ?? -1;
    if (digit < 0) throw fault(line, `holds ${show(String.fromCharCode(byte))}, which is not a base-85 digit`);
    value = value * 85 + digit;
  }
  if (value > 0xffff_ffff) throw fault(line, 'holds a base-85 group that is too large');
  return value;
}

// A-Z stand for 1 to 26 bytes, a-z for 27 to 52.
function lengthOf(code: number): number {
  if (code >= 0x41 && code <= 0x5a) return code - 0x40;
  return code >= 0x61 && code <= 0x7a ? code - 0x60 + 26 : 0;
}

function inflateExactly(packed: Buffer, size: number, line: number): Buffer {
  let result: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    // The types do not know the `info` option, under which the engine comes with the result.
    result = inflateSync(packed, { maxOutputLength: Math.max(size, 1), info: true }) as unknown as typeof result;
  } catch {
    throw fault(line, 'does not inflate to the size that it says');
  }
  if (result.buffer.length !== size) throw fault(line, `inflates to ${result.buffer.length} bytes, not the ${size} that it says`);
  if (result.engine.bytesWritten !== packed.length) throw fault(line, 'has bytes after the end of its compressed data');
  return result.buffer;
}

const fault = (line: number, what: string): PatchFault =>
  new PatchFault('binary-malformed', `Line ${line} of the patch ${what}. Make binary patches with git diff --binary --full-index.`);

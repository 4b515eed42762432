import { show } from './bytes.ts';
import type { Hunk } from './diff-model.ts';
import { PatchFault } from './failure.ts';
import { MAX_HUNKS } from './limits.ts';
import type { PatchCursor } from './patch-cursor.ts';

const REMAKE = 'Make the change in a checkout of the base, and give what git diff prints there.';
const RECOUNT = 'The counts must be exact: git apply --recount FILE in a checkout of the base mends them, and git diff prints them.';

const HUNK_HEADER = /^@@ -(0|[1-9]\d{0,8})(?:,(0|[1-9]\d{0,8}))? \+(0|[1-9]\d{0,8})(?:,(0|[1-9]\d{0,8}))? @@(?: .*)?$/su;
const END_MARKER = '\\ No newline at end of file';
const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;

interface Counts {
  readonly line: number;
  readonly oldBegin: number;
  readonly oldCount: number;
  readonly newBegin: number;
  readonly newCount: number;
}

/** Parses the hunks of one file, by their counts: what a line looks like never decides where a hunk ends. */
export function parseHunks(cursor: PatchCursor): Hunk[] {
  const hunks: Hunk[] = [];
  let oldEnd = 0;
  let shift = 0;
  while (cursor.startsWith('@@ ')) {
    const counts = parseHunkHeader(cursor);
    if (counts.oldBegin < oldEnd) throw new PatchFault('hunk-order', `The hunk at line ${counts.line} begins before the one above it ends. Hunks must go down the file without overlap.`);
    if (hunks.length > 0 && counts.oldBegin === 0) throw new PatchFault('hunk-order', `The hunk at line ${counts.line} begins at the start of the file, as the one above it does. A file without lines takes one hunk.`);
    if (counts.newBegin !== counts.oldBegin + shift) {
      throw new PatchFault('hunk-position', `The hunk at line ${counts.line} says it begins at new line ${counts.newBegin + 1}, but with the hunks above it that is line ${counts.oldBegin + shift + 1}.`);
    }
    hunks.push(parseHunkBody(cursor, counts));
    assertHunks(hunks.length);
    oldEnd = counts.oldBegin + counts.oldCount;
    shift += counts.newCount - counts.oldCount;
  }
  if (hunks.length === 0) throw new PatchFault('bad-hunk-header', `Line ${cursor.line} should begin a hunk (@@ -l,n +l,n @@) but is ${show(cursor.text())}. ${REMAKE}`);
  assertNothingLeft(cursor);
  return hunks;
}

/** Refuses more hunks than a patch may have, as soon as they are too many. */
export function assertHunks(count: number): void {
  if (count > MAX_HUNKS) throw new PatchFault('too-many-hunks', `The patch has more than ${MAX_HUNKS} hunks. Split the change.`);
}

function parseHunkHeader(cursor: PatchCursor): Counts {
  const text = cursor.text();
  const match = HUNK_HEADER.exec(text);
  if (match === null) throw new PatchFault('bad-hunk-header', `Line ${cursor.line} is not a hunk header as git prints it (@@ -l,n +l,n @@): ${show(text)}. ${REMAKE}`);
  const [oldStart, oldCount, newStart, newCount] = [match[1], match[2] ?? '1', match[3], match[4] ?? '1'].map(Number) as [number, number, number, number];
  if ((oldCount > 0 && oldStart === 0) || (newCount > 0 && newStart === 0)) throw new PatchFault('bad-hunk-header', `The hunk header at line ${cursor.line} counts lines from 0: ${show(text)}.`);
  const counts = { line: cursor.line, oldBegin: oldCount === 0 ? oldStart : oldStart - 1, oldCount, newBegin: newCount === 0 ? newStart : newStart - 1, newCount };
  cursor.advance();
  return counts;
}

function parseHunkBody(cursor: PatchCursor, counts: Counts): Hunk {
  const sides = { before: new Side(counts.oldCount), after: new Side(counts.newCount) };
  let leading = 0;
  let trailing = 0;
  let context = 0;
  let changed = false;
  while (sides.before.left > 0 || sides.after.left > 0) {
    const isContext = takeHunkLine(cursor, sides, counts.line);
    if (isContext) context += 1;
    if (isContext && !changed) leading += 1;
    changed ||= !isContext;
    trailing = isContext ? trailing + 1 : 0;
  }
  if (!changed) throw new PatchFault('hunk-without-change', `The hunk at line ${counts.line} changes nothing.`);
  return {
    line: counts.line,
    oldBegin: counts.oldBegin,
    oldCount: counts.oldCount,
    newCount: counts.newCount,
    added: counts.newCount - context,
    before: sides.before.bytes(),
    after: sides.after.bytes(),
    leading,
    trailing,
    beforeOpen: sides.before.open,
    afterOpen: sides.after.open,
  };
}

/** Takes one line with its end marker; true when it is context. */
function takeHunkLine(cursor: PatchCursor, sides: { before: Side; after: Side }, header: number): boolean {
  const { first, line } = cursor;
  const inOld = first === SPACE || first === MINUS;
  const inNew = first === SPACE || first === PLUS;
  if (cursor.done || cursor.startsWith('@@ ') || cursor.startsWith('diff --git ')) throw countsFault(header, 'fewer');
  if (!inOld && !inNew) throw new PatchFault('hunk-line', `Line ${line} is in a hunk but begins neither with a space, + nor -: ${show(cursor.text(), 60)}. An empty context line is a single space.`);
  if ((inOld && sides.before.left === 0) || (inNew && sides.after.left === 0)) throw countsFault(header, 'more');
  const { start, end } = cursor;
  cursor.advance();
  const open = takeEndMarker(cursor);
  const content = cursor.bytes.subarray(start + 1, open ? end : end + 1);
  if (inOld) sides.before.add(content, open, line);
  if (inNew) sides.after.add(content, open, line);
  return inOld && inNew;
}

function takeEndMarker(cursor: PatchCursor): boolean {
  if (cursor.first !== BACKSLASH) return false;
  if (cursor.text() !== END_MARKER) throw new PatchFault('hunk-line', `Line ${cursor.line} should be "${END_MARKER}" but is ${show(cursor.text(), 60)}.`);
  cursor.advance();
  return true;
}

/** One side of a hunk while it is read. */
class Side {
  left: number;
  open = false;
  #bytes = Buffer.allocUnsafe(64);
  #size = 0;

  constructor(count: number) {
    this.left = count;
  }

  add(content: Buffer, open: boolean, line: number): void {
    this.left -= 1;
    if (open && this.left > 0) throw new PatchFault('misplaced-end-marker', `Line ${line} is marked as having no newline at the end of the file, but more lines follow on that side.`);
    this.open = open;
    if (this.#size + content.length > this.#bytes.length) this.#grow(this.#size + content.length);
    this.#size += content.copy(this.#bytes, this.#size);
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  // Doubling keeps the work linear and needs no object for each line.
  #grow(needed: number): void {
    const bytes = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(bytes, 0, 0, this.#size);
    this.#bytes = bytes;
  }
}

function assertNothingLeft(cursor: PatchCursor): void {
  if (cursor.done || cursor.startsWith('diff --git ')) return;
  if ([SPACE, PLUS, MINUS, BACKSLASH].includes(cursor.first)) {
    throw new PatchFault('hunk-counts', `Line ${cursor.line} goes on with the hunk above it, whose header counts fewer lines: ${show(cursor.text(), 60)}. ${RECOUNT}`);
  }
}

const countsFault = (header: number, what: 'fewer' | 'more'): PatchFault =>
  new PatchFault('hunk-counts', `The hunk at line ${header} has ${what} lines than its header counts. ${RECOUNT}`);

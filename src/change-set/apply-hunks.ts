import type { Hunk } from './diff-model.ts';
import { PatchFault } from './failure.ts';

const LINE_FEED = 0x0a;

/** Applies hunks at exactly the lines they name: no offset, no fuzz. `name` is for messages. Linear in the file. */
export function applyHunks(hunks: readonly Hunk[], base: Buffer, name: string): Buffer {
  const parts: Buffer[] = [];
  let line = 0;
  let at = 0;
  let copied = 0;
  for (const hunk of hunks) {
    for (; line < hunk.oldBegin && at < base.length; line += 1) at = lineEnd(base, at);
    if (line < hunk.oldBegin) throw mismatch(hunk, name, `the file has only ${line} lines`);
    const end = at + hunk.before.length;
    if (!base.subarray(at, end).equals(hunk.before)) throw mismatch(hunk, name, whereItDiffers(hunk, base, at));
    assertAnchored(hunk, { atStart: at === 0, atEnd: end === base.length, name });
    parts.push(base.subarray(copied, at), hunk.after);
    copied = end;
    at = end;
    line = hunk.oldBegin + hunk.oldCount;
  }
  parts.push(base.subarray(copied));
  return Buffer.concat(parts);
}

function lineEnd(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(LINE_FEED, from);
  return end < 0 ? bytes.length : end + 1;
}

/**
 * A hunk that does not touch the file's start or end must be held by context on that side, and a side whose last
 * line has no line feed must be the end of the file.
 */
function assertAnchored(hunk: Hunk, file: { atStart: boolean; atEnd: boolean; name: string }): void {
  if ((hunk.beforeOpen || hunk.afterOpen) && !file.atEnd) {
    throw new PatchFault('misplaced-end-marker', `The hunk at line ${hunk.line} for ${file.name} marks the end of the file where the base goes on.`);
  }
  if ((hunk.leading === 0 && !file.atStart) || (hunk.trailing === 0 && !file.atEnd)) {
    throw new PatchFault('no-context', `The hunk at line ${hunk.line} for ${file.name} has no context ${hunk.trailing === 0 && !file.atEnd ? 'after' : 'before'} its change. Give at least one line on each side (git diff -U3).`);
  }
}

function whereItDiffers(hunk: Hunk, base: Buffer, at: number): string {
  let line = hunk.oldBegin;
  let offset = 0;
  while (offset < hunk.before.length) {
    const end = lineEnd(hunk.before, offset);
    if (!base.subarray(at + offset, at + end).equals(hunk.before.subarray(offset, end))) break;
    offset = end;
    line += 1;
  }
  return `line ${line + 1} of the base is another`;
}

const mismatch = (hunk: Hunk, name: string, why: string): PatchFault =>
  new PatchFault('context-mismatch', `The hunk at line ${hunk.line} does not fit ${name} at line ${hunk.oldBegin + 1} of the base: ${why}. Hunks are applied exactly where they say.`);

import { PatchFault } from './failure.ts';

/** The diff itself within what git prints around it. */
export interface Enclosed {
  readonly bytes: Buffer;
  /** Of the diff's first line, 1-based, in the whole text. */
  readonly line: number;
  /** Whether an empty line may follow the diff: git ends a mail without a signature so. */
  readonly isMail: boolean;
}

const LINE_FEED = 0x0a;
const COMMIT_LINE = /^[0-9a-f]{40}\n$/u;
const MAIL_LINE = /^From [0-9a-f]{40} Mon Sep 17 00:00:00 2001$/u;
const MAIL_LINE_BYTES = 'From '.length + 40 + ' Mon Sep 17 00:00:00 2001'.length;
const STAT = / \| +(?:\d+(?: \+*-*)?|Bin(?: \d+ -> \d+ bytes)?)$/u;
const TOTAL = /^ (\d+) files? changed(?:, \d+ insertions?\(\+\))?(?:, \d+ deletions?\(-\))?$/u;
const SUMMARY = /^ (?:(?:create|delete) mode \d{6} .+|mode change \d{6} => \d{6}(?: .+)?|(?:rename|copy|rewrite) .+ \(\d+%\))$/u;
// What `git format-patch` puts below the diff: the base, if asked, and its signature with git's version. In a series, an
// empty line parts it from the next mail.
const BASE = String.raw`base-commit: [0-9a-f]{40}\n(?:prerequisite-patch-id: [0-9a-f]{40}\n)*`;
const SIGNATURE = String.raw`-- \n\d[\w.+-]*(?: \([\w .+-]{1,60}\))?\n\n\n?`;
const TAIL = new RegExp(`\\n(?:${BASE}(?:${SIGNATURE}|\\n?)|${SIGNATURE})$`, 'u');
const TAIL_BYTES = 64 * 1024;

/**
 * Finds the diff in what git prints: a bare diff; one below the commit id that `git diff-tree COMMIT` prints; or the one
 * commit of a `git format-patch` mail. The text of a mail is never looked at for changes: its diff is what stands below
 * the last diffstat, which nothing within a diff can look like. Linear. Throws a PatchFault for any other mail.
 */
export function openEnvelope(patch: Buffer): Enclosed {
  if (isMailLine(patch, 0)) return openMail(patch);
  const hasCommit = COMMIT_LINE.test(patch.toString('latin1', 0, 41)) && patch.toString('latin1', 41, 52) === 'diff --git ';
  return hasCommit ? { bytes: patch.subarray(41), line: 2, isMail: false } : { bytes: patch, line: 1, isMail: false };
}

const isMailLine = (patch: Buffer, at: number): boolean => patch[at + MAIL_LINE_BYTES] === LINE_FEED && MAIL_LINE.test(patch.toString('latin1', at, at + MAIL_LINE_BYTES));

function openMail(patch: Buffer): Enclosed {
  assertHeaders(patch);
  const start = startOfDiff(patch);
  if (start === null) throw new PatchFault('bad-mail', `The mail has no diff below a "---" line and a diffstat. ${AS_PRINTED}`);
  assertOneMail(patch, start);
  assertNoLooseHunk(patch, start);
  return { bytes: patch.subarray(start, endOfDiff(patch)), line: countLines(patch, start) + 1, isMail: true };
}

/** A second mail is one that begins below a diff, or what is left of one: a message may quote the line that begins one. */
function assertOneMail(patch: Buffer, start: number): void {
  for (let at = patch.lastIndexOf('\nFrom '); at >= 0; at = at === 0 ? -1 : patch.lastIndexOf('\nFrom ', at - 1)) {
    if (!isMailLine(patch, at + 1)) continue;
    if (at > start || patch.lastIndexOf('\n@@ -', at) >= 0 || patch.lastIndexOf('\ndiff --git ', at) >= 0) throw new PatchFault('several-commits', `Line ${countLines(patch, at + 1) + 1} begins a second mail. Give the diff from base to result, as git diff BASE prints it in a checkout with all of them, or one commit alone.`);
    return;
  }
}

/** `git apply` takes the whole mail for a patch, and refuses a hunk's header in its message that no file's header stands above. */
function assertNoLooseHunk(patch: Buffer, start: number): void {
  const message = patch.toString('latin1', 0, start);
  const at = message.search(/^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/mu);
  if (at < 0 || /^(?:diff --git |--- .*\n\+\+\+ )/mu.test(message.slice(0, at))) return;
  throw new PatchFault('bad-mail', `Line ${countLines(patch, at) + 1} of the mail's message looks like a hunk without its file, which git apply refuses. Give the diff alone.`);
}

/** The headers end at the first empty line; a line that begins with a space goes on with the one above. */
function assertHeaders(patch: Buffer): void {
  const end = patch.indexOf('\n\n');
  const lines = patch.toString('latin1', MAIL_LINE_BYTES + 1, Math.max(end, 0)).split('\n');
  const wrong = lines.findIndex((line) => !/^(?:[A-Za-z][A-Za-z0-9-]*:|[ \t])/u.test(line));
  if (end < 0 || wrong >= 0) throw new PatchFault('bad-mail', `Line ${wrong + 2} is no header of a mail. ${AS_PRINTED}`);
  for (const name of ['From', 'Date', 'Subject']) {
    if (!lines.some((line) => line.startsWith(`${name}:`))) throw new PatchFault('bad-mail', `The mail has no "${name}:" header. ${AS_PRINTED}`);
  }
  if (lines.some((line) => /^content-(?:type:\s*multipart|transfer-encoding:(?!\s*[78]bit\s*$))/iu.test(line))) {
    throw new PatchFault('bad-mail', `The mail is encoded or has attachments, so its bytes are not the patch's. ${AS_PRINTED}`);
  }
}

/** Where the last diff begins; null when there is none. */
function startOfDiff(patch: Buffer): number | null {
  for (let at = patch.length; at > 0; ) {
    at = patch.lastIndexOf('\n\ndiff --git ', at - 1);
    if (at >= 0 && hasDiffstatAbove(patch, at)) return at + 2;
  }
  return null;
}

/** Whether the lines that end at `end` are "---" and a complete diffstat. */
function hasDiffstatAbove(patch: Buffer, end: number): boolean {
  const lines = linesUpwards(patch, end);
  let line = lines.next().value ?? '';
  while (SUMMARY.test(line)) line = lines.next().value ?? '';
  const total = TOTAL.exec(line)?.[1];
  if (total === undefined) return false;
  let files = 0;
  for (line = lines.next().value ?? ''; line.startsWith(' ') && STAT.test(line); line = lines.next().value ?? '') files += 1;
  return line === '---' && files === Number(total);
}

function* linesUpwards(patch: Buffer, end: number): Generator<string, undefined> {
  for (let stop = end; stop > 0; ) {
    const start = patch.lastIndexOf(LINE_FEED, stop - 1);
    yield patch.toString('latin1', start + 1, stop);
    stop = start;
  }
}

function endOfDiff(patch: Buffer): number {
  const from = Math.max(0, patch.length - TAIL_BYTES);
  const match = TAIL.exec(patch.toString('latin1', from));
  return match === null ? patch.length : from + match.index + 1;
}

function countLines(patch: Buffer, end: number): number {
  let count = 0;
  for (let at = patch.indexOf(LINE_FEED); at >= 0 && at < end; at = patch.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}

const AS_PRINTED = 'Give the mail as git format-patch writes it, or the diff alone.';

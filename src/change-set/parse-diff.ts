import { ByteBudget } from './budget.ts';
import { asBuffer, show } from './bytes.ts';
import { assertPath } from './check-path.ts';
import type { DiffBody, FileDiff } from './diff-model.ts';
import { PatchFault } from './failure.ts';
import { MAX_FILES, MAX_PROPOSAL_BYTES } from './limits.ts';
import { assertOneChangeAPath } from './one-change-a-path.ts';
import { parseBinary } from './parse-binary.ts';
import { parseExtendedHeader, type ExtendedHeader } from './parse-header.ts';
import { assertHunks, parseHunks } from './parse-hunks.ts';
import { PatchCursor } from './patch-cursor.ts';
import { openEnvelope } from './patch-envelope.ts';
import { assertRaw, takeName } from './quoted-name.ts';

interface Names {
  readonly old: string;
  readonly new: string;
}

/**
 * Parses a unified diff in git's own form and nothing else: no prose (but for the mail around the diff that git itself
 * writes), no traditional headers, exact counts, one header order, one change a path. Throws a PatchFault; takes time linear in the size of the patch.
 */
export function parseDiff(patch: Uint8Array): FileDiff[] {
  if (patch.length === 0) throw new PatchFault('empty-patch', 'The patch is empty. Give the diff as git prints it.');
  if (patch.length > MAX_PROPOSAL_BYTES) throw new PatchFault('too-large', `The patch has ${patch.length} bytes; at most ${MAX_PROPOSAL_BYTES} are taken. Split the change.`);
  const enclosed = openEnvelope(asBuffer(patch));
  const cursor = new PatchCursor(enclosed.bytes, enclosed.line);
  const files: FileDiff[] = [];
  const budget = new ByteBudget();
  let hunks = 0;
  while (!cursor.done && !(enclosed.isMail && files.length > 0 && cursor.isLast && cursor.text() === '')) {
    const file = parseFile(cursor, budget);
    files.push(file);
    hunks += file.body.kind === 'text' ? file.body.hunks.length : 0;
    if (files.length > MAX_FILES) throw new PatchFault('too-many-files', `The patch changes more than ${MAX_FILES} files. Split the change.`);
    assertHunks(hunks);
  }
  assertOneChangeAPath(files);
  return files;
}

function parseFile(cursor: PatchCursor, budget: ByteBudget): FileDiff {
  const line = cursor.line;
  if (!cursor.startsWith('diff --git ')) throw notAHeader(cursor);
  const headerNames = cursor.text().slice('diff --git '.length);
  cursor.advance();
  const header = parseExtendedHeader(cursor);
  const { body, names } = parseBody(cursor, header, budget);
  const found = names ?? namesOfMove(header) ?? namesOfHeader(headerNames, line);
  assertNames(header, found, { headerNames, line });
  if (body.kind === 'none' && !mayBeBare(header)) throw withoutChange(cursor, line);
  assertBodyFits(header, body, line);
  const oldPath = header.op === 'add' ? null : found.old;
  const newPath = header.op === 'delete' ? null : found.new;
  return { line, op: header.op, oldPath, newPath, oldMode: header.oldMode, newMode: header.newMode, index: header.index, body };
}

function notAHeader(cursor: PatchCursor): PatchFault {
  if (cursor.startsWith('--- ')) return new PatchFault('traditional-header', `Line ${cursor.line} begins a diff without a "diff --git" line. Apply it in a checkout of the base (patch -p1 < FILE), and give what git diff prints there.`);
  return new PatchFault('stray-text', `Line ${cursor.line} belongs to no file: ${show(cursor.text(), 60)}. Give the diff alone, as git prints it, with nothing before, between or after.`);
}

function parseBody(cursor: PatchCursor, header: ExtendedHeader, budget: ByteBudget): { body: DiffBody; names: Names | null } {
  if (cursor.text() === 'GIT binary patch') {
    cursor.advance();
    return { body: { kind: 'binary', ...parseBinary(cursor, budget) }, names: null };
  }
  if (cursor.startsWith('Binary files ')) {
    throw new PatchFault('binary-without-content', `Line ${cursor.line} says that binary files differ, but not how. Make the patch with git diff --binary --full-index.`);
  }
  if (!cursor.startsWith('--- ')) return { body: { kind: 'none' }, names: null };
  const old = takeSideName(cursor, '--- ', header.op === 'add' ? null : 'a/');
  const next = takeSideName(cursor, '+++ ', header.op === 'delete' ? null : 'b/');
  const name = old ?? next;
  if (name === null) throw new PatchFault('bad-header', `Before line ${cursor.line} both sides are /dev/null.`);
  return { body: { kind: 'text', hunks: parseHunks(cursor) }, names: { old: old ?? name, new: next ?? name } };
}

/** The name on a `---` or `+++` line; `prefix` null means that the line must say /dev/null. */
function takeSideName(cursor: PatchCursor, keyword: string, prefix: 'a/' | 'b/' | null): string | null {
  const text = cursor.text();
  if (!text.startsWith(keyword)) throw new PatchFault('bad-header', `Line ${cursor.line} should begin with "${keyword.trimEnd()}" but is ${show(text, 60)}.`);
  const value = text.slice(keyword.length);
  const line = cursor.line;
  cursor.advance();
  if (prefix === null || value === '/dev/null') {
    if (prefix === null && value === '/dev/null') return null;
    throw new PatchFault('name-mismatch', `Line ${line} (${show(text, 100)}) does not fit the header lines above it: /dev/null stands for the missing side of an added or deleted file.`);
  }
  const { name, rest } = takeName(value, '\t');
  // git ends a name that holds a space with one TAB, and no other name.
  if (rest !== (value.includes(' ') ? '\t' : '')) throw new PatchFault('bad-header', `Line ${line} does not end as git prints it (one TAB after a name with a space, else nothing): ${show(text, 100)}.`);
  return withoutPrefix(name, prefix, line);
}

function withoutPrefix(name: string, prefix: string, line: number): string {
  if (!name.startsWith(prefix)) throw new PatchFault('bad-prefix', `Line ${line} names ${show(name)}, which does not begin with "${prefix}". Make it with git diff --default-prefix${name.startsWith(prefix === 'a/' ? 'b/' : 'a/') ? ', and without -R' : ''}.`);
  return name.slice(prefix.length);
}

const namesOfMove = (header: ExtendedHeader): Names | null => (header.from === null || header.to === null ? null : { old: header.from, new: header.to });

/** Both names of a header line that stand there alone: they must be the same. */
function namesOfHeader(text: string, line: number): Names {
  if (text.startsWith('"')) {
    const first = takeName(text);
    const second = takeName(first.rest.slice(1));
    return { old: withoutPrefix(first.name, 'a/', line), new: withoutPrefix(second.name, 'b/', line) };
  }
  // "a/N b/N": the two halves are equally long, so there is one way to split it.
  const middle = (text.length - 1) / 2;
  return { old: withoutPrefix(text.slice(0, middle), 'a/', line), new: withoutPrefix(text.slice(middle + 1), 'b/', line) };
}

function assertNames(header: ExtendedHeader, names: Names, at: { headerNames: string; line: number }): void {
  assertPath(names.old);
  assertPath(names.new);
  const isMove = header.op === 'rename' || header.op === 'copy';
  const moved = namesOfMove(header);
  const agrees = moved === null || (moved.old === names.old && moved.new === names.new);
  if (!agrees || (names.old === names.new) === isMove || !isHeaderOf(at.headerNames, names)) {
    throw new PatchFault('name-mismatch', `The names of the file at line ${at.line} do not agree: ${show(at.headerNames, 100)} against ${show(names.old, 60)} and ${show(names.new, 60)}. Every header line must name the same file.`);
  }
}

/** Whether a `diff --git` line's names are exactly these, each quoted or raw. */
function isHeaderOf(text: string, names: Names): boolean {
  const rest = dropName(text, `a/${names.old}`);
  return rest !== null && rest.startsWith(' ') && dropName(rest.slice(1), `b/${names.new}`) === '';
}

function dropName(text: string, name: string): string | null {
  if (text.startsWith('"')) {
    const taken = takeName(text);
    return taken.name === name ? taken.rest : null;
  }
  if (!text.startsWith(name)) return null;
  assertRaw(name);
  return text.slice(name.length);
}

/** Whether a header says a change by itself: of a mode, a name, or an empty file. */
const mayBeBare = (header: ExtendedHeader): boolean => header.op !== 'modify' || header.oldMode !== header.newMode;

function withoutChange(cursor: PatchCursor, line: number): PatchFault {
  const next = cursor.done || cursor.startsWith('diff --git ') ? '' : `: line ${cursor.line} is neither a header line of git's nor "--- a/…": ${show(cursor.text(), 60)}`;
  return new PatchFault('bad-header', `The file at line ${line} has a header but no change${next}. Give the diff as git prints it.`);
}

function assertBodyFits(header: ExtendedHeader, body: DiffBody, line: number): void {
  if (body.kind === 'none' && header.index !== null && header.op !== 'add' && header.op !== 'delete') throw new PatchFault('bad-header', `The file at line ${line} has an index line but no content change.`);
  if (body.kind === 'none' && header.similarity !== null && header.similarity !== 100) throw new PatchFault('bad-header', `The ${header.op} at line ${line} says that its contents are ${header.similarity}% alike, but shows no change of content. Give the whole diff, as git prints it.`);
  if (body.kind === 'binary' && (header.oldMode === '160000' || header.newMode === '160000')) throw new PatchFault('bad-submodule', `The file at line ${line} is a submodule, which is one line that names a commit and never binary.`);
  if (body.kind === 'binary' && (header.index?.old.length !== 40 || header.index.new.length !== 40)) {
    throw new PatchFault('binary-malformed', `The binary patch at line ${line} needs an index line with full object ids. Make it with git diff --binary --full-index.`);
  }
}

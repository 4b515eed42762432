import type { Change } from '../../domain/change-set.ts';
import { parseCanonicalDiff, type ShownFile, type ShownLine } from '../../change-set/parse-canonical-diff.ts';
import type { JudgedChange } from '../../policy/input.ts';

/**
 * What a canonical diff shows of the changed files: the lines that are in it, at their places, with blank lines between.
 * A part of the files only, for where the files themselves are not at hand; new and deleted text files are whole.
 */
export function changesFromDiff(changes: readonly Change[], diff: Uint8Array): JudgedChange[] {
  const files = parseCanonicalDiff(diff);
  const [byOld, byNew] = [new Map(files.map((file) => [file.oldPath, file])), new Map(files.map((file) => [file.newPath, file]))];
  return changes.map((change) => {
    // The diff may show a delete and an add as a rename; each path finds its side.
    const file = byNew.get(change.path) ?? byOld.get(change.path);
    const isBinary = file?.binary === true;
    return {
      change,
      oldBytes: change.oldBlob === null ? null : sideOf(file, (line) => (line.kind === 'add' ? null : line.oldLine)),
      newBytes: change.newBlob === null ? null : sideOf(file, (line) => (line.kind === 'delete' ? null : line.newLine)),
      added: isBinary ? null : change.op === 'delete' ? 0 : (file?.added ?? 0),
      removed: isBinary ? null : change.op === 'add' ? 0 : (file?.removed ?? 0),
    };
  });
}

// One NUL: what every reader of contents takes for binary.
const BINARY = new Uint8Array([0]);
const LINES_MAX = 1_000_000;

function sideOf(file: ShownFile | undefined, placeOf: (line: ShownLine) => number | null): Uint8Array {
  if (file?.binary === true) return BINARY;
  const lines: string[] = [];
  let ends = true;
  for (const line of file?.hunks.flatMap((hunk) => hunk.lines) ?? []) {
    const place = placeOf(line);
    if (place === null || place > LINES_MAX) continue;
    while (lines.length < place - 1) lines.push('');
    lines[place - 1] = line.text;
    ends = !line.noNewline;
  }
  return new TextEncoder().encode(lines.length === 0 ? '' : lines.join('\n') + (ends ? '\n' : ''));
}

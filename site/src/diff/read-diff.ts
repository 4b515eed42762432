import { parseCanonicalDiff, type ShownFile, type ShownHunk } from '../../../src/change-set/parse-canonical-diff.ts';

/** The files of a canonical diff, with the first reason why showing them would not show every byte; null: it would. */
export interface ReadDiff {
  readonly files: readonly ShownFile[];
  readonly missing: string | null;
}

// Every header line that the pages show in words or that binds nothing: modes, names, similarity, object ids.
const HEADER = /^(?:diff --git |(?:new file|deleted file|old|new) mode [0-7]{6}$|(?:similarity|dissimilarity) index \d+%$|(?:rename|copy) (?:from|to) |index [0-9a-f]+\.\.[0-9a-f]+(?: [0-7]{6})?$|--- |\+\+\+ )/u;
const RANGE = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/u;

/** Reads a canonical diff for display and judges whether the display is complete. The parser refuses nothing: this does. */
export function readCanonicalDiff(bytes: Uint8Array): ReadDiff {
  const files = parseCanonicalDiff(bytes);
  return { files, missing: files.length === 0 ? 'The diff is empty.' : (firstMissing(files) ?? notUtf8(bytes)) };
}

export const pathOf = (file: ShownFile): string => file.newPath ?? file.oldPath ?? '';

function firstMissing(files: readonly ShownFile[]): string | null {
  for (const file of files) {
    if (file.binary) return `${pathOf(file)} is binary.`;
    const strange = file.header.find((line) => !HEADER.test(line));
    if (strange !== undefined || !file.header[0]?.startsWith('diff --git ')) return `A line of the diff cannot be read near ${pathOf(file)}.`;
    if (!file.hunks.every(isComplete)) return `A part of the diff of ${pathOf(file)} is cut short.`;
  }
  return null;
}

function isComplete({ header, lines }: ShownHunk): boolean {
  const [, oldCount = '1', newCount = '1'] = RANGE.exec(header) ?? [];
  const on = (side: 'oldLine' | 'newLine'): number => lines.filter((line) => line[side] !== null).length;
  return on('oldLine') === Number(oldCount) && on('newLine') === Number(newCount);
}

// The parser shows such bytes as U+FFFD: readable, but not what would land.
function notUtf8(bytes: Uint8Array): string | null {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return null;
  } catch {
    return 'Some of its bytes are not UTF-8.';
  }
}

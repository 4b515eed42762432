import { utf8ToByteString } from './bytes.ts';
import type { Edit } from './edit-model.ts';
import { PatchFault } from './failure.ts';
import { locateSearch } from './locate-search.ts';
import { LineIndex } from './match-lines.ts';
import { dominantEnding, joinLines, splitLines, type LineEnding, type TextLine } from './text-lines.ts';

type Replace = Extract<Edit, { kind: 'replace' }>;

/**
 * Applies all SEARCH/REPLACE pairs of one file to its base content, exactly.
 *
 * Every search text is looked for in the base, not in the result of another pair, and places must not overlap.
 * Lines are compared without their endings, so a block written with line feeds fits a CRLF file. Endings are kept:
 * the lines that search and replacement share at their start and end keep their own; between those, the n-th new
 * line takes the ending of the n-th old one, and lines beyond take the file's dominant ending. Whether the file ends
 * in a newline stays as it is unless the block says `final-newline=`.
 */
export function replaceLines(edits: readonly Replace[], base: Uint8Array): Buffer {
  const lines = splitLines(base);
  const index = new LineIndex(lines.map(({ text }) => text));
  const placed = edits.map((edit) => ({ edit, at: locateSearch(edit, index) })).toSorted((a, b) => a.at - b.at);
  const fallback = dominantEnding(lines);
  const result: TextLine[] = [];
  let done = 0;
  for (const { edit, at } of placed) {
    if (at < done) throw new PatchFault('search-overlap', `The SEARCH text at line ${edit.line} overlaps another one of the same file. Make one pair of the two.`);
    const end = at + edit.search.length;
    for (; done < at; done += 1) result.push(lines[done] ?? { text: '', ending: '' });
    for (const line of newLines(edit, lines.slice(at, end), fallback)) result.push(line);
    done = end;
  }
  for (; done < lines.length; done += 1) result.push(lines[done] ?? { text: '', ending: '' });
  return joinLines(withFinalNewline(result, finalNewline(edits, lines), fallback));
}

function newLines(edit: Replace, old: readonly TextLine[], fallback: LineEnding): TextLine[] {
  const texts = edit.replace.map(utf8ToByteString);
  const shorter = Math.min(old.length, texts.length);
  let tail = 0;
  let head = 0;
  while (head < shorter && old[head]?.text === texts[head]) head += 1;
  while (tail < shorter - head && old[old.length - 1 - tail]?.text === texts[texts.length - 1 - tail]) tail += 1;
  const shift = old.length - texts.length;
  return texts.map((text, index) => {
    const twin = index >= texts.length - tail ? index + shift : index;
    const inMiddle = index >= head && index < texts.length - tail;
    const own = inMiddle && twin >= old.length - tail ? undefined : old[twin]?.ending;
    return { text, ending: own === undefined || own === '' ? fallback : own };
  });
}

/** Whether the result ends in a newline: as the blocks say, else as the base does. */
function finalNewline(edits: readonly Replace[], lines: readonly TextLine[]): boolean {
  const said = new Set(edits.flatMap(({ finalNewline: value }) => (value === null ? [] : [value])));
  if (said.size > 1) throw new PatchFault('bad-attribute', 'Two blocks of one file give different values for final-newline.');
  const [value] = said;
  return value ?? lines.at(-1)?.ending !== '';
}

function withFinalNewline(lines: TextLine[], wanted: boolean, fallback: LineEnding): TextLine[] {
  return lines.map((line, index) => {
    const isLast = index === lines.length - 1;
    if (isLast && !wanted) return { text: line.text, ending: '' };
    return line.ending === '' ? { text: line.text, ending: fallback } : line;
  });
}

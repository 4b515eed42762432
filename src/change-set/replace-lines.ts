import { PatchFault } from './failure.ts';
import type { Edit } from './edit-model.ts';
import { locateSearch, type SearchText } from './locate-search.ts';
import { byteStringOf } from './lossless-text.ts';
import { LineIndex } from './match-lines.ts';
import { dominantEnding, joinLines, lineOf, splitLines, withEnding, type LineEnding, type TextLine } from './text-lines.ts';

type Replace = Extract<Edit, { kind: 'replace' }>;

/** Where a pair stands in the base, and what comes there. `exact`: its lines name their own endings. */
interface Placed {
  readonly edit: Replace;
  readonly at: number;
  readonly texts: readonly string[];
  readonly exact: boolean;
}

/**
 * Applies all SEARCH/REPLACE pairs of one file to its base content, exactly.
 *
 * Every search text is looked for in the base, not in the result of another pair, and places must not overlap.
 * A pair that holds carriage returns, and fits the base with them, says every ending itself. Else lines are compared
 * without their endings, so a block written with line feeds fits a CRLF file, and endings are kept: the lines that
 * search and replacement share at their start and end keep their own; between those, the n-th new line takes the ending
 * of the n-th old one, and lines beyond take the one ending of the lines replaced, or the file's dominant one. Whether
 * the file ends in a newline stays as it is unless the block says `final-newline=`.
 */
export function replaceLines(edits: readonly Replace[], base: Uint8Array): Buffer {
  const lines = splitLines(base);
  const places = new Places(lines);
  const placed = edits.map((edit) => places.locate(edit)).toSorted((a, b) => a.at - b.at);
  const fallback = dominantEnding(lines);
  const result: TextLine[] = [];
  let done = 0;
  for (const place of placed) {
    if (place.at < done) throw new PatchFault('search-overlap', `The SEARCH text at line ${place.edit.line} overlaps another one of the same file. Make one pair of the two.`);
    const end = place.at + place.edit.search.length;
    for (; done < place.at; done += 1) result.push(lines[done] ?? { text: '', ending: '' });
    for (const line of newLines(place, lines.slice(place.at, end), fallback)) result.push(line);
    done = end;
  }
  for (; done < lines.length; done += 1) result.push(lines[done] ?? { text: '', ending: '' });
  const endsExactly = placed.at(-1)?.exact === true && (placed.at(-1)?.at ?? 0) + (placed.at(-1)?.edit.search.length ?? 0) === lines.length;
  return joinLines(withFinalNewline(result, { wanted: finalNewline(edits, lines), fallback, endsExactly }));
}

/** The base's lines, to be searched with and without their carriage returns. */
class Places {
  readonly #lines: readonly TextLine[];
  readonly #texts: LineIndex;
  #exact: LineIndex | null = null;

  constructor(lines: readonly TextLine[]) {
    this.#lines = lines;
    this.#texts = new LineIndex(lines.map(({ text }) => text));
  }

  locate(edit: Replace): Placed {
    const [search, texts] = [edit.search.map(byteStringOf), edit.replace.map(byteStringOf)];
    if ([...search, ...texts].some((line) => line.endsWith('\r'))) {
      this.#exact ??= new LineIndex(this.#lines.map(withEnding));
      if (search.length === 0 || this.#exact.findAll(search).length > 0) return { edit, at: locateSearch({ edit, search }, this.#exact), texts, exact: true };
    }
    const plain: SearchText = { edit, search: search.map(withoutReturn) };
    return { edit, at: locateSearch(plain, this.#texts), texts: texts.map(withoutReturn), exact: false };
  }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

function newLines({ texts, exact }: Placed, old: readonly TextLine[], dominant: LineEnding): TextLine[] {
  if (exact) return texts.map(lineOf);
  const shorter = Math.min(old.length, texts.length);
  let tail = 0;
  let head = 0;
  while (head < shorter && old[head]?.text === texts[head]) head += 1;
  while (tail < shorter - head && old[old.length - 1 - tail]?.text === texts[texts.length - 1 - tail]) tail += 1;
  const shift = old.length - texts.length;
  const fallback = onlyEnding(old) ?? dominant;
  return texts.map((text, index) => {
    const twin = index >= texts.length - tail ? index + shift : index;
    const inMiddle = index >= head && index < texts.length - tail;
    const own = inMiddle && twin >= old.length - tail ? undefined : old[twin]?.ending;
    return { text, ending: own === undefined || own === '' ? fallback : own };
  });
}

/** The ending that all these lines have; null when they have none or several. */
function onlyEnding(lines: readonly TextLine[]): LineEnding | null {
  const [first, ...others] = new Set(lines.map(({ ending }) => ending).filter((ending) => ending !== ''));
  return first === undefined || others.length > 0 ? null : first;
}

/** Whether the result ends in a newline: as the blocks say, else as the base does. */
function finalNewline(edits: readonly Replace[], lines: readonly TextLine[]): boolean {
  const said = new Set(edits.flatMap(({ finalNewline: value }) => (value === null ? [] : [value])));
  if (said.size > 1) throw new PatchFault('bad-attribute', 'Two blocks of one file give different values for final-newline.');
  const [value] = said;
  return value ?? lines.at(-1)?.ending !== '';
}

function withFinalNewline(lines: TextLine[], end: { wanted: boolean; fallback: LineEnding; endsExactly: boolean }): TextLine[] {
  return lines.map((line, index) => {
    const isLast = index === lines.length - 1;
    // A carriage return that a pair names is content where no line feed follows.
    if (isLast && !end.wanted) return { text: end.endsExactly ? withEnding(line) : line.text, ending: '' };
    return line.ending === '' ? { text: line.text, ending: end.fallback } : line;
  });
}

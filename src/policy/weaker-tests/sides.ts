import { linesOf } from '../text-lines.ts';

/** A text file before and after. An absent side is empty. */
export interface Sides {
  readonly path: string;
  readonly old: string;
  readonly now: string;
}

/** Something that makes tests weaker: a sentence without its subject, and the line of the result that it is about. */
export interface Weakening {
  readonly line: number;
  readonly what: string;
  /** True when the file as a whole is the subject; the line is then where to look. */
  readonly isAboutFile?: true;
}

export interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

const COMMENT = /^\s*(?:\/\/|\/?\*|#(?!\[)|--\s|<!--|;|%\s|rem\s)/i;

/** True for a line that is a comment as a whole, in any common language. */
export const isComment = (line: string): boolean => COMMENT.test(line);

export const numbered = (text: string): NumberedLine[] => linesOf(text).map((line, index) => ({ line: index + 1, text: line }));

/** The lines of the new text that stand there more often than before, wherever they stand and however far they are indented. */
export function surplusLines(old: string, now: string): NumberedLine[] {
  const left = new Map<string, number>();
  for (const line of linesOf(old)) left.set(line.trim(), (left.get(line.trim()) ?? 0) + 1);
  return numbered(now).filter(({ text }) => {
    const count = left.get(text.trim()) ?? 0;
    left.set(text.trim(), count - 1);
    return count <= 0;
  });
}

// A comment that begins behind a path or a quote is a glob: `'test/**'`.
const BLOCK_COMMENT = /(^|[\s{}();,])\/\*(?!\*?\/)[\s\S]*?\*\//g;
const BLOCKS = /\.(?:[cm]?[jt]sx?|java|kts?|cs|go|rs|php|swift|scala|groovy|c|cc|cpp|cxx|h|hpp|m|dart)$/i;

/** The text without what stands in comments of several lines; lines keep their numbers. */
export function withoutBlockComments(path: string, text: string): string {
  if (!BLOCKS.test(path)) return text;
  // Behind the last end no comment closes, and looking for one from each beginning would take quadratic time.
  const last = text.lastIndexOf('*/');
  const end = last < 0 ? 0 : last + 2;
  return text.slice(0, end).replaceAll(BLOCK_COMMENT, (comment, before: string) => before + comment.slice(before.length).replaceAll(/[^\n]/g, '')) + text.slice(end);
}

/** The lines of the old text that are gone, each as often as it is gone, and where in the new text they would stand. */
export function goneLines(old: string, now: string): (NumberedLine & { readonly nowLine: number })[] {
  const left = new Map<string, number>();
  for (const line of linesOf(now)) left.set(line.trim(), (left.get(line.trim()) ?? 0) + 1);
  const places = placesOf(now);
  let last = 1;
  return numbered(old).flatMap(({ line, text }) => {
    const key = text.trim();
    const count = left.get(key) ?? 0;
    if (count === 0) return [{ line, text, nowLine: last }];
    left.set(key, count - 1);
    // The next place of this line that is not before the last one: what stays, stays in order.
    const place = places.get(key)?.find((each) => each >= last);
    if (place !== undefined && key.length > 2) last = place;
    return [];
  });
}

const PLACES_MAX = 50;

function placesOf(text: string): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const { line, text: content } of numbered(text)) {
    const known = places.get(content.trim());
    if (known === undefined) places.set(content.trim(), [line]);
    else if (known.length < PLACES_MAX) known.push(line);
  }
  return places;
}

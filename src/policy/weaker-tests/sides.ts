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

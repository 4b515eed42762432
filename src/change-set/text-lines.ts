import { byteString, bytesOf } from './bytes.ts';

export type LineEnding = '\n' | '\r\n' | '';

/** A file as lines (byte strings) with each one's own ending; only the last can be without. */
export interface TextLine {
  readonly text: string;
  readonly ending: LineEnding;
}

/** Splits at line feeds; a carriage return right before one belongs to the ending. An empty file has no lines. */
export function splitLines(bytes: Uint8Array): TextLine[] {
  const parts = byteString(bytes).split('\n');
  const last = parts.pop() ?? '';
  const lines = parts.map((part): TextLine => (part.endsWith('\r') ? { text: part.slice(0, -1), ending: '\r\n' } : { text: part, ending: '\n' }));
  return last === '' ? lines : [...lines, { text: last, ending: '' }];
}

/** A line with the carriage return of its ending, if it has one. */
export const withEnding = ({ text, ending }: TextLine): string => (ending === '\r\n' ? `${text}\r` : text);

/** The line that `withEnding` gives, ended by a line feed. */
export const lineOf = (line: string): TextLine => (line.endsWith('\r') ? { text: line.slice(0, -1), ending: '\r\n' } : { text: line, ending: '\n' });

export const joinLines = (lines: readonly TextLine[]): Buffer => bytesOf(lines.map(({ text, ending }) => text + ending).join(''));

/** The ending that most lines have; a line feed when there is no majority. */
export function dominantEnding(lines: readonly TextLine[]): LineEnding {
  let balance = 0;
  for (const { ending } of lines) balance += ending === '\r\n' ? 1 : ending === '\n' ? -1 : 0;
  return balance > 0 ? '\r\n' : '\n';
}

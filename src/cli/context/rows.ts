import { paint } from '../output.ts';
import { printable } from '../printable.ts';

const LABEL = 13;

/** Columns for what a context says: those of the terminal, within what is easy to read. */
export const contextWidth = (): number => Math.max(60, Math.min(process.stdout.columns ?? 100, 160));

/** A labelled value, wrapped under itself at spaces; nothing for an empty one. */
export function row(label: string, value: string, width: number): string[] {
  if (value === '') return [];
  const lines: string[] = [];
  let line = '';
  // A number stays with the word before it: `SQL 2`.
  for (const word of printable(value).split(/ (?!\d+(?: ·|$))/)) {
    if (line !== '' && line.length + word.length + 1 > width - LABEL) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((text, index) => `${paint.dim((index === 0 ? label : '').padEnd(LABEL))}${text}`);
}

export const grouped = (number: number): string => String(number).replace(/\B(?=(?:\d{3})+$)/g, ' ');
export const amount = (number: number, noun: string): string => `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`;
export const size = (bytes: number): string => (bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);
export const clip = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
export const listed = (items: readonly string[], most: number): string => (items.length > most ? `${items.slice(0, most).join(', ')} and ${items.length - most} more` : items.join(', '));

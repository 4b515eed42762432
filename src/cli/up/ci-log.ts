import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../printable.ts';

const LAST_LINES = 6;
const LINE_CHARS_MAX = 160;

/** Where a CI command's output is kept. */
export const ciLogOf = (dir: string, checkId: number): string => join(dir, 'logs', 'ci', `${checkId}.log`);

/** The last lines that a CI command printed, safe to show, without their times. Empty when there is no log. */
export async function ciTail(dir: string, checkId: number): Promise<readonly string[]> {
  const text = await readFile(ciLogOf(dir, checkId), 'utf8').catch(() => '');
  return lastLines(text.split('\n').map((line) => line.replace(/^\S+Z /, '')));
}

/** The last of these lines that say anything, safe to show. */
export const lastLines = (lines: readonly string[], count = LAST_LINES): readonly string[] =>
  lines.map((line) => printable(line).trim().slice(0, LINE_CHARS_MAX)).filter((line) => line !== '').slice(-count);

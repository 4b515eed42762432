import { codePointMark, oneLine } from '../domain/code-point.ts';
import { revealHidden } from '../policy/hidden-characters.ts';

// Everything from outside that is shown to people goes through here: no HTML, no images, no mentions, no hidden characters.

/** Control, invisible and direction-changing characters as visible code points; what belongs to an emoji or a script stays. */
export const showHidden = (text: string): string => revealHidden(text.replaceAll('\r', codePointMark), codePointMark);

/** Breaks a word for GitHub's filters, which look at the rendered text: an entity would be decoded before they look. */
const BREAK = '<!-- -->';

/**
 * One line of outside text inside Markdown prose: no markup, no mention, no reference, no link. Only what its author put
 * between single backticks is shown as code; with a bar, which would end a table's cell there, it stays text.
 */
export function inline(text: string, charactersMax = 300): string {
  const flat = showHidden(oneLine(text).trim());
  const cut = flat.length > charactersMax ? `${flat.slice(0, charactersMax)}…` : flat;
  return cut
    .split(/(?<!`)(`[^`]{1,300}`)(?!`)/)
    .map((part, index) => (index % 2 === 1 && /^`[^|]*[^|\s][^|]*`$/.test(part) ? code(part.slice(1, -1).trim()) : disarm(part)))
    .join('');
}

const disarm = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll(/[\\`*_{}[\]<>|~]/g, (character) => `\\${character}`)
    .replaceAll(/[@#]|:(?=\/\/)|www(?=\.)|GH(?=-\d)/gi, (word) => `${word}${BREAK}`);

/** Outside text as inline code. */
export function code(text: string): string {
  const flat = showHidden(oneLine(text));
  const ticks = '`'.repeat(longestRun(flat, '`') + 1);
  const pad = flat.startsWith('`') || flat.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${flat}${pad}${ticks}`;
}

/** Inline code inside a table's cell, where a bar would begin the next cell even between backticks. */
export const codeCell = (text: string): string => code(text).replaceAll('|', '\\|');

/** Outside text as a fenced block that it cannot close itself. */
export function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text, '`') + 1));
  return `${fence}${language}\n${showHidden(text).replace(/\n?$/, '\n')}${fence}`;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Text that the ledger can hold: well-formed and without NUL. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\uFFFD');

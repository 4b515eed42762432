import { codePointMark, oneLine } from '../../domain/code-point.ts';

// Documents are shown on GitHub. Whatever stands in them may come from anyone: no HTML, no images, no mentions, no links, no hidden characters.

// Of what is drawn as nothing only the selectors of an emoji's look may stay.
const HIDDEN = /(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;
export const showHidden = (text: string): string => text.replace(HIDDEN, codePointMark);

/** A file's path in prose reads as one, and its underscores need no backslash. */
const FILE = /(?<![\p{L}\p{N}_./:@#~-])((?:[\p{L}\p{N}_.-]{1,100}\/){1,20}[\p{L}\p{N}_.-]{0,100}[\p{L}\p{N}_]\.[A-Za-z]\w{0,9})(?![\p{L}\p{N}_/@:-])/u;

/**
 * One line of outside text in prose or in a table's cell. What its author put between single backticks is shown as code;
 * everything else stays text: backslashes disarm Markdown; entities disarm what GitHub makes of plain text: mentions,
 * issue references, and addresses that become links by themselves.
 */
export function inline(text: string, charactersMax = 2_000): string {
  const flat = showHidden(oneLine(text).trim());
  const cut = flat.length > charactersMax ? `${flat.slice(0, charactersMax).toWellFormed()}…` : flat;
  const parts = cut.split(/(?<!`)`([^`]{1,300})`(?!`)/);
  return parts
    .map((part, index) => (index % 2 === 1 ? (part.trim() === '' ? '' : code(part.trim())) : part.split(FILE).map((each, at) => (at % 2 === 1 ? code(each) : disarm(each))).join('')))
    .join('')
    .replace(/^([-+]|\d{1,9}[.)])(?=\s)/, '\\$1');
}

const disarm = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/[\\`*_{}[\]()<>|~!$^=]/g, '\\$&')
    .replace(/[@#]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/:\/\//g, '&#58;//')
    .replace(/\bwww\./gi, (start) => `${start.slice(0, -1)}&#46;`);

/** Outside text as inline code, in a table or in prose. A bar ends a table's cell even inside code. */
export function code(text: string): string {
  const flat = showHidden(oneLine(text)).replace(/\|/g, '¦').slice(0, 1_000).toWellFormed();
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map((run) => run[0].length));
  const ticks = '`'.repeat(longest + 1);
  const pad = flat.startsWith('`') || flat.endsWith('`') || flat === '' ? ' ' : '';
  return `${ticks}${pad}${flat}${pad}${ticks}`;
}

/** A table; cells are Markdown already. Nothing when there is no row. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

/** A heading with what stands under it; nothing when nothing does. */
export const section = (heading: string, body: string): string => (body === '' ? '' : `## ${heading}\n\n${body}`);

export const join = (parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`;
export const codes = (texts: readonly string[]): string => (texts.length === 0 ? '–' : texts.map(code).join(', '));

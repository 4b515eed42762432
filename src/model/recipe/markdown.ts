import type { Options } from 'mdast-util-from-markdown';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { dedentBlock, listIndent } from './list-fence.ts';
import { looseHeading } from './topics.ts';

/** One block of a Markdown text, in order. `line` is 1-based. A fence's `raw` begins at `firstLine`: a line that names a file may stand above it. */
export type Block =
  | { readonly kind: 'heading'; readonly depth: number; readonly text: string; readonly line: number }
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'quote'; readonly text: string; readonly line: number }
  | { readonly kind: 'item'; readonly text: string; readonly line: number; readonly checkbox: boolean; /** Blanks before its mark: deeper ones belong to the item above. */ readonly indent: number }
  | { readonly kind: 'fence'; readonly language: string; readonly attributes: string; readonly raw: string; /** Between its fences. */ readonly content: string; readonly line: number; readonly firstLine: number; readonly plain: boolean; /** Why Markdown does not read it as the change that its author meant; the rest of it is empty then. */ readonly lost?: string };

/** What stands under a heading, down to the next one of any depth. */
export interface Section {
  /** The heading (null before the first), then those that it stands under, the nearest first. */
  readonly headings: readonly string[];
  readonly blocks: readonly Block[];
}

/**
 * What is left on is what an issue is read for: headings, fences, HTML (to leave it out) and paragraphs. Everything
 * inline stays as it is written. Containers (lists, quotes) are off because hostile nesting makes them quadratic; list
 * items are read from the paragraphs' lines instead.
 */
const FLAT: NonNullable<Options['extensions']>[number] = {
  disable: {
    null: [
      'attention', 'autolink', 'blockQuote', 'characterEscape', 'characterReference', 'codeIndented', 'codeText', 'definition',
      'hardBreakEscape', 'htmlText', 'labelEnd', 'labelStartImage', 'labelStartLink', 'list', 'setextUnderline',
    ],
  },
};

/** What GitHub's issue forms write for an empty field. */
const NO_RESPONSE = '_No response_';

/** Reads a Markdown text as a flat list of blocks. Never throws for any text; takes time linear in its length. */
export function readBlocks(markdown: string): Block[] {
  const root = fromMarkdown(markdown, { extensions: [FLAT] });
  return root.children.flatMap((node, index): Block[] => {
    const line = node.position?.start.line ?? 1;
    const raw = markdown.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
    if (node.type === 'heading') return [{ kind: 'heading', depth: node.depth, text: textIn(node.children), line }];
    if (node.type === 'code') return [node.lang == null && node.value.startsWith('diff --git a/') ? { ...lostFence(line), lost: `The fence at line ${line} holds a diff and does not say so. Write diff behind its backticks (or text, when it is none of the change).` } : readFence(markdown, node)];
    if (node.type === 'paragraph') return readParagraph(raw, { firstLine: line, indent: (node.position?.start.column ?? 1) - 1, underlined: isUnderline(markdown, root.children[index + 1], node.position?.end.line ?? line) });
    if (node.type === 'html') return lostIn(raw, line, LOST.html);
    return [];
  });
}

const LOST = {
  html: { pattern: /^[ \t]{0,3}(?:`{3,}|~{3,})[ \t]*(?:search\/replace|new-file|delete|rename|diff|patch|rewrite|ast-grep)\b/, what: 'The fence at line', why: 'stands right below HTML, where Markdown reads none. Leave a blank line above it' },
  bare: { pattern: /^(?:diff --git |<{7,20} SEARCH\s*$|\*\*\* Begin Patch\s*$)/, what: 'Line', why: 'begins a change outside a fence, where Markdown makes prose of it. Put three backticks and its form (diff, or search/replace path=FILE) above it, and three backticks below it' },
} as const;

const lostFence = (line: number): Extract<Block, { kind: 'fence' }> => ({ kind: 'fence', language: '', attributes: '', raw: '', content: '', line, firstLine: line, plain: false });

/** A change that its author meant and that Markdown does not show as one: said, never passed over. */
function lostIn(raw: string, firstLine: number, { pattern, what, why }: (typeof LOST)[keyof typeof LOST]): Block[] {
  const at = withoutComments(raw).split(/\r\n|\r|\n/).findIndex((each) => pattern.test(each));
  const line = firstLine + at;
  return at < 0 ? [] : [{ ...lostFence(line), lost: `${what} ${line} ${why}.` }];
}

/** A line of dashes right under a paragraph makes its last line a heading; the parser, with underlines off, takes it for a rule. */
const isUnderline = (markdown: string, next: ReturnType<typeof fromMarkdown>['children'][number] | undefined, end: number): boolean =>
  next?.type === 'thematicBreak' && next.position?.start.line === end + 1 && /^-+\s*$/.test(markdown.slice(next.position.start.offset ?? 0, next.position.end.offset ?? 0));

/** A fence from the start of its line (its indentation counts); plain ones with the file name that stands above them. */
function readFence(markdown: string, node: Extract<ReturnType<typeof fromMarkdown>['children'][number], { type: 'code' }>): Block {
  const [start, end, line] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0, node.position?.start.line ?? 1];
  let from = markdown.lastIndexOf('\n', start - 1) + 1;
  let firstLine = line;
  // The plain form: a SEARCH line first, or after one line with the path. A quoted example of a block is not one.
  const plain = node.meta == null && /^(?!\s*[`~]{3})(?:[^\n]*\n)?<{7,20} SEARCH/.test(node.value);
  if (start > 0 && plain) {
    for (let above = 0; above < 2 && from > 1; above++, firstLine--) {
      const previous = markdown.lastIndexOf('\n', from - 2) + 1;
      // Another block's end would open a new one.
      if (/^ {0,3}[`~]{3}/.test(markdown.slice(previous, from))) break;
      from = previous;
    }
  }
  const raw = dedentBlock(markdown.slice(start === 0 ? 0 : from, end), listIndent(markdown, markdown.lastIndexOf('\n', start - 1) + 1));
  return { kind: 'fence', language: node.lang ?? '', attributes: node.meta ?? '', raw, content: node.value, line, firstLine, plain };
}

const textIn = (children: readonly { readonly type: string; readonly value?: unknown }[]): string => children.map((child) => (typeof child.value === 'string' ? child.value : '')).join('').trim();

const MARKER = /^\s{0,12}(?:[-*+]|\d{1,9}[.)])\s+(.*)$/;
const CHECKBOX = /^\[[ xX]?\]\s+(.*)$/;
const UNDERLINE = /^ {0,3}(?:=+|-{1,2})[ \t]*$/;
const TABLE_LINE = /^ {0,3}\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*$/;

interface Open {
  readonly kind: 'text' | 'item' | 'quote' | 'heading';
  readonly lines: string[];
  readonly line: number;
  readonly checkbox: boolean;
  readonly indent: number;
  /** Of a heading. */
  readonly depth?: number;
}

/** A paragraph's lines: each list marker starts an item, headings people write by other marks are headings, other lines continue what is open. */
function readParagraph(raw: string, { firstLine, indent, underlined }: { firstLine: number; indent: number; underlined: boolean }): Block[] {
  const lines = withoutComments(raw).split(/\r\n|\r|\n/);
  if (TABLE_LINE.test(lines[1] ?? '')) return tableRows(lines, firstLine);
  const blocks: Open[] = [];
  const start = (kind: Open['kind'], text: string, line: number, mark: { checkbox: boolean; indent: number } = { checkbox: false, indent: 0 }): void => void blocks.push({ kind, lines: [text], line, ...mark });
  for (const [index, line] of lines.entries()) {
    const item = MARKER.exec(line)?.[1];
    const box = item === undefined ? undefined : CHECKBOX.exec(item)?.[1];
    const open = blocks.at(-1);
    const heading = looseHeading(line);
    if (item !== undefined) start('item', box ?? item, firstLine + index, { checkbox: box !== undefined, indent: (index === 0 ? indent : 0) + blanksBefore(line) });
    else if (heading !== null) start('heading', heading, firstLine + index);
    else if (open?.kind === 'text' && UNDERLINE.test(line)) underline(blocks, line.includes('=') ? 1 : 2);
    else if (open?.kind !== 'quote' && QUOTED.test(line)) start('quote', unquoted(line), firstLine + index);
    else if (open === undefined || open.kind === 'heading') start('text', line, firstLine + index);
    else open.lines.push(open.kind === 'quote' ? unquoted(line) : line);
  }
  if (underlined && blocks.at(-1)?.kind === 'text') underline(blocks, 2);
  return [...lostIn(raw, firstLine, LOST.bare), ...blocks.flatMap(({ kind, lines: own, line, checkbox, indent, depth = LOOSE_DEPTH }): Block[] => {
    const text = own.map((each) => each.trim()).join(' ').trim();
    if (text === '' || text === NO_RESPONSE) return [];
    if (kind === 'heading') return [{ kind, depth, text, line }];
    return [kind === 'item' ? { kind, text, line, checkbox, indent } : { kind, text, line }];
  })];
}

/** A tab reaches the next column of four. */
const blanksBefore = (line: string): number => (/^[ \t]*/.exec(line)?.[0] ?? '').replaceAll('\t', '    ').length;

/** Of a heading by other marks than Markdown's: below all of its own, so that such a one never stands over one of them. */
const LOOSE_DEPTH = 6;

/** The last line above an underline is a heading of the first (`=`) or second (`-`) order; what stands before it stays text, as its author meant it. */
function underline(blocks: Open[], depth: number): void {
  const last = blocks.at(-1);
  const line = last?.lines.pop();
  if (last === undefined || line === undefined) return;
  if (last.lines.length === 0) blocks.pop();
  blocks.push({ kind: 'heading', lines: [line], line: last.line + last.lines.length, checkbox: false, indent: 0, depth });
}

const QUOTED = /^ {0,3}>/;
const unquoted = (line: string): string => line.replace(/^ {0,3}(?:> ?)+/, '');

/** A table's rows as items: the longest cell is what a row says. */
function tableRows(lines: readonly string[], firstLine: number): Block[] {
  return lines.slice(2).flatMap((line, index): Block[] => {
    const cells = line.split('|').map((cell) => cell.trim());
    const text = cells.toSorted((left, right) => right.length - left.length)[0] ?? '';
    return text === '' ? [] : [{ kind: 'item', text, line: firstLine + 2 + index, checkbox: false, indent: 0 }];
  });
}

/** Comments within a paragraph are not read either; their line ends stay, so that lines keep their numbers. */
function withoutComments(raw: string): string {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const start = raw.indexOf('<!--', from);
    const end = start < 0 ? -1 : raw.indexOf('-->', start + 4);
    if (end < 0) return from === 0 ? raw : parts.join('') + raw.slice(from);
    parts.push(raw.slice(from, start), raw.slice(start, end).replace(/[^\r\n]/g, ''));
    from = end + 3;
  }
}

/** Groups blocks under their headings. */
export function sectionsOf(blocks: readonly Block[]): Section[] {
  const sections: { headings: string[]; blocks: Block[] }[] = [{ headings: [], blocks: [] }];
  let above: { depth: number; text: string }[] = [];
  for (const block of blocks) {
    if (block.kind !== 'heading') {
      sections.at(-1)?.blocks.push(block);
      continue;
    }
    above = [{ depth: block.depth, text: block.text }, ...above.filter(({ depth }) => depth < block.depth)];
    sections.push({ headings: above.map(({ text }) => text), blocks: [] });
  }
  return sections;
}

import type { Options } from 'mdast-util-from-markdown';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { dedentBlock, listIndent } from './list-fence.ts';

/** One block of a Markdown text, in order. `line` is 1-based. A fence's `raw` begins at `firstLine`: a line that names a file may stand above it. */
export type Block =
  | { readonly kind: 'heading'; readonly depth: number; readonly text: string; readonly line: number }
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'item'; readonly text: string; readonly line: number; readonly checkbox: boolean }
  | { readonly kind: 'fence'; readonly language: string; readonly attributes: string; readonly raw: string; /** Between its fences. */ readonly content: string; readonly line: number; readonly firstLine: number; readonly plain: boolean };

/** A heading (null before the first) and what stands under it, down to the next heading of any depth. */
export interface Section {
  readonly heading: string | null;
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
  return root.children.flatMap((node): Block[] => {
    const line = node.position?.start.line ?? 1;
    const raw = markdown.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
    if (node.type === 'heading') return [{ kind: 'heading', depth: node.depth, text: textIn(node.children), line }];
    if (node.type === 'code') return [readFence(markdown, node)];
    if (node.type === 'paragraph') return readParagraph(raw, line);
    return [];
  });
}

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
const CHECKBOX = /^\[[ xX]\]\s+(.*)$/;

/** A paragraph's lines: each list marker starts an item, other lines continue what is open. */
function readParagraph(raw: string, firstLine: number): Block[] {
  const blocks: { kind: 'text' | 'item'; lines: string[]; line: number; checkbox: boolean }[] = [];
  for (const [index, line] of raw.split(/\r\n|\r|\n/).entries()) {
    const item = MARKER.exec(line)?.[1];
    const box = item === undefined ? undefined : CHECKBOX.exec(item)?.[1];
    const open = blocks.at(-1);
    if (item !== undefined) blocks.push({ kind: 'item', lines: [box ?? item], line: firstLine + index, checkbox: box !== undefined });
    else if (open !== undefined) open.lines.push(line);
    else blocks.push({ kind: 'text', lines: [line], line: firstLine + index, checkbox: false });
  }
  return blocks.flatMap(({ kind, lines, line, checkbox }): Block[] => {
    const text = lines.map((each) => each.trim()).join(' ').trim();
    if (text === '' || text === NO_RESPONSE) return [];
    return [kind === 'item' ? { kind, text, line, checkbox } : { kind, text, line }];
  });
}

/** Groups blocks under their headings. */
export function sectionsOf(blocks: readonly Block[]): Section[] {
  const sections: { heading: string | null; blocks: Block[] }[] = [{ heading: null, blocks: [] }];
  for (const block of blocks) {
    if (block.kind === 'heading') sections.push({ heading: block.text, blocks: [] });
    else sections.at(-1)?.blocks.push(block);
  }
  return sections;
}

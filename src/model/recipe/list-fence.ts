// Lists are off in the parser (markdown.ts says why), so whether a fence that is indented by more than three spaces belongs
// to a list item, as GitHub shows it, is found by looking up from it.

/** Lines above a fence that are looked at; an item that begins further up is not found, and its block is asked for. */
const LINES_ABOVE_MAX = 1_000;
const ITEM = /^( *(?:[-*+]|\d{1,9}[.)]) {1,4})\S/;

/** Spaces before a fence, when they belong to the list item that it stands in; 0 for a fence that needs none taken off, or is code. */
export function listIndent(markdown: string, lineStart: number): number {
  const indent = spacesAt(markdown, lineStart);
  if (indent <= 3) return 0;
  let outermost = indent;
  let end = lineStart - 1;
  for (let above = 0; above < LINES_ABOVE_MAX && end >= 0 && outermost > 0; above++) {
    const start = markdown.lastIndexOf('\n', end - 1) + 1;
    const line = markdown.slice(start, end);
    end = start - 1;
    const spaces = spacesAt(line, 0);
    if (line.trim() === '' || spaces >= outermost) continue;
    const content = ITEM.exec(line)?.[1]?.length;
    if (content !== undefined && content <= indent && indent < content + 4) return indent;
    outermost = spaces;
  }
  return 0;
}

/** A block's lines without the first `indent` spaces, as far as they have them. */
export const dedentBlock = (block: string, indent: number): string => (indent === 0 ? block : block.replaceAll(new RegExp(`^ {1,${indent}}`, 'gm'), ''));

const spacesAt = (text: string, at: number): number => {
  let end = at;
  while (text[end] === ' ') end++;
  return end - at;
};

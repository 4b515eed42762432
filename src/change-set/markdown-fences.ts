/** A fenced code block of a Markdown text. */
export interface Fence {
  /** Line of the opening fence, 1-based. */
  readonly line: number;
  readonly info: string;
  readonly lines: readonly string[];
  /** False when the text ends inside the block. */
  readonly closed: boolean;
  /** The last line with words above the fence, with its number; null when there is none since the fence before. */
  readonly above: { readonly text: string; readonly line: number } | null;
}

const OPENING = /^( {0,3})(`{3,}|~{3,})(.*)$/su;

/**
 * Finds the fenced code blocks of a text as CommonMark does: backticks or tildes, three or more, closed by at least
 * as many; an indentation of up to three spaces comes off every line. What stands in an HTML comment, or inside
 * another fence, is no block. Lines come without their endings; `keepReturns` leaves the carriage returns of a text that
 * itself has line feeds alone, for content that must be exact: where every line ends in CRLF, that is the text's own way.
 */
export function findFences(markdown: string, { keepReturns = false }: { keepReturns?: boolean } = {}): Fence[] {
  const lines = markdown.split(keepReturns && /(?<!\r)\n/u.test(markdown) ? '\n' : /\r?\n/u);
  const fences: Fence[] = [];
  let above: Fence['above'] = null;
  for (let at = 0; at < lines.length; at += 1) {
    const text = lines[at] ?? '';
    if (/^ {0,3}<!--/u.test(text)) {
      at = endOfComment(lines, at);
      continue;
    }
    const opening = openingOf(text);
    if (opening === null) {
      if (text.trim() !== '') above = { text: text.trim(), line: at + 1 };
      continue;
    }
    const end = endOfFence(lines, at + 1, opening.fence);
    const body = lines.slice(at + 1, end).map((line) => dedent(line, opening.indent));
    fences.push({ line: at + 1, info: opening.info, lines: body, closed: end < lines.length, above });
    above = null;
    at = end;
  }
  return fences;
}

function openingOf(text: string): { indent: number; fence: string; info: string } | null {
  const match = OPENING.exec(text);
  const [fence, info] = [match?.[2] ?? '', (match?.[3] ?? '').trim()];
  if (match === null || (fence.startsWith('`') && info.includes('`'))) return null;
  return { indent: match[1]?.length ?? 0, fence, info };
}

function endOfFence(lines: readonly string[], from: number, fence: string): number {
  for (let at = from; at < lines.length; at += 1) {
    const closing = /^ {0,3}(`{3,}|~{3,})[ \t\r]*$/u.exec(lines[at] ?? '')?.[1];
    if (closing !== undefined && closing[0] === fence[0] && closing.length >= fence.length) return at;
  }
  return lines.length;
}

function endOfComment(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && !(lines[at] ?? '').includes('-->')) at += 1;
  return at;
}

const dedent = (line: string, indent: number): string => line.slice(Math.min(indent, line.length - line.trimStart().length));

// A YAML value in which strings may carry `${{ … }}`.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type Template =
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'expression'; text: string }
  | { kind: 'text'; parts: Part[] }
  | { kind: 'list'; items: Template[] }
  | { kind: 'map'; entries: [string, Template][] };

const OPEN = '${{';
const CLOSE = '}}';

/** Reads a parsed YAML value. Throws an `Error` with a sentence for an unclosed expression or a value that YAML text cannot hold. */
export function toTemplate(raw: unknown): Template {
  if (typeof raw === 'string') return textTemplate(raw);
  if (raw === null || typeof raw === 'number' || typeof raw === 'boolean') return { kind: 'literal', value: raw };
  if (Array.isArray(raw)) return { kind: 'list', items: raw.map(toTemplate) };
  if (typeof raw === 'object') return { kind: 'map', entries: Object.entries(raw).map(([key, value]) => [key, toTemplate(value)]) };
  throw new Error(`Unexpected ${typeof raw} in a workflow file`);
}

function textTemplate(text: string): Template {
  const parts = splitExpressions(text);
  if (parts.every((part) => part.kind === 'text')) return { kind: 'literal', value: text };
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return { kind: 'expression', text: only.text };
  return { kind: 'text', parts };
}

/** A piece of a string: what stands there, or an expression without its braces. */
export interface Part {
  kind: 'text' | 'expression';
  text: string;
}

function splitExpressions(text: string): Part[] {
  const parts: Part[] = [];
  let position = 0;
  while (position < text.length) {
    const open = text.indexOf(OPEN, position);
    if (open < 0) {
      parts.push({ kind: 'text', text: text.slice(position) });
      break;
    }
    if (open > position) parts.push({ kind: 'text', text: text.slice(position, open) });
    const close = closingBraces(text, open + OPEN.length);
    parts.push({ kind: 'expression', text: text.slice(open + OPEN.length, close).trim() });
    position = close + CLOSE.length;
  }
  return parts;
}

/** Braces inside an expression's quoted strings do not close it. */
function closingBraces(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted;
    else if (!quoted && text.startsWith(CLOSE, at)) return at;
  }
  throw new Error('The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found.');
}

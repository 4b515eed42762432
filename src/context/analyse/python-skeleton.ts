import { isWordCode } from './terms.ts';

/** A Python text without the insides of its functions, line for line, with the import statements that stood in them. */
export interface PythonSkeleton {
  readonly text: string;
  readonly imports: readonly { readonly text: string; readonly line: number }[];
  readonly references: ReadonlySet<string>;
}

const REFERENCES_MAX = 400;
const KEYWORDS = new Set(['if', 'elif', 'while', 'for', 'and', 'or', 'not', 'in', 'is', 'return', 'lambda', 'assert', 'print', 'with', 'yield', 'raise', 'except', 'def', 'class', 'del', 'await', 'import', 'from']);

/** One pass over the logical lines: a line ends outside of every bracket and string. */
export function pythonSkeletonOf(text: string): PythonSkeleton {
  const references = new Set<string>();
  const imports: { text: string; line: number }[] = [];
  const parts: string[] = [];
  /** Indentation of the `def` whose body is being left out, or -1. */
  let inside = -1;
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const end = logicalLineEnd(text, at, references);
    const whole = text.slice(at, end);
    const indent = /^[ \t]*/.exec(whole)?.[0].length ?? 0;
    const isBlank = /^\s*(?:#.*)?$/.test(whole);
    const lines = countLines(whole);
    if (inside >= 0 && !isBlank && indent <= inside) inside = -1;
    if (inside >= 0) {
      if (/^\s*(?:import|from)\s/.test(whole)) imports.push({ text: whole.trim(), line });
      parts.push('\n'.repeat(lines));
    } else {
      const opens = !isBlank && /^\s*(?:async\s+)?def\s[\s\S]*:\s*(?:#.*)?$/.test(whole);
      // The body's place is taken by a statement on the line of the `def`, so that the rest parses as it did.
      parts.push(opens ? `${whole.replace(/\s*(?:#[^\n]*)?$/, '')} pass${whole.endsWith('\n') ? '\n' : ''}` : whole);
      if (opens) inside = indent;
    }
    line += lines;
    at = end;
  }
  return { text: parts.join(''), imports, references };
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** Index after the line feed that ends the statement at `from`; collects what it calls on the way. */
function logicalLineEnd(text: string, from: number, references: Set<string>): number {
  let brackets = 0;
  let word = '';
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isWordCode(code)) {
      const start = at;
      while (at < text.length && isWordCode(text.charCodeAt(at))) at++;
      word = code >= 48 && code <= 57 ? '' : text.slice(start, Math.min(at, start + 100));
      if (code >= 65 && code <= 90 && at - start > 2) refer(word, references);
      continue;
    }
    if (code === 10) {
      if (brackets === 0) return at + 1;
    } else if (code === 92) at++;
    else if (code === 35) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
      continue;
    } else if (code === 34 || code === 39) {
      at = skipString(text, at, code);
      word = '';
      continue;
    } else if (code === 40 || code === 91 || code === 123) {
      if (code === 40) refer(word, references);
      brackets++;
    } else if (code === 41 || code === 93 || code === 125) brackets = Math.max(0, brackets - 1);
    if (code > 32) word = '';
    at++;
  }
  return text.length;
}

function refer(word: string, references: Set<string>): void {
  if (word !== '' && references.size < REFERENCES_MAX && !KEYWORDS.has(word)) references.add(word);
}

function skipString(text: string, at: number, quote: number): number {
  const mark = String.fromCharCode(quote);
  if (text.startsWith(mark.repeat(3), at)) {
    for (let index = at + 3; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === 92) index++;
      else if (code === quote && text.startsWith(mark.repeat(3), index)) return index + 3;
    }
    return text.length;
  }
  for (let index = at + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 92) index++;
    else if (code === quote) return index + 1;
    else if (code === 10) return index;
  }
  return text.length;
}

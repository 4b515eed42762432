import type { CodedText } from './coded-text.ts';
import type { BraceStyle } from './styles.ts';

const BACKSLASH = 92;
const NEWLINE = 10;
const TEMPLATE_DEPTH_MAX = 30;

/** Index after the string that opens at `at`. An unterminated one-line string ends before its line feed. */
export function skipQuoted(source: CodedText, at: number, quote: number): number {
  const { text, codes } = source;
  for (let index = at + 1; index < text.length; index++) {
    const code = codes[index];
    if (code === BACKSLASH) index++;
    else if (code === quote) return index + 1;
    else if (code === NEWLINE) return index;
  }
  return text.length;
}

/** Index after `close`, looked for from `from`; the end of the text when it never comes. */
export function skipPast(text: string, from: number, close: string): number {
  const end = text.indexOf(close, from);
  return end < 0 ? text.length : end + close.length;
}

/** Index after a template that opens at `at`, with the templates inside its `${…}`. */
export function skipTemplate(source: CodedText, at: number, depth = 0): number {
  const { text, codes } = source;
  for (let index = at + 1; index < text.length; index++) {
    const code = codes[index];
    if (code === BACKSLASH) index++;
    else if (code === 96) return index + 1;
    else if (code === 36 && codes[index + 1] === 123 && depth < TEMPLATE_DEPTH_MAX) index = skipSubstitution(source, index + 2, depth) - 1;
  }
  return text.length;
}

function skipSubstitution(source: CodedText, from: number, depth: number): number {
  const { text, codes } = source;
  let braces = 1;
  let index = from;
  let before = 123;
  while (index < text.length) {
    const code = codes[index] ?? 0;
    if (code === 125 && --braces === 0) return index + 1;
    if (code === 123) braces++;
    if (code === 96) index = skipTemplate(source, index, depth + 1);
    else if (code === 34 || code === 39) index = skipQuoted(source, index, code);
    else if (code === 47) index = skipSlash(source, index, before);
    else index++;
    if (code > 32) before = code;
  }
  return index;
}

// A comment, a regular expression or a division, by the mark before it.
function skipSlash(source: CodedText, at: number, before: number): number {
  const { text, codes } = source;
  const next = codes[at + 1];
  if (next === 42) return skipPast(text, at + 2, '*/');
  if (next === 47) return skipPast(text, at + 2, '\n');
  return BEFORE_REGEX.has(before) ? skipRegex(source, at) : at + 1;
}

/** Marks behind which a slash divides nothing: `(`, `,`, `=`, `:`, `[`, `!`, `&`, `|`, `?`, `{`, `;`. */
const BEFORE_REGEX = new Set([40, 44, 61, 58, 91, 33, 38, 124, 63, 123, 59]);

/** Index after a regular expression that opens at `at`. */
export function skipRegex(source: CodedText, at: number): number {
  const { text, codes } = source;
  let inClass = false;
  for (let index = at + 1; index < text.length; index++) {
    const code = codes[index];
    if (code === BACKSLASH) index++;
    else if (code === NEWLINE) return index;
    else if (code === 91) inClass = true;
    else if (code === 93) inClass = false;
    else if (code === 47 && !inClass) return index + 1;
  }
  return text.length;
}

/** Index after a comment slash-star, nested where the language nests them. */
export function skipBlockComment(text: string, at: number, nested: boolean): number {
  if (!nested) return skipPast(text, at + 2, '*/');
  let depth = 1;
  let index = at + 2;
  while (index < text.length && depth > 0) {
    if (text.startsWith('*/', index)) depth--;
    else if (text.startsWith('/*', index)) depth++;
    else {
      index++;
      continue;
    }
    index += 2;
  }
  return index;
}

/** Index after the string whose `"` stands at `at`, in whatever form the style knows. */
export function skipDouble(source: CodedText, at: number, style: BraceStyle): number {
  const { text, codes } = source;
  const before = at > 0 ? codes[at - 1] : 0;
  if (style.raw === 'rust' && (before === 114 || before === 35)) {
    const hashes = /r(#{0,20})$/.exec(text.slice(Math.max(0, at - 22), at))?.[1];
    if (hashes !== undefined) return skipPast(text, at + 1, `"${hashes}`);
  }
  if (style.raw === 'cpp' && before === 82) {
    const delimiter = /^"([^()\\\s]{0,16})\(/.exec(text.slice(at, at + 20))?.[1];
    if (delimiter !== undefined) return skipPast(text, at + 1, `)${delimiter}"`);
  }
  if (style.tripleQuotes && text.startsWith('"""', at)) return skipPast(text, at + 3, '"""');
  if (style.raw === 'csharp' && (before === 64 || (before === 36 && codes[at - 2] === 64))) return skipVerbatim(source, at);
  if (style.raw === 'prefix-r' && before === 114) return skipRawLine(source, at, 34);
  return skipQuoted(source, at, 34);
}

// C#: `@"a ""quoted"" path\"`. A doubled quote stands for one, a backslash for itself.
function skipVerbatim(source: CodedText, at: number): number {
  const { text, codes } = source;
  let index = at + 1;
  for (;;) {
    index = skipPast(text, index, '"');
    if (codes[index] !== 34) return index;
    index++;
  }
}

function skipRawLine(source: CodedText, at: number, quote: number): number {
  const { text, codes } = source;
  for (let index = at + 1; index < text.length; index++) {
    const code = codes[index];
    if (code === quote) return index + 1;
    if (code === NEWLINE) return index;
  }
  return text.length;
}

/** Index after what a `'` opens at `at`: a string, a character, or nothing more than a lifetime or a digit separator. */
export function skipSingle(source: CodedText, at: number, style: BraceStyle): number {
  const { text, codes } = source;
  if (style.single === 'string') {
    if (style.tripleQuotes && text.startsWith("'''", at)) return skipPast(text, at + 3, "'''");
    if (style.raw === 'prefix-r' && codes[at - 1] === 114) return skipRawLine(source, at, 39);
    return skipQuoted(source, at, 39);
  }
  if (style.single === 'lifetime' && codes[at + 1] !== BACKSLASH && codes[at + 2] !== 39) return isWide(codes, at + 1) && codes[at + 3] === 39 ? at + 4 : at + 1;
  if (style.single === 'character' && /^[0-9A-Fa-f]'[0-9A-Fa-f]/.test(text.slice(Math.max(0, at - 1), at + 2)) && codes[at + 2] !== 39) return at + 1;
  return skipQuoted(source, at, 39);
}

const isWide = (codes: Uint16Array, at: number): boolean => ((codes[at] ?? 0) & 0xfc00) === 0xd800;

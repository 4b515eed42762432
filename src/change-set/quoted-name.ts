import { show } from './bytes.ts';
import { PatchFault } from './failure.ts';

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '"': '"', '\\': '\\' };

/**
 * Reads one name at the start of `text` as git prints it: in double quotes with C escapes, else raw up to `end`
 * (or the text's end). Gives the decoded byte string and what follows. Decoding comes first, checks come after.
 */
export function takeName(text: string, end?: string): { readonly name: string; readonly rest: string } {
  if (text.startsWith('"')) return takeQuoted(text);
  const stop = end === undefined ? -1 : text.indexOf(end);
  const name = stop < 0 ? text : text.slice(0, stop);
  assertRaw(name);
  return { name, rest: text.slice(name.length) };
}

/** Refuses a name that git would have put in quotes. */
export function assertRaw(name: string): void {
  if (/[\u0000-\u001f\u007f"\\]/u.test(name)) {
    throw new PatchFault('bad-quoting', `The name ${show(name)} holds a character that git always prints in quotes; give the diff as git prints it.`);
  }
}

function takeQuoted(text: string): { name: string; rest: string } {
  let name = '';
  let at = 1;
  while (at < text.length && text[at] !== '"') {
    const [bytes, length] = text[at] === '\\' ? takeEscape(text, at) : [text[at] ?? '', 1];
    name += bytes;
    at += length;
  }
  if (at >= text.length) throw new PatchFault('bad-quoting', `The quoted name ${show(text)} has no closing quote.`);
  return { name, rest: text.slice(at + 1) };
}

function takeEscape(text: string, at: number): [string, number] {
  const octal = /^[0-3][0-7]{2}$/u.exec(text.slice(at + 1, at + 4));
  if (octal !== null) return [String.fromCharCode(Number.parseInt(octal[0], 8)), 4];
  const plain = ESCAPES[text[at + 1] ?? ''];
  if (plain === undefined) throw new PatchFault('bad-quoting', `The quoted name ${show(text)} holds an escape that git does not print.`);
  return [plain, 2];
}

import { ViewBuilder, type View } from './view.ts';

// The shortest secret has 20 characters, which are 27 in base64 and 40 in hex.
const BASE64 = { characters: /[A-Za-z0-9+/_-]/, lengthMin: 24 };
const HEX = { characters: /[0-9A-Fa-f]/, lengthMin: 40 };
const HEX_BYTE = /0x[0-9A-Fa-f]{2},?\s{0,20}/g;
const HEX_BYTES_MIN = 20;
// Character codes in a list: `71, 72, 95`.
const CODE_LIST = /(?<![\d.])(?:\d{2,3}\s{0,4},\s{0,10}){19,5000}\d{2,3}(?![\d.])/g;
// `%41`, `\x41`, `\u0041`, `\u{41}`, `&#65;`, `&#x41;`, `\101`
const ESCAPE = /%([0-9A-Fa-f]{2})|\\x([0-9A-Fa-f]{2})|\\u\{?([0-9A-Fa-f]{2,6})\}?|&#x([0-9A-Fa-f]{1,6});|&#(\d{1,7});|\\([0-3][0-7]{2}|[0-7]{2}(?![0-7]))/g;

/** How much of the text on both sides of an escape is read with it. */
const AROUND_ESCAPE = 1000;
type Wanted = (start: number, end: number) => boolean;

/** The readings of a text in the common encodings, of those parts that are wanted. */
export const decodings = (text: string, isWanted: Wanted): readonly View[] => [unescape(text, isWanted), fromBase64(text, isWanted), fromHex(text, isWanted), fromCodes(text, isWanted)].filter((view) => view !== null);

/** The surroundings of each escape with the escapes resolved; null when there is none. */
function unescape(text: string, isWanted: Wanted): View | null {
  const view = new ViewBuilder();
  let from = 0;
  for (const found of text.matchAll(ESCAPE)) {
    const [escape, url, byte, unit, hexEntity, entity, octal] = found;
    const { index } = found;
    if (!isWanted(index, index + escape.length)) continue;
    if (index - from > 2 * AROUND_ESCAPE) {
      if (from > 0) view.add(text.slice(from, from + AROUND_ESCAPE), from, from + AROUND_ESCAPE);
      view.part();
      from = index - AROUND_ESCAPE;
    }
    view.add(text.slice(from, index), from, index);
    from = index + escape.length;
    const point = octal !== undefined ? Number.parseInt(octal, 8) : entity === undefined ? Number.parseInt(url ?? byte ?? unit ?? hexEntity ?? '', 16) : Number(entity);
    view.add(point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '\u0001', index, from);
  }
  if (view.isEmpty) return null;
  view.add(text.slice(from, from + AROUND_ESCAPE), from, Math.min(text.length, from + AROUND_ESCAPE));
  return view.build('escapes', ({ length, start, end }) => length !== end - start);
}

function fromBase64(text: string, isWanted: Wanted): View | null {
  const view = new ViewBuilder();
  for (const { run, index } of runsOf(text, BASE64)) {
    if (!isWanted(index, index + run.length)) continue;
    const plain = run.replace(/={1,2}$/, '').replaceAll('-', '+').replaceAll('_', '/');
    // What stands directly before a run may belong to its alphabet (a path's slash, a name), so every alignment is read.
    for (let offset = 0; offset < 4; offset += 1) {
      view.add(decodeBase64(plain.slice(offset)), index, index + run.length);
      view.part();
    }
  }
  return view.isEmpty ? null : view.build('base64', () => true);
}

// UTF-16, as PowerShell encodes its commands, is ASCII with NULs between.
const decodeBase64 = (plain: string): string => atob(plain.length % 4 === 1 ? plain.slice(0, -1) : plain).replaceAll('\u0000', '');

function fromHex(text: string, isWanted: Wanted): View | null {
  const view = new ViewBuilder();
  for (const { run, index } of [...runsOf(text, HEX), ...byteLists(text)]) {
    if (!isWanted(index, index + run.length)) continue;
    const digits = run.startsWith('0x') ? run.replaceAll(/0x|[,\s]/g, '') : run;
    for (const offset of [0, 1]) {
      view.add(decodeHex(digits, offset), index, index + run.length);
      view.part();
    }
  }
  return view.isEmpty ? null : view.build('hex', () => true);
}

/** Lists of decimal character codes, as `String.fromCharCode` and `bytes([…])` take them. */
function fromCodes(text: string, isWanted: Wanted): View | null {
  const view = new ViewBuilder();
  for (const { 0: list, index } of text.matchAll(CODE_LIST)) {
    if (!isWanted(index, index + list.length)) continue;
    const codes = list.split(',').map(Number);
    if (codes.some((code) => code < 9 || code > 126)) continue;
    view.add(String.fromCharCode(...codes), index, index + list.length);
    view.part();
  }
  return view.isEmpty ? null : view.build('character codes', () => true);
}

function decodeHex(digits: string, offset: number): string {
  const parts: string[] = [];
  for (let at = offset; at + 1 < digits.length; at += 2) parts.push(String.fromCharCode(Number.parseInt(digits.slice(at, at + 2), 16)));
  return parts.join('').replaceAll('\u0000', '');
}

interface Run {
  readonly run: string;
  readonly index: number;
}

/**
 * The longest pieces of a text that hold only these characters. Counted by hand: a regular expression takes stack for each
 * character of a run, and a run of some megabytes is all it needs to break.
 */
function* runsOf(text: string, { characters, lengthMin }: { characters: RegExp; lengthMin: number }): Generator<Run> {
  const isMember = Array.from({ length: 128 }, (_, code) => characters.test(String.fromCharCode(code)));
  let from = 0;
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && isMember[text.charCodeAt(at)] === true) continue;
    if (at - from >= lengthMin) yield { run: text.slice(from, at + paddingAt(text, at)), index: from };
    from = at + 1;
  }
}

/** How many of base64's closing `=` stand there: they belong to what is replaced, though not to what is read. */
const paddingAt = (text: string, at: number): number => (text[at] !== '=' ? 0 : text[at + 1] === '=' ? 2 : 1);

/** Lists of bytes as a program writes them: `0x41, 0x42, …`. */
function* byteLists(text: string): Generator<Run> {
  let [from, end, count] = [0, -1, 0];
  for (const { 0: byte, index } of text.matchAll(HEX_BYTE)) {
    if (index !== end) {
      if (count >= HEX_BYTES_MIN) yield { run: text.slice(from, end), index: from };
      [from, count] = [index, 0];
    }
    end = index + byte.length;
    count += 1;
  }
  if (count >= HEX_BYTES_MIN) yield { run: text.slice(from, end), index: from };
}

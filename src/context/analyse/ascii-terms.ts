import { FNV_BASIS, FNV_PRIME, isStopHash, PARTS_MAX, STOP_MAX, WORD_MAX, WORD_MIN } from './terms.ts';

// What stands here is `termsOfWord`, `stem` and `termHash` of terms.ts once more, over bytes and without a string being made: nine tenths
// of all words are plain ASCII, and most of ingestion's time went into them. A property test holds that both say the same.

/** The hash of each beginning of the part at hand: a word without its ending has been hashed on the way. One a thread: nothing is kept between calls. */
const prefixes = new Int32Array(WORD_MAX + 1);
export const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;
const UNDERSCORE = 4;
/** Bytes of characters beyond ASCII. */
export const FOREIGN = 5;
/** What a byte is in a word; 0 for what is part of none. */
export const CLASS = new Uint8Array(256);
for (let code = 0; code < 256; code++) CLASS[code] = code >= 128 ? FOREIGN : code >= 97 && code <= 122 ? LOWER : code >= 65 && code <= 90 ? UPPER : code >= 48 && code <= 57 ? DIGIT : code === 95 ? UNDERSCORE : 0;
const [C, D, E, G, H, I, N, S, Y] = [99, 100, 101, 103, 104, 105, 110, 115, 121] as const;
const flags = (letters: string): Uint8Array => Uint8Array.from({ length: 256 }, (_, code) => Number(letters.includes(String.fromCharCode(code))));
const [VOWEL, DOUBLED, SIBILANT, HISSED] = [flags('aeiouy'), flags('bdfgmnprt'), flags('xz'), flags('sui')];

/** The hashes of the terms found so far, in the order of the text. */
export interface FoundTerms {
  hashes: Uint32Array;
  size: number;
}

/** Adds the terms of the word `bytes[start, end)`, which is ASCII letters, digits and `_` only. There must be room for as many terms as it has bytes. */
export function addAsciiWord(bytes: Uint8Array, start: number, end: number, found: FoundTerms): void {
  let from = start;
  let to = end;
  while (from < to && bytes[from] === 95) from++;
  while (to > from && bytes[to - 1] === 95) to--;
  const first = partEnd(bytes, from, to);
  // One part that is the whole is one term.
  if (to - from >= WORD_MIN) addRange(bytes, from, to, found);
  if (first === to) return;
  let parts = 0;
  for (let at = from; at < to && parts < PARTS_MAX; ) {
    const next = partEnd(bytes, at, to);
    if (next - at >= WORD_MIN) {
      addRange(bytes, at, next, found);
      parts++;
    }
    for (at = next; at < to && bytes[at] === 95; ) at++;
  }
}

const classAt = (bytes: Uint8Array, at: number): number => CLASS[bytes[at] ?? 0] ?? 0;

/** Where the part that begins at `from` ends: at `_`, at the next hump, before digits. */
function partEnd(bytes: Uint8Array, from: number, to: number): number {
  let before = from < to ? classAt(bytes, from) : 0;
  for (let at = from + 1; at < to; at++) {
    const here = classAt(bytes, at);
    if (here === UNDERSCORE) return at;
    if (here === UPPER && (before === LOWER || before === DIGIT)) return at;
    if (here === UPPER && before === UPPER && at + 1 < to && classAt(bytes, at + 1) === LOWER) return at;
    if (here === DIGIT && before !== DIGIT) return at;
    before = here;
  }
  return to;
}

/** Adds the one term of `bytes[from, to)`. */
export function addRange(bytes: Uint8Array, from: number, to: number, found: FoundTerms): void {
  let hash = FNV_BASIS | 0;
  let hasDigit = false;
  for (let at = from; at < to; at++) {
    let code = bytes[at] ?? 0;
    if (code <= 90) {
      if (code >= 65) code += 32;
      else hasDigit = true;
    }
    hash = Math.imul(hash ^ code, FNV_PRIME);
    prefixes[at - from + 1] = hash;
  }
  const length = to - from;
  if (length <= STOP_MAX && isStopHash(hash >>> 0)) return;
  const last = (bytes[to - 1] ?? 0) | 32;
  // No rule of the stemmer touches any other ending.
  if (length >= 4 && !hasDigit && (last === S || last === E || last === G || last === D)) hash = stemHash(bytes, from, length);
  found.hashes[found.size++] = hash;
}

/** A letter in lower case; the mark `_` becomes one that no rule knows. */
const letter = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | 32;

function stemHash(bytes: Uint8Array, from: number, whole: number): number {
  const end = from + whole;
  if (letter(bytes, end - 1) === S && letter(bytes, end - 2) === E && letter(bytes, end - 3) === I && whole > 4) return Math.imul((prefixes[whole - 3] ?? 0) ^ Y, FNV_PRIME);
  let length = singular(bytes, from, whole);
  const [third, second, last] = [letter(bytes, from + length - 3), letter(bytes, from + length - 2), letter(bytes, from + length - 1)];
  const cut = last === G && second === N && third === I && length > 5 ? 3 : last === D && second === E && third !== E && length > 4 ? 2 : 0;
  if (cut > 0 && hasVowel(bytes, from, length - cut)) {
    length -= cut;
    const ending = letter(bytes, from + length - 1);
    if (ending === letter(bytes, from + length - 2) && DOUBLED[ending] === 1) length--;
  }
  if (length > 4 && letter(bytes, from + length - 1) === E) length--;
  return prefixes[length] ?? 0;
}

/** The length without the ending of a plural. */
function singular(bytes: Uint8Array, from: number, length: number): number {
  const end = from + length;
  if (letter(bytes, end - 1) !== S) return length;
  const [fourth, third, second] = [letter(bytes, end - 4), letter(bytes, end - 3), letter(bytes, end - 2)];
  if (second === E && (SIBILANT[third] === 1 || (third === H && (fourth === S || fourth === C)) || (third === S && fourth === S))) return length - 2;
  return HISSED[second] === 1 ? length : length - 1;
}

function hasVowel(bytes: Uint8Array, from: number, length: number): boolean {
  for (let at = from; at < from + length; at++) if (VOWEL[letter(bytes, at)] === 1) return true;
  return false;
}

import { FNV_BASIS, FNV_PRIME, isStopHash, PARTS_MAX, STOP_MAX, WORD_MAX, WORD_MIN } from './terms.ts';

// What stands here is `termsOfWord`, `stem` and `termHash` of terms.ts once more, over code units and without a string being made: nine tenths
// of all words are plain ASCII, and most of ingestion's time went into them. A property test holds that both say the same.

/** Takes hashes as they are found. */
export type TakeHash = (hash: number) => void;

/** The part at hand, in lower case. One a thread: nothing is kept in it between calls. */
const part = new Uint8Array(WORD_MAX);
const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;
const UNDERSCORE = 4;
const CLASS = new Uint8Array(128);
for (let code = 0; code < 128; code++) CLASS[code] = code >= 97 && code <= 122 ? LOWER : code >= 65 && code <= 90 ? UPPER : code >= 48 && code <= 57 ? DIGIT : code === 95 ? UNDERSCORE : 0;
const [D, E, G, I, N, S, Y] = [100, 101, 103, 105, 110, 115, 121] as const;
const flags = (letters: string): Uint8Array => Uint8Array.from({ length: 128 }, (_, code) => Number(letters.includes(String.fromCharCode(code))));
const [VOWEL, DOUBLED, SIBILANT, HISSED] = [flags('aeiouy'), flags('bdfgmnprt'), flags('xz'), flags('sui')];

/** Hashes of the terms of the word `text[start, end)`, which is ASCII letters, digits and `_` only. */
export function takeAsciiTerms(text: string, { start, end, isPlain }: { start: number; end: number; isPlain: boolean }, take: TakeHash): void {
  if (isPlain) return takeRange(text, start, end, take);
  let from = start;
  let to = end;
  while (from < to && text.charCodeAt(from) === 95) from++;
  while (to > from && text.charCodeAt(to - 1) === 95) to--;
  const first = partEnd(text, from, to);
  // One part that is the whole is one term.
  if (to - from >= WORD_MIN) takeRange(text, from, to, take);
  if (first === to) return;
  let parts = 0;
  for (let at = from; at < to && parts < PARTS_MAX; ) {
    const next = partEnd(text, at, to);
    if (next - at >= WORD_MIN) {
      takeRange(text, at, next, take);
      parts++;
    }
    for (at = next; at < to && text.charCodeAt(at) === 95; ) at++;
  }
}

/** Where the part that begins at `from` ends: at `_`, at the next hump, before digits. */
function partEnd(text: string, from: number, to: number): number {
  let before = CLASS[text.charCodeAt(from)] ?? 0;
  for (let at = from + 1; at < to; at++) {
    const here = CLASS[text.charCodeAt(at)] ?? 0;
    if (here === UNDERSCORE) return at;
    if (here === UPPER && (before === LOWER || before === DIGIT)) return at;
    if (here === UPPER && before === UPPER && at + 1 < to && CLASS[text.charCodeAt(at + 1)] === LOWER) return at;
    if (here === DIGIT && before !== DIGIT) return at;
    before = here;
  }
  return to;
}

function takeRange(text: string, from: number, to: number, take: TakeHash): void {
  let hash = FNV_BASIS;
  let length = 0;
  let hasDigit = false;
  for (let at = from; at < to; at++) {
    let code = text.charCodeAt(at);
    if (code >= 65 && code <= 90) code += 32;
    else if (code <= 57) hasDigit = true;
    part[length++] = code;
    hash = Math.imul(hash ^ code, FNV_PRIME);
  }
  if (length <= STOP_MAX && isStopHash(hash >>> 0)) return;
  if (length < 4 || hasDigit) return take(hash >>> 0);
  const last = part[length - 1];
  // No rule of the stemmer touches any other ending.
  if (last !== S && last !== E && last !== G && last !== D) return take(hash >>> 0);
  take(hashOfPart(stemPart(length)));
}

function hashOfPart(length: number): number {
  let hash = FNV_BASIS;
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ (part[at] ?? 0), FNV_PRIME);
  return hash >>> 0;
}

/** Stems the part in place, and gives its new length. */
function stemPart(whole: number): number {
  let length = singular(whole);
  const [third, second, last] = [part[length - 3] ?? 0, part[length - 2], part[length - 1]];
  const cut = last === G && second === N && third === I && length > 5 ? 3 : last === D && second === E && third !== E && length > 4 ? 2 : 0;
  if (cut > 0 && hasVowel(length - cut)) {
    length -= cut;
    const end = part[length - 1] ?? 0;
    if (end === part[length - 2] && DOUBLED[end] === 1) length--;
  }
  return length > 4 && part[length - 1] === E ? length - 1 : length;
}

function singular(length: number): number {
  const [fourth, third, second, last] = [part[length - 4] ?? 0, part[length - 3] ?? 0, part[length - 2] ?? 0, part[length - 1]];
  if (last !== S) return length;
  if (second === E && third === I && length > 4) {
    part[length - 3] = Y;
    return length - 2;
  }
  if (second === E && (SIBILANT[third] === 1 || (third === 104 && (fourth === S || fourth === 99)) || (third === S && fourth === S))) return length - 2;
  return HISSED[second] === 1 ? length : length - 1;
}

function hasVowel(length: number): boolean {
  for (let at = 0; at < length; at++) if (VOWEL[part[at] ?? 0] === 1) return true;
  return false;
}

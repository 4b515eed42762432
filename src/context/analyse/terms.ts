/** How often each word occurs in one text: sorted hashes (32 bits each) with their counts (at most 255). */
export interface TermCounts {
  /** Words in all, whether counted or not. */
  readonly length: number;
  readonly hashes: Uint32Array;
  readonly counts: Uint8Array;
}

export const NO_TERMS: TermCounts = { length: 0, hashes: new Uint32Array(0), counts: new Uint8Array(0) };

/** Which terms are counted: all of them, for a cache; or those of an issue by their hashes, sorted. Of none nothing is counted, not even words. */
export type WantedTerms = 'all' | Uint32Array;

export const FNV_BASIS = 0x811c9dc5;
export const FNV_PRIME = 0x01000193;

const STOP = new Set(
  ('a an and are as at be been but by can could did do does for from had has have how if in into is it its may more must no not now of on or our out should so some ' +
    'such than that the their them then there these they this to too up use used uses using was we were what when where which while who why will with would you your').split(' '),
);
/** The longest of them. */
export const STOP_MAX = 6;
const STOP_HASHES = new Set([...STOP].map(termHash));
/** Its low bits say at once that most words are none of them. */
const STOP_BITS = new Uint8Array(4_096);
for (const hash of STOP_HASHES) STOP_BITS[hash & 4_095] = 1;
export const isStopHash = (hash: number): boolean => STOP_BITS[hash & 4_095] === 1 && STOP_HASHES.has(hash);
const isStop = (term: string): boolean => term.length <= STOP_MAX && isStopHash(termHash(term));
export const WORD_MIN = 2;
export const WORD_MAX = 80;
export const PARTS_MAX = 12;
/** Code units that are part of a word: letters, digits, `_`. Everything beyond ASCII is looked up once. */
const IS_WORD = new Uint8Array(65_536).fill(2, 128);
for (let code = 0; code < 128; code++) IS_WORD[code] = /[A-Za-z0-9_]/.test(String.fromCharCode(code)) ? 1 : 0;

export function isWordCode(code: number): boolean {
  const known = IS_WORD[code];
  if (known !== 2) return known === 1;
  const is = /[\p{L}\p{N}\p{M}\p{Cs}]/u.test(String.fromCharCode(code)) || (code >= 0xd800 && code <= 0xdfff);
  IS_WORD[code] = is ? 1 : 0;
  return is;
}

/**
 * The terms of one identifier: the whole, and its parts (`readHttpBody`: `readhttpbody`, `read`, `http`, `body`), lower
 * case and stemmed, without the commonest English words.
 */
export function termsOfWord(word: string): readonly string[] {
  // Most words are plain ones.
  if (/^[a-z]+$/.test(word)) return isStop(word) ? [] : [stem(word)];
  const parts = partsOf(word);
  const whole = word.replace(/^_+|_+$/g, '');
  const all = parts.length === 1 && parts[0] === whole ? parts : [...(whole.length >= WORD_MIN ? [whole] : []), ...parts];
  return all.map((part) => part.toLowerCase()).filter((part) => !isStop(part)).map(stem);
}

/** The words that an identifier is made of, as they are written. */
export const partsOf = (word: string): string[] => word.split(/_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})/u).filter((part) => part.length >= WORD_MIN).slice(0, PARTS_MAX);

/** A light stemmer: an issue's "parsing requests" should meet `parseRequest`. The same rules for code and for prose. */
export function stem(word: string): string {
  let out = word;
  if (out.length < 4 || /\d/.test(out)) return out;
  if (out.endsWith('ies') && out.length > 4) out = `${out.slice(0, -3)}y`;
  else if (/(?:sh|ch|ss|x|z)es$/.test(out)) out = out.slice(0, -2);
  else if (out.endsWith('s') && !/(?:ss|us|is)$/.test(out)) out = out.slice(0, -1);
  const cut = out.endsWith('ing') && out.length > 5 ? 3 : out.endsWith('ed') && out.length > 4 && !out.endsWith('eed') ? 2 : 0;
  if (cut > 0 && /[aeiouy]/.test(out.slice(0, -cut))) out = undouble(out.slice(0, -cut));
  return out.length > 4 && out.endsWith('e') ? out.slice(0, -1) : out;
}

const undouble = (word: string): string => (/([bdfgmnprt])\1$/.test(word) ? word.slice(0, -1) : word);

/** FNV-1a over UTF-16 code units, 32 bits. */
export function termHash(term: string): number {
  let hash = FNV_BASIS;
  for (let index = 0; index < term.length; index++) hash = Math.imul(hash ^ term.charCodeAt(index), FNV_PRIME);
  return hash >>> 0;
}

/** All terms of a text, in its order, with repetitions. */
export function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  eachWord(text, (word) => void tokens.push(...termsOfWord(word)));
  return tokens;
}

function eachWord(text: string, visit: (word: string) => void): void {
  const end = text.length;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 128 ? IS_WORD[code] === 0 : !isWordCode(code)) continue;
    const start = at++;
    while (at < end && isWordCode(text.charCodeAt(at))) at++;
    if (at - start >= WORD_MIN && at - start <= WORD_MAX) visit(text.slice(start, at));
  }
}

/** How often a term occurs in a counted text. */
export function countOf({ hashes, counts }: TermCounts, hash: number): number {
  let low = 0;
  let high = hashes.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = hashes[middle] ?? 0;
    if (value === hash) return counts[middle] ?? 0;
    if (value < hash) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}

import { takeAsciiTerms } from './ascii-terms.ts';
import { IS_WORD, isWordCode, termHash, termsOfWord, WORD_MAX, WORD_MIN, type TermCounts } from './terms.ts';

/** Counts the terms of one text after the other. What it gives depends on the text alone. */
export function createTermCounter(): (text: string) => TermCounts {
  // Every term's hash, in the order of the text: sorting them is as quick as a table, and no hostile choice of words makes it slow.
  let found = new Uint32Array(1 << 14);
  let size = 0;
  const take = (hash: number): void => {
    if (size === found.length) {
      const wider = new Uint32Array(size * 2);
      wider.set(found);
      found = wider;
    }
    found[size++] = hash;
  };
  return (text) => {
    size = 0;
    eachTerm(text, take);
    return collect(found.subarray(0, size).sort());
  };
}

/** The hash of every term of a text, in its order. */
export function eachTerm(text: string, take: (hash: number) => void): void {
  const end = text.length;
  for (let at = 0; at < end; at++) {
    let code = text.charCodeAt(at);
    if (code < 128 ? IS_WORD[code] === 0 : !isWordCode(code)) continue;
    const start = at;
    let isPlain = true;
    let isAscii = true;
    do {
      if (code < 97 || code > 122) {
        isPlain = false;
        if (code >= 128) isAscii = false;
      }
      code = text.charCodeAt(++at);
    } while (at < end && (code < 128 ? IS_WORD[code] === 1 : isWordCode(code)));
    if (at - start < WORD_MIN || at - start > WORD_MAX) continue;
    if (isAscii) takeAsciiTerms(text, { start, end: at, isPlain }, take);
    else for (const term of termsOfWord(text.slice(start, at))) take(termHash(term));
  }
}

/** Each hash once, with how often it comes. Two terms with one hash count as one. */
function collect(sorted: Uint32Array): TermCounts {
  const hashes = new Uint32Array(sorted.length);
  const counts = new Uint8Array(sorted.length);
  let size = 0;
  for (let at = 0; at < sorted.length; ) {
    const hash = sorted[at] ?? 0;
    let next = at + 1;
    while (next < sorted.length && sorted[next] === hash) next++;
    hashes[size] = hash;
    counts[size++] = Math.min(255, next - at);
    at = next;
  }
  return { length: sorted.length, hashes: hashes.slice(0, size), counts: counts.slice(0, size) };
}

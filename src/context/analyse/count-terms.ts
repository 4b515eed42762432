import { addAsciiWord, addRange, CLASS, FOREIGN, LOWER, type FoundTerms } from './ascii-terms.ts';
import { isWordCode, NO_TERMS, termHash, termsOfWord, WORD_MAX, WORD_MIN, type TermCounts, type WantedTerms } from './terms.ts';

/** Counts the terms of one text (its bytes, which are UTF-8) after the other. What it gives depends on the text and the wanted terms alone. */
export function createTermCounter(): (bytes: Uint8Array, wanted?: WantedTerms) => TermCounts {
  // Every term's hash, in the order of the text: sorting them is as quick as a table, and no hostile choice of words makes it slow.
  const found: FoundTerms = { hashes: new Uint32Array(1 << 16), size: 0 };
  return (bytes, wanted = 'all') => {
    if (wanted.length === 0) return NO_TERMS;
    // A text has fewer terms than bytes.
    if (bytes.length >= found.hashes.length) found.hashes = new Uint32Array(bytes.length * 2);
    found.size = 0;
    addTerms(bytes, found);
    const length = found.size;
    if (wanted !== 'all') keepOnly(wanted, found);
    return { ...collect(found.hashes.subarray(0, found.size).sort()), length };
  };
}

const FOREIGN_FLAG = 1 << FOREIGN;
const LOWER_FLAG = 1 << LOWER;
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

function addTerms(bytes: Uint8Array, found: FoundTerms): void {
  const end = bytes.length;
  for (let at = 0; at < end; at++) {
    let kind = CLASS[bytes[at] ?? 0] ?? 0;
    if (kind === 0) continue;
    const start = at;
    let kinds = 0;
    do {
      kinds |= 1 << kind;
      kind = ++at < end ? (CLASS[bytes[at] ?? 0] ?? 0) : 0;
    } while (kind !== 0);
    // No word goes beyond a mark of ASCII, whatever alphabet it is of.
    if ((kinds & FOREIGN_FLAG) !== 0) addForeign(UTF8.decode(bytes.subarray(start, at)), found);
    else if (at - start < WORD_MIN || at - start > WORD_MAX) continue;
    else if (kinds === LOWER_FLAG) addRange(bytes, start, at, found);
    else addAsciiWord(bytes, start, at, found);
  }
}

/** The same for a piece of text that is not all ASCII: its words may be. */
function addForeign(text: string, found: FoundTerms): void {
  const end = text.length;
  for (let at = 0; at < end; at++) {
    if (!isWordCode(text.charCodeAt(at))) continue;
    const start = at;
    do at++;
    while (at < end && isWordCode(text.charCodeAt(at)));
    if (at - start >= WORD_MIN && at - start <= WORD_MAX) for (const term of termsOfWord(text.slice(start, at))) found.hashes[found.size++] = termHash(term);
  }
}

const short: FoundTerms = { hashes: new Uint32Array(1 << 14), size: 0 };

/** The hash of every term of a short text, such as a name, in its order. */
export function eachTerm(text: string, take: (hash: number) => void): void {
  const bytes = Buffer.from(text);
  if (bytes.length >= short.hashes.length) short.hashes = new Uint32Array(bytes.length * 2);
  short.size = 0;
  addTerms(bytes, short);
  for (let at = 0; at < short.size; at++) take(short.hashes[at] ?? 0);
}

let unique = new Uint32Array(1 << 14);
let times = new Uint8Array(1 << 14);

/** Each hash once, with how often it comes. Two terms with one hash count as one. */
function collect(sorted: Uint32Array): Omit<TermCounts, 'length'> {
  if (sorted.length > unique.length) {
    unique = new Uint32Array(sorted.length * 2);
    times = new Uint8Array(sorted.length * 2);
  }
  let size = 0;
  for (let at = 0; at < sorted.length; ) {
    const hash = sorted[at] ?? 0;
    let next = at + 1;
    while (next < sorted.length && sorted[next] === hash) next++;
    unique[size] = hash;
    times[size++] = Math.min(255, next - at);
    at = next;
  }
  return { hashes: unique.slice(0, size), counts: times.slice(0, size) };
}

const marked = new Uint8Array(1 << 16);
let markedFor: ReadonlySet<number> = new Set();
let markedOf: Uint32Array | null = null;

/** Drops all but the wanted hashes: the low bits say of nearly all others that they are none. */
function keepOnly(wanted: Uint32Array, found: FoundTerms): void {
  if (markedOf !== wanted) {
    marked.fill(0);
    for (const hash of wanted) marked[hash & 0xffff] = 1;
    markedFor = new Set(wanted);
    markedOf = wanted;
  }
  const { hashes, size } = found;
  found.size = 0;
  for (let at = 0; at < size; at++) {
    const hash = hashes[at] ?? 0;
    if (marked[hash & 0xffff] === 1 && markedFor.has(hash)) hashes[found.size++] = hash;
  }
}

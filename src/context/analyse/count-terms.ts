import { IS_WORD, isWordCode, termHash, termsOfWord, WORD_MAX, WORD_MIN, type TermCounts } from './terms.ts';

/** Different words remembered with their terms; past it the memory starts anew. */
const WORDS_MAX = 60_000;
const SLOTS = 1 << 18;

/** Counts terms. One counter serves many texts, because most words come again: it meets a known word without making a string of it. */
export function createTermCounter(): (text: string) => TermCounts {
  let memory = new WordMemory();
  return (text) => {
    if (memory.size > WORDS_MAX) memory = new WordMemory();
    return memory.count(text);
  };
}

class WordMemory {
  /** Open addressing by the word's hash: an index into `#words`, plus one. */
  readonly #slots = new Int32Array(SLOTS);
  readonly #words: string[] = [];
  readonly #termsOf: Int32Array[] = [];
  readonly #ids = new Map<string, number>();
  readonly #hashes: number[] = [];
  #counts = new Uint32Array(1 << 14);

  get size(): number {
    return this.#words.length;
  }

  count(text: string): TermCounts {
    const touched: number[] = [];
    const end = text.length;
    let length = 0;
    for (let at = 0; at < end; at++) {
      let code = text.charCodeAt(at);
      if (code < 128 ? IS_WORD[code] === 0 : !isWordCode(code)) continue;
      const start = at;
      let hash = 0x811c9dc5;
      do {
        hash = Math.imul(hash ^ code, 0x01000193);
        code = text.charCodeAt(++at);
      } while (at < end && (code < 128 ? IS_WORD[code] === 1 : isWordCode(code)));
      if (at - start < WORD_MIN || at - start > WORD_MAX) continue;
      for (const id of this.#termsAt(text, { start, end: at, hash })) {
        length += 1;
        if (this.#counts[id] === 0) touched.push(id);
        this.#counts[id] = (this.#counts[id] ?? 0) + 1;
      }
    }
    return this.#collect(touched, length);
  }

  #collect(touched: readonly number[], length: number): TermCounts {
    // Hash and count in one number: typed arrays sort numbers far faster than anything sorts pairs.
    const packed = new Float64Array(touched.length);
    for (const [index, id] of touched.entries()) {
      packed[index] = (this.#hashes[id] ?? 0) * 256 + Math.min(255, this.#counts[id] ?? 0);
      this.#counts[id] = 0;
    }
    packed.sort();
    const hashes = new Uint32Array(packed.length);
    const counts = new Uint8Array(packed.length);
    let size = 0;
    for (const each of packed) {
      const hash = Math.floor(each / 256);
      // Two terms with one hash count as one, the more frequent of the two: kept apart they would make the order of the words show.
      if (size > 0 && hashes[size - 1] === hash) size--;
      hashes[size] = hash;
      counts[size] = each % 256;
      size++;
    }
    return { length, hashes: hashes.slice(0, size), counts: counts.slice(0, size) };
  }

  #termsAt(text: string, { start, end, hash }: { start: number; end: number; hash: number }): Int32Array {
    let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    for (let index = this.#slots[slot] ?? 0; index !== 0; index = this.#slots[slot] ?? 0) {
      const word = this.#words[index - 1];
      if (word !== undefined && word.length === end - start && text.startsWith(word, start)) return this.#termsOf[index - 1] ?? new Int32Array(0);
      slot = (slot + 1) & (SLOTS - 1);
    }
    // A longer slice keeps the whole text alive; a copy does not. (Short ones are copies already.)
    const slice = text.slice(start, end);
    const word = slice.length < 13 ? slice : Buffer.from(slice, 'utf16le').toString('utf16le');
    const terms = Int32Array.from(termsOfWord(word), (term) => this.#idOf(term));
    this.#words.push(word);
    this.#termsOf.push(terms);
    this.#slots[slot] = this.#words.length;
    return terms;
  }

  #idOf(term: string): number {
    const known = this.#ids.get(term);
    if (known !== undefined) return known;
    const id = this.#hashes.push(termHash(term)) - 1;
    this.#ids.set(term, id);
    if (id >= this.#counts.length) {
      const wider = new Uint32Array(this.#counts.length * 2);
      wider.set(this.#counts);
      this.#counts = wider;
    }
    return id;
  }
}

import { CODE_BITS_MAX, HuffmanCode } from './huffman.ts';

// zlib streams (RFC 1950 and 1951) whose size is known, as git stores objects. Node's zlib makes a whole stream for each call, which
// costs three times what inflating a small object does, and a ledger has a hundred of them for each workflow. Whoever reads hashes
// what comes out, so the stream's own checksum is not looked at.

const LENGTH_BASE = Uint16Array.of(3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258);
const LENGTH_EXTRA = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0);
const DISTANCE_BASE = Uint16Array.of(1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577);
const DISTANCE_EXTRA = Uint8Array.of(0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13);
/** The order in which a block gives the lengths of the code for its code lengths. */
const LENGTHS_ORDER = Uint8Array.of(16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15);

/** Bits of the longest code for a length, and of what follows it. */
const LENGTH_BITS_MAX = 14;
const LITERALS_MAX = 288;
const DISTANCES_MAX = 32;
const END_OF_BLOCK = 256;

const fixedLiterals = new HuffmanCode(LITERALS_MAX);
const fixedDistances = new HuffmanCode(DISTANCES_MAX);
fixedLiterals.begin();
for (let symbol = 0; symbol < LITERALS_MAX; symbol++) fixedLiterals.add(symbol, symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8);
fixedLiterals.finish();
fixedDistances.begin();
for (let symbol = 0; symbol < 30; symbol++) fixedDistances.add(symbol, 5);
fixedDistances.finish();

/** Inflates one stream after the other; its tables are used again. */
export class Inflater {
  readonly #literals = new HuffmanCode(LITERALS_MAX);
  readonly #distances = new HuffmanCode(DISTANCES_MAX, 6);
  readonly #lengthCode = new HuffmanCode(19, 7);
  readonly #lengths = new Uint8Array(LENGTHS_ORDER.length);
  #source: Uint8Array = new Uint8Array();
  #target: Uint8Array = new Uint8Array();
  #at = 0;
  #out = 0;
  /** Bits that were read and not used: the next one lowest. Never more than 31, so that it stays a small integer. */
  #hold = 0;
  #bits = 0;

  /** Fills `target` exactly from the stream that begins at `at`. False when it is damaged, cut off, or of another size. */
  inflate(source: Uint8Array, at: number, target: Uint8Array): boolean {
    const head = ((source[at] ?? 0) << 8) | (source[at + 1] ?? 0);
    // Method 8, no preset dictionary, and a check of these two bytes.
    if ((head & 0x0f20) !== 0x0800 || head % 31 !== 0) return false;
    this.#source = source;
    this.#target = target;
    this.#at = at + 2;
    this.#out = this.#hold = this.#bits = 0;
    let isLast = false;
    while (!isLast) {
      isLast = this.#take(1) === 1;
      if (!this.#block(this.#take(2))) return false;
    }
    return this.#out === target.length && !this.#isOverrun();
  }

  #block(type: number): boolean {
    if (this.#isOverrun()) return false;
    if (type === 0) return this.#stored();
    if (type === 1) return this.#symbols(fixedLiterals, fixedDistances);
    return type === 2 && this.#readCodes() && this.#symbols(this.#literals, this.#distances);
  }

  // Beyond the end of the source, bits are zero: whoever used one of them is told here.
  #isOverrun = (): boolean => this.#at - (this.#bits >> 3) > this.#source.length;

  #fill(bits: number): void {
    while (this.#bits < bits) {
      this.#hold |= (this.#source[this.#at++] ?? 0) << this.#bits;
      this.#bits += 8;
    }
  }

  #take(bits: number): number {
    this.#fill(bits);
    const value = this.#hold & ((1 << bits) - 1);
    this.#hold >>= bits;
    this.#bits -= bits;
    return value;
  }

  #stored(): boolean {
    const start = this.#at - (this.#bits >> 3);
    this.#hold = this.#bits = 0;
    const source = this.#source;
    const length = (source[start] ?? 0) | ((source[start + 1] ?? 0) << 8);
    const inverse = (source[start + 2] ?? 0) | ((source[start + 3] ?? 0) << 8);
    this.#at = start + 4 + length;
    if (length !== (inverse ^ 0xffff) || this.#at > source.length || this.#out + length > this.#target.length) return false;
    this.#target.set(source.subarray(start + 4, this.#at), this.#out);
    this.#out += length;
    return true;
  }

  #readCodes(): boolean {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    if (literals > LITERALS_MAX || !this.#readLengthCode(this.#take(4) + 4)) return false;
    this.#literals.begin();
    this.#distances.begin();
    return this.#readLengths(literals, literals + distances) && this.#literals.finish() && this.#distances.finish();
  }

  #readLengthCode(given: number): boolean {
    const lengths = this.#lengths.fill(0);
    for (let index = 0; index < given; index++) lengths[LENGTHS_ORDER[index] ?? 0] = this.#take(3);
    const code = this.#lengthCode;
    code.begin();
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const bits = lengths[symbol] ?? 0;
      if (bits !== 0) code.add(symbol, bits);
    }
    return code.finish();
  }

  // A length, or how often one is repeated; a repetition may go on from literals to distances.
  #readLengths(literals: number, all: number): boolean {
    const { table, mask } = this.#lengthCode;
    let length = 0;
    for (let index = 0; index < all; ) {
      this.#fill(LENGTH_BITS_MAX);
      const entry = table[this.#hold & mask] ?? 0;
      const symbol = entry >> 4;
      if (entry === 0 || (symbol === 16 && index === 0)) return false;
      this.#hold >>= entry & 15;
      this.#bits -= entry & 15;
      let end = index + 1;
      if (symbol < 16) length = symbol;
      else if (symbol === 16) end = index + 3 + this.#take(2);
      else {
        length = 0;
        end = index + (symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7));
      }
      if (end > all) return false;
      if (length === 0) index = end;
      for (; index < end; index++) {
        if (index < literals) this.#literals.add(index, length);
        else this.#distances.add(index - literals, length);
      }
    }
    return true;
  }

  // The one loop that counts. It ends: each turn fills a byte of the target, or is the last.
  #symbols(literals: HuffmanCode, distances: HuffmanCode): boolean {
    const source = this.#source;
    const target = this.#target;
    const size = target.length;
    const { table, mask } = literals;
    let hold = this.#hold;
    let bits = this.#bits;
    let at = this.#at;
    let out = this.#out;
    for (;;) {
      if (bits < CODE_BITS_MAX) {
        hold |= ((source[at] ?? 0) | ((source[at + 1] ?? 0) << 8)) << bits;
        at += 2;
        bits += 16;
      }
      const short = table[hold & mask] ?? 0;
      const entry = short === 0 ? literals.readLong(hold) : short;
      if (entry === 0) return false;
      hold >>= entry & 15;
      bits -= entry & 15;
      const symbol = entry >> 4;
      if (symbol < END_OF_BLOCK) {
        if (out === size) return false;
        target[out++] = symbol;
        // Mostly letters and digits with short codes: another one is often there already.
        const second = table[hold & mask] ?? 0;
        if (second === 0 || (second & 15) > bits || second >> 4 >= END_OF_BLOCK || out === size) continue;
        hold >>= second & 15;
        bits -= second & 15;
        target[out++] = second >> 4;
        continue;
      }
      if (symbol === END_OF_BLOCK) break;
      const lengthExtra = LENGTH_EXTRA[symbol - 257];
      if (lengthExtra === undefined) return false;
      while (bits < CODE_BITS_MAX + lengthExtra) {
        hold |= (source[at++] ?? 0) << bits;
        bits += 8;
      }
      const length = (LENGTH_BASE[symbol - 257] ?? 0) + (hold & ((1 << lengthExtra) - 1));
      hold >>= lengthExtra;
      bits -= lengthExtra;
      const far = distances.read(hold);
      const distanceExtra = DISTANCE_EXTRA[far >> 4];
      if (far === 0 || distanceExtra === undefined) return false;
      hold >>= far & 15;
      bits -= far & 15;
      while (bits < distanceExtra) {
        hold |= (source[at++] ?? 0) << bits;
        bits += 8;
      }
      const distance = (DISTANCE_BASE[far >> 4] ?? 0) + (hold & ((1 << distanceExtra) - 1));
      hold >>= distanceExtra;
      bits -= distanceExtra;
      if (distance > out || out + length > size) return false;
      for (const end = out + length; out < end; out++) target[out] = target[out - distance] ?? 0;
    }
    this.#hold = hold;
    this.#bits = bits;
    this.#at = at;
    this.#out = out;
    return true;
  }
}

// Huffman codes of deflate (RFC 1951, 3.2): a table for short codes, and the canonical order for the rest.

/** The most bits that a first look at a table takes. */
export const TABLE_BITS_MAX = 9;
/** Bits of the longest code. */
export const CODE_BITS_MAX = 15;

// Every nine bits from last to first.
const REVERSED = Uint16Array.from({ length: 1 << TABLE_BITS_MAX }, (_, value) => {
  let reversed = 0;
  for (let bit = 0; bit < TABLE_BITS_MAX; bit++) reversed |= ((value >> bit) & 1) << (TABLE_BITS_MAX - 1 - bit);
  return reversed;
});

/** A code that can be filled again for each block. What it gives is `symbol << 4 | bits`, and 0 for bits that are no code. */
export class HuffmanCode {
  /** What short codes mean, by the next bits; 0 where the code is longer than these, or none. */
  readonly table: Uint16Array;
  /** The bits that the table is asked by. */
  readonly mask: number;
  readonly #tableBits: number;
  /** The symbols that have a code, as they were added, and the bits of each. */
  readonly #added: Uint16Array;
  readonly #addedBits: Uint8Array;
  #length = 0;
  readonly #count = new Uint16Array(CODE_BITS_MAX + 1);
  /** The symbols in the order of their codes. */
  readonly #symbol: Uint16Array;
  readonly #place = new Uint16Array(CODE_BITS_MAX + 1);
  readonly #next = new Uint16Array(CODE_BITS_MAX + 1);

  constructor(symbolsMax: number, tableBits = TABLE_BITS_MAX) {
    this.#tableBits = tableBits;
    this.mask = (1 << tableBits) - 1;
    this.table = new Uint16Array(1 << tableBits);
    this.#added = new Uint16Array(symbolsMax);
    this.#addedBits = new Uint8Array(symbolsMax);
    this.#symbol = new Uint16Array(symbolsMax);
  }

  begin(): void {
    this.#length = 0;
    this.#count.fill(0);
  }

  /** Adds the next symbol that has a code: of so many bits, which are not 0. */
  add(symbol: number, bits: number): void {
    this.#added[this.#length] = symbol;
    this.#addedBits[this.#length++] = bits;
    this.#count[bits] = (this.#count[bits] ?? 0) + 1;
  }

  /** Takes what was added. False when there is no such code. */
  finish(): boolean {
    let code = 0;
    let place = 0;
    for (let bits = 1; bits <= CODE_BITS_MAX; bits++) {
      code <<= 1;
      this.#next[bits] = code;
      this.#place[bits] = place;
      const some = this.#count[bits] ?? 0;
      code += some;
      place += some;
      if (code > 1 << bits) return false;
      // Where short codes do not fill the table, what it held before must go.
      if (bits === this.#tableBits && code < 1 << bits) this.table.fill(0);
    }
    for (let index = 0; index < this.#length; index++) this.#assign(this.#added[index] ?? 0, this.#addedBits[index] ?? 0);
    return true;
  }

  #assign(symbol: number, bits: number): void {
    const place = this.#place[bits] ?? 0;
    const code = this.#next[bits] ?? 0;
    this.#symbol[place] = symbol;
    this.#place[bits] = place + 1;
    this.#next[bits] = code + 1;
    if (bits > this.#tableBits) return;
    const { table } = this;
    const entry = (symbol << 4) | bits;
    const step = 1 << bits;
    for (let at = (REVERSED[code] ?? 0) >> (TABLE_BITS_MAX - bits); at < table.length; at += step) table[at] = entry;
  }

  /** The symbol that the next bits begin with, the first of them lowest in `hold`. */
  read(hold: number): number {
    const entry = this.table[hold & this.mask] ?? 0;
    return entry === 0 ? this.readLong(hold) : entry;
  }

  /** The same for a code that is not in the table. */
  readLong(hold: number): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let bits = 1; bits <= CODE_BITS_MAX; bits++) {
      code |= (hold >> (bits - 1)) & 1;
      const some = this.#count[bits] ?? 0;
      if (code - some < first) return ((this.#symbol[index + code - first] ?? 0) << 4) | bits;
      index += some;
      first = (first + some) << 1;
      code <<= 1;
    }
    return 0;
  }
}

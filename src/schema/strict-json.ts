import { assertDepth, assertKey, assertNumber, assertString, decodeUtf8, I_JSON, LEDGER_JSON, notAcceptable, showKey, type JsonLimits, type Where } from './json.ts';

// JSON.parse keeps the last of two equal keys and rounds large integers without a word. This reader refuses both. It
// reads each character once, so hostile input costs linear time, and builds objects without a prototype, so that a
// member called `__proto__` is a member like any other.

const WHITESPACE = /[ \t\n\r]*/y;
// The plain run of a string: no quote, no backslash, no control character.
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const HEX4 = /[0-9a-fA-F]{4}/y;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const NUMBER_LENGTH_MAX = 1100;

class Reader {
  readonly #text: string;
  readonly #limits: JsonLimits;
  #at = 0;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  readDocument(): unknown {
    const value = this.#readValue(0);
    this.#skip(WHITESPACE);
    if (this.#at < this.#text.length) throw this.#fault('something follows the end of the value.');
    return value;
  }

  #readValue(depth: number): unknown {
    this.#skip(WHITESPACE);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#readObject(depth + 1);
      case '[':
        return this.#readArray(depth + 1);
      case '"':
        return this.#readString();
      case 't':
        return this.#readWord('true', true);
      case 'f':
        return this.#readWord('false', false);
      case 'n':
        return this.#readWord('null', null);
      default:
        return this.#readNumber();
    }
  }

  #readObject(depth: number): unknown {
    assertDepth(depth, this.#limits, this.#here());
    const members: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    this.#at++;
    if (this.#follows('}')) return members;
    do {
      this.#skip(WHITESPACE);
      const where = this.#here();
      const key = this.#readString();
      assertKey(key, this.#limits, where);
      if (Object.hasOwn(members, key)) throw notAcceptable(where(), `the key ${showKey(key)} stands twice in one object.`);
      this.#expect(':');
      members[key] = this.#readValue(depth);
    } while (this.#follows(','));
    this.#expect('}');
    return members;
  }

  #readArray(depth: number): unknown {
    assertDepth(depth, this.#limits, this.#here());
    const items: unknown[] = [];
    this.#at++;
    if (this.#follows(']')) return items;
    do items.push(this.#readValue(depth));
    while (this.#follows(','));
    this.#expect(']');
    return items;
  }

  #readString(): string {
    const where = this.#here();
    if (this.#text[this.#at] !== '"') throw this.#fault('expected a string.');
    this.#at++;
    const parts: string[] = [this.#skip(PLAIN)];
    while (this.#text[this.#at] === '\\') parts.push(this.#readEscape(), this.#skip(PLAIN));
    if (this.#text[this.#at] !== '"') throw this.#fault('a string is not closed, or holds a raw control character.');
    this.#at++;
    const text = parts.join('');
    assertString(text, this.#limits, where);
    return text;
  }

  #readEscape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    this.#at += 2;
    if (letter === 'u') {
      const digits = this.#skip(HEX4);
      if (digits === '') throw this.#fault('\\u needs four hex digits.');
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (plain === undefined) throw this.#fault('a backslash is followed by a letter that JSON does not know.');
    return plain;
  }

  #readNumber(): number {
    const where = this.#here();
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (!match) throw this.#fault(this.#at < this.#text.length ? 'expected a value.' : 'the text ends too early.');
    if (match[0].length > NUMBER_LENGTH_MAX) throw notAcceptable(where(), `a number has more than ${NUMBER_LENGTH_MAX} characters.`);
    if (this.#limits.profile === 'ledger' && (match[1] ?? match[2]) !== undefined) {
      throw notAcceptable(where(), 'only whole numbers are allowed, without fraction or exponent.');
    }
    this.#at += match[0].length;
    const value = Number(match[0]);
    // In the text's own digits: the double that they round to is another number.
    if (this.#limits.profile === 'ledger' && !Number.isSafeInteger(value)) throw notAcceptable(where(), `${match[0].slice(0, 40)} is not a safe integer (at most 9007199254740991); write it as a string.`);
    assertNumber(value, this.#limits, where);
    return value;
  }

  #readWord<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fault('expected a value.');
    this.#at += word.length;
    return value;
  }

  #follows(character: string): boolean {
    this.#skip(WHITESPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #expect(character: string): void {
    if (!this.#follows(character)) throw this.#fault(`expected "${character}".`);
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const run = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += run.length;
    return run;
  }

  #here(): Where {
    const at = this.#at;
    return () => `character ${at + 1}`;
  }

  #fault(what: string): Error {
    return notAcceptable(this.#here()(), what);
  }
}

/** Reads JSON text of the ledger's subset; it need not be canonical. Throws an `input` error that says where and why. */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits = LEDGER_JSON): unknown {
  return new Reader(decodeUtf8(bytes, limits), limits).readDocument();
}

/** Reads any I-JSON text (RFC 7493): still no duplicate keys, no lone surrogates, no invalid UTF-8. */
export const parseIJson = (bytes: Uint8Array): unknown => parseStrictJson(bytes, I_JSON);

import type { Capture } from '../../parse/parser.ts';
import { createCoding } from '../coded-text.ts';

const WORD_START = new Uint8Array(128);
const WORD_PART = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  WORD_START[code] = Number(/[A-Za-z_$]/.test(String.fromCharCode(code)));
  WORD_PART[code] = Number(/[\w$]/.test(String.fromCharCode(code)));
}

export const isWordStart = (code: number): boolean => WORD_START[code] === 1;
export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Marks by their code units, for comparisons that say what they mean. */
export const [FEED, BANG, DOUBLE, HASH, PERCENT, AND, SINGLE, OPEN, CLOSE, STAR, PLUS, COMMA, MINUS, DOT, SLASH, COLON, SEMICOLON, LESS, EQUALS, GREATER, QUESTION, AT, BRACKET, BACKSLASH, UNBRACKET, CARET, TICK, BRACE, BAR, UNBRACE, TILDE] =
  [10, 33, 34, 35, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 58, 59, 60, 61, 62, 63, 64, 91, 92, 93, 94, 96, 123, 124, 125, 126] as const;

/** Deeper texts are left to the parser. */
const DEPTH_MAX = 60;
const coding = createCoding();
const CAPTURES_MAX = 10_000;

/**
 * A place in a text, and what can be read from there: words, literals, groups. Every reading method gives false for what it does not
 * understand; the whole text is then left to the parser, so nothing is ever read twice.
 */
export class Cursor {
  readonly text: string;
  readonly #codes: Uint16Array;
  readonly captures: Capture[] = [];
  at = 0;
  /** A line feed came with the white space that was skipped last. */
  isNewLine = true;
  /** Where the last skipping ended: skipping again from there changes nothing. */
  #skipped = -1;
  #depth = 0;
  #line = 1;
  #counted = 0;

  constructor(text: string) {
    this.text = text;
    this.#codes = coding(text).codes;
  }

  /** The code unit at hand; 0 at the end. */
  get code(): number {
    return this.#codes[this.at] ?? 0;
  }

  next(ahead = 1): number {
    return this.#codes[this.at + ahead] ?? 0;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Goes to the next thing that is no white space, and gives its code unit. */
  skip(): number {
    if (this.at === this.#skipped) return this.code;
    this.isNewLine = false;
    for (;;) {
      const code = this.#codes[this.at] ?? 0;
      if (code === FEED) this.isNewLine = true;
      else if (code !== 32 && code !== 9 && code !== 13) {
        this.#skipped = this.at;
        return code;
      }
      this.at++;
    }
  }

  /** Passes the mark when it is the next thing. */
  take(mark: number): boolean {
    if (this.skip() !== mark) return false;
    this.at++;
    return true;
  }

  /** The word at hand, not passed; an empty text when there is none. */
  peekWord(): string {
    const code = this.code;
    if (!isWordStart(code)) return '';
    let end = this.at + 1;
    while (WORD_PART[this.#codes[end] ?? 0] === 1) end++;
    return this.text.slice(this.at, end);
  }

  /** Passes the word at hand; an empty text when there is none, or when it goes on beyond ASCII. */
  word(): string {
    const word = this.peekWord();
    this.at += word.length;
    const code = this.code;
    return code >= 128 || code === BACKSLASH ? '' : word;
  }

  /** Passes this very word, when it is the next thing. */
  takeWord(word: string): boolean {
    this.skip();
    if (!this.text.startsWith(word, this.at) || WORD_PART[this.#codes[this.at + word.length] ?? 0] === 1) return false;
    this.at += word.length;
    return true;
  }

  /** The first thing behind the word at hand, with whether it stands on the same line. Passes nothing. */
  behind(word: string): { code: number; at: number; isNewLine: boolean } {
    const [at, isNewLine, skipped] = [this.at, this.isNewLine, this.#skipped];
    this.at += word.length;
    const code = this.skip();
    const found = { code, at: this.at, isNewLine: this.isNewLine };
    this.at = at;
    this.isNewLine = isNewLine;
    this.#skipped = skipped;
    return found;
  }

  add(name: string, start: number, end: number): boolean {
    if (this.captures.length >= CAPTURES_MAX || start < this.#counted) return false;
    for (let at = this.text.indexOf('\n', this.#counted); at >= 0 && at < start; at = this.text.indexOf('\n', at + 1)) this.#line++;
    this.#counted = start;
    this.captures.push({ name, start, end, line: this.#line });
    return true;
  }

  /** Before something inside of something else is read; false where that is too deep. */
  enter(): boolean {
    return this.#depth < DEPTH_MAX && ++this.#depth > 0;
  }

  /** Behind it, with what came of it. */
  leave(done: boolean): boolean {
    this.#depth--;
    return done;
  }

  string(): boolean {
    const quote = this.code;
    for (let at = this.at + 1; at < this.text.length; at++) {
      const code = this.#codes[at] ?? 0;
      if (code === FEED) return false;
      if (code === BACKSLASH) {
        // A line that goes on is rare enough to be left alone.
        if (this.#codes[++at] === FEED || this.#codes[at] === 13) return false;
      } else if (code === quote) {
        this.at = at + 1;
        return true;
      }
    }
    return false;
  }

  /** A template whose substitutions are plain names and members. */
  template(): boolean {
    const found = TEMPLATE.exec(this.#from(TEMPLATE));
    if (found === null) return false;
    this.at = TEMPLATE.lastIndex;
    return true;
  }

  number(): boolean {
    const found = NUMBER.exec(this.#from(NUMBER));
    if (found === null) return false;
    this.at = NUMBER.lastIndex;
    return WORD_PART[this.code] !== 1 && this.code !== DOT;
  }

  regex(): boolean {
    const found = REGEX.exec(this.#from(REGEX));
    if (found === null) return false;
    this.at = REGEX.lastIndex;
    return WORD_PART[this.code] !== 1;
  }

  #from(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    return this.text;
  }

  /** Passes a group from its opening mark to its closing one. What stands in its braces, if there are any, is nothing. */
  group(): boolean {
    const open: number[] = [];
    let before = 0;
    for (let code = this.code; ; code = this.skip()) {
      if (code === OPEN || code === BRACKET || code === BRACE) {
        open.push(code === OPEN ? CLOSE : code === BRACKET ? UNBRACKET : UNBRACE);
        this.at++;
        if (code === BRACE && this.skip() !== UNBRACE) return false;
      } else if (code === CLOSE || code === UNBRACKET || code === UNBRACE) {
        if (open.pop() !== code) return false;
        this.at++;
        if (open.length === 0) return true;
      } else if (code === DOUBLE || code === SINGLE) {
        if (!this.string()) return false;
      } else if (code === TICK) {
        if (!this.template()) return false;
      } else if (code === SLASH) {
        if (isValueEnd(before)) this.at++;
        else if (!this.regex()) return false;
      } else if (isWordStart(code)) {
        const word = this.word();
        if (word === '' || FOREIGN.has(word)) return false;
      } else if (!(code < 128) || code === BACKSLASH || code === AT || code === HASH || code < 32) return false;
      else this.at++;
      before = this.#codes[this.at - 1] ?? 0;
    }
  }
}

/** Words in a group that may declare something. */
const FOREIGN = new Set(['class', 'function', 'import', 'export', 'let', 'var', 'const', 'yield', 'return']);
const isValueEnd = (code: number): boolean => WORD_PART[code] === 1 || code === CLOSE || code === UNBRACKET || code === UNBRACE || code === DOUBLE || code === SINGLE || code === TICK;

const TEMPLATE = /`(?:[^`\\$]|\\[^]|\$(?!\{)|\$\{[\w$]+(?:\.[\w$]+)*\})*`/y;
const NUMBER = /0[xXoObB][\da-fA-F_]+n?|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?n?/y;
const REGEX = /\/(?![*/])(?:[^\\/[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y;

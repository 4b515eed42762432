import { createCoding, type CodedText } from './coded-text.ts';
import { importStatementAt, OpenGroups, type Statement } from './groups.ts';
import type { RawImport } from './outline.ts';
import { skipBlockComment, skipDouble, skipPast, skipRegex, skipSingle, skipTemplate } from './scan-text.ts';
import { BEFORE_REGEX, FEED, KEPT_GROUPS, KINDS, NO_NAMES, PLAIN, SPACE, WORD } from './scan-tables.ts';
import { isContainer, type BraceStyle } from './styles.ts';
import { isWordCode } from './terms.ts';

/** A text with the insides of its functions taken out, line for line, and what the scan saw on its way. */
export interface Skeleton {
  /** The parser's input; the whole text when its braces do not match. */
  readonly text: string;
  /** Names that are called, and names that begin with a capital. */
  readonly references: ReadonlySet<string>;
  /** `require('x')` and `import('x')`, wherever they stand. */
  readonly calls: readonly RawImport[];
  /** Import statements that were taken out of the text. */
  readonly statements: readonly Statement[];
  /** Where strings begin that may be paths; null where the scan does not look. */
  readonly quotes: readonly number[] | null;
}

export const REFERENCES_MAX = 400;
const HEAD_MAX = 600;
/** Of a longer word the beginning is kept. */
const WORD_MAX = 100;
const VALUE = 1;
/** Shorter groups and templates are left as they are. */
const HOLLOW_MIN = 12;
/**
 * Empties every block that can hold no definition anybody else sees. A parser then reads a fifth of the text. One pass, linear in
 * the text's length; it never fails: what it does not understand, it leaves in.
 */
export function skeletonOf(text: string, style: BraceStyle): Skeleton {
  const scan = new Scan(text, style);
  scan.run();
  const result = scan.result();
  // A text that is parsed whole has its imports in it.
  return { text: result, quotes: style.hollow ? scan.quotes : null, references: scan.references, calls: scan.calls, statements: result === text ? [] : scan.statements };
}

const coding = createCoding();

class Scan {
  readonly references = new Set<string>();
  readonly calls: RawImport[] = [];
  readonly statements: Statement[] = [];
  readonly quotes: number[] = [];
  readonly #groups = new OpenGroups();
  readonly #source: CodedText;
  readonly #text: string;
  readonly #codes: Uint16Array;
  readonly #style: BraceStyle;
  readonly #parts: string[] = [];
  /** Start of what is not yet in `#parts`. */
  #from = 0;
  #depth = 0;
  /** Depth at which the emptied block began, or -1. */
  #emptied = -1;
  #headStart = 0;
  /** Line at which the emptied block began, and the line at hand. */
  #emptiedLine = 0;
  #line = 1;
  /** The first line feed from where lines were last counted on; the text's end when there is none. */
  #feed = -1;
  /** Last significant code unit, `VALUE` for a word or a literal. */
  #last = 0;
  /** Where the last word stands; it is cut out only for who asks, and names nothing when it is empty. */
  #wordStart = 0;
  #wordEnd = 0;
  #isBroken = false;

  constructor(text: string, style: BraceStyle) {
    this.#source = coding(text);
    this.#text = text;
    this.#codes = this.#source.codes;
    this.#style = style;
  }

  result(): string {
    if (this.#isBroken || this.#depth !== 0 || !this.#groups.areClosed) return this.#text;
    if (this.#from < this.#text.length) this.#parts.push(this.#text.slice(this.#from));
    return this.#parts.join('');
  }

  run(): void {
    const codes = this.#codes;
    const end = this.#text.length;
    let at = 0;
    while (at < end) {
      const code = codes[at] ?? 0;
      const kind = code < 128 ? KINDS[code] : isWordCode(code) ? WORD : PLAIN;
      if (kind === SPACE) at++;
      else if (kind === WORD) at = this.#takeWord(at, code);
      else if (kind === PLAIN) {
        this.#last = code;
        at++;
      } else if (kind === FEED) {
        this.#line++;
        at++;
      } else at = this.#takeMark(at, code);
    }
  }

  #takeWord(at: number, first: number): number {
    const codes = this.#codes;
    let end = at + 1;
    for (let code = codes[end] ?? 0; code < 128 ? KINDS[code] === WORD : isWordCode(code); code = codes[end] ?? 0) end++;
    this.#last = VALUE;
    this.#wordStart = at;
    // Digits name nothing.
    this.#wordEnd = first >= 48 && first <= 57 ? at : end;
    if (first >= 65 && first <= 90 && end - at > 2) this.#refer();
    if (first === 105 && end - at === 6 && this.#style.hollow && this.#emptied < 0 && this.#text.startsWith('import', at)) return this.#takeStatement(at, end);
    return end;
  }

  get #word(): string {
    return this.#text.slice(this.#wordStart, Math.min(this.#wordEnd, this.#wordStart + WORD_MAX));
  }

  #forgetWord(): void {
    this.#wordEnd = this.#wordStart;
  }

  /** An import statement leaves the text: its first quote ends it, and what stands before is names alone. */
  #takeStatement(at: number, after: number): number {
    const statement = this.#groups.areClosed ? importStatementAt(this.#text, at) : null;
    if (statement === null) return after;
    const end = at + statement.length;
    this.statements.push({ text: statement, line: this.#line });
    this.#parts.push(this.#text.slice(this.#from, at));
    this.#from = end;
    const lines = this.#countLines(at, end);
    if (lines > 0) this.#parts.push('\n'.repeat(lines));
    this.#headStart = end;
    this.#forgetWord();
    return end;
  }

  #refer(): void {
    if (this.#wordEnd === this.#wordStart || this.references.size >= REFERENCES_MAX) return;
    const word = this.#word;
    if (!this.references.has(word) && !NO_NAMES.has(word)) this.references.add(word);
  }

  #takeMark(at: number, code: number): number {
    const source = this.#source;
    switch (code) {
      case 47: return this.#takeSlash(at);
      case 34: return this.#literal(this.#noted(at), skipDouble(source, at, this.#style));
      case 39: return this.#literal(this.#noted(at), skipSingle(source, at, this.#style));
      case 96: return this.#style.backtick === null ? this.#mark(at, code) : this.#style.backtick === 'raw' ? this.#literal(at, skipPast(this.#text, at + 1, '`')) : this.#takeTemplate(this.#noted(at));
      case 35: return this.#style.hashComments && this.#codes[at + 1] !== 91 ? this.#comment(at, this.#lineEnd(at)) : this.#mark(at, code);
      case 40: return this.#takeCall(at);
      case 91: return this.#openGroup(at, 91);
      case 41: case 93: return this.#closeGroup(at, code);
      case 59:
        if (this.#emptied < 0) this.#headStart = at + 1;
        return this.#mark(at, code);
      case 123: return this.#open(at);
      case 125: return this.#close(at);
      default: return this.#mark(at, code);
    }
  }

  #mark(at: number, code: number): number {
    this.#last = code;
    return at + 1;
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf('\n', at);
    return end < 0 ? this.#text.length : end;
  }

  #literal(at: number, end: number): number {
    this.#countLines(at, end);
    this.#last = VALUE;
    this.#forgetWord();
    return end;
  }

  // `/x`, `http://…`, `${base}/x`, `{base}/x`, `GET /x`.
  #noted(at: number): number {
    const first = this.#codes[at + 1] ?? 0;
    if (first === 47 || first === 104 || first === 36 || first === 123 || (first >= 68 && first <= 80)) this.quotes.push(at);
    return at;
  }

  #countLines(at: number, end: number): number {
    let lines = 0;
    if (this.#feed < at) this.#feed = this.#lineEnd(at);
    while (this.#feed < end) {
      lines++;
      this.#feed = this.#lineEnd(this.#feed + 1);
    }
    this.#line += lines;
    return lines;
  }

  /** Comments go, their lines stay. */
  #comment(at: number, end: number): number {
    const lines = this.#countLines(at, end);
    if (this.#emptied < 0) {
      this.#parts.push(this.#text.slice(this.#from, at), lines === 0 ? ' ' : '\n'.repeat(lines));
      this.#from = end;
    }
    return end;
  }

  #takeSlash(at: number): number {
    const next = this.#codes[at + 1];
    if (next === 47) return this.#comment(at, this.#lineEnd(at));
    if (next === 42) return this.#comment(at, skipBlockComment(this.#text, at, this.#style.nestedComments));
    const divides = this.#last === 41 || this.#last === 93 || this.#last === 60 || next === 62 || (this.#last === VALUE && !BEFORE_REGEX.has(this.#word));
    return this.#style.regexes && !divides ? this.#literal(at, skipRegex(this.#source, at)) : this.#mark(at, 47);
  }

  #takeCall(at: number): number {
    if (this.#last === VALUE && this.#wordEnd > this.#wordStart) {
      if (this.#style.regexes && this.#isImport()) this.#takeImport(at + 1);
      else this.#refer();
    }
    return this.#openGroup(at, 40);
  }

  #takeTemplate(at: number): number {
    const end = skipTemplate(this.#source, at);
    if (this.#emptied < 0 && end - at > HOLLOW_MIN && this.#codes[end - 1] === 96) {
      this.#parts.push(this.#text.slice(this.#from, at + 1));
      this.#from = end - 1;
      this.#parts.push('\n'.repeat(this.#countLines(at, end)));
      this.#last = VALUE;
      this.#forgetWord();
      return end;
    }
    return this.#literal(at, end);
  }

  #isImport(): boolean {
    const length = this.#wordEnd - this.#wordStart;
    return (length === 7 && this.#text.startsWith('require', this.#wordStart)) || (length === 6 && this.#text.startsWith('import', this.#wordStart));
  }

  #openGroup(at: number, code: number): number {
    if (this.#style.hollow && this.#emptied < 0) {
      const isLoop = code === 40 && this.#last === VALUE && KEPT_GROUPS.has(this.#word);
      this.#groups.open({ code, at, depth: this.#depth, line: this.#line, parts: this.#parts.length, from: this.#from, isKept: isLoop });
    }
    return this.#mark(at, code);
  }

  /** What stood in a group gives way to one name: that reads as arguments, parameters, a value or a type alike. */
  #closeGroup(at: number, code: number): number {
    if (this.#style.hollow && this.#emptied < 0) {
      const group = this.#groups.close(code, this.#depth);
      if (group === null) this.#isBroken = true;
      else if (!group.isKept && at - group.at > HOLLOW_MIN) {
        this.#parts.length = group.parts;
        this.#parts.push(this.#text.slice(group.from, group.at + 1), '_', '\n'.repeat(this.#line - group.line));
        this.#from = at;
      }
    }
    return this.#mark(at, code);
  }

  #takeImport(from: number): void {
    const found = /^\s{0,20}(?:"([^"\\\n]{1,500})"|'([^'\\\n]{1,500})'|`([^`\\\n$]{1,500})`)\s{0,20}[,)]/.exec(this.#text.slice(from, from + 560));
    const specifier = found?.[1] ?? found?.[2] ?? found?.[3];
    if (specifier !== undefined && this.calls.length < REFERENCES_MAX) this.calls.push({ specifier, names: ['*'], line: this.#line });
  }

  #open(at: number): number {
    if (this.#emptied < 0) {
      if (!isContainer(this.#text.slice(Math.max(this.#headStart, at - HEAD_MAX), at), this.#style)) {
        this.#parts.push(this.#text.slice(this.#from, at + 1));
        this.#emptied = this.#depth;
        this.#emptiedLine = this.#line;
      } else this.#groups.keepAll();
      this.#headStart = at + 1;
    }
    this.#depth++;
    return this.#mark(at, 123);
  }

  #close(at: number): number {
    this.#depth--;
    if (this.#depth < 0) this.#isBroken = true;
    if (this.#emptied === this.#depth) {
      this.#parts.push('\n'.repeat(this.#line - this.#emptiedLine));
      this.#from = at;
      this.#emptied = -1;
    }
    if (this.#emptied < 0) this.#headStart = at + 1;
    return this.#mark(at, 125);
  }
}

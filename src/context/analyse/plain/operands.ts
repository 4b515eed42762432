import { BANG, BRACE, BRACKET, CLOSE, COLON, COMMA, DOT, DOUBLE, EQUALS, GREATER, HASH, isDigit, isWordStart, LESS, OPEN, QUESTION, SEMICOLON, SINGLE, SLASH, STAR, TICK } from './cursor.ts';
import { TypeReader } from './types.ts';

/** What an operand is, as far as it matters for what may follow and for what is assigned to. */
export type Operand = 'name' | 'member' | 'element' | 'pattern' | 'group' | 'value' | 'arrow';
const RESERVED = new Set(['if', 'for', 'while', 'do', 'switch', 'case', 'default', 'return', 'throw', 'try', 'catch', 'finally', 'const', 'let', 'var', 'enum', 'export', 'extends', 'implements', 'interface', 'in', 'instanceof', 'with', 'yield', 'else', 'break', 'continue', 'debugger', 'package', 'private', 'protected', 'public', 'static', 'super', 'using']);
/** ` < ` compares where nothing on the rest of its line, or up to a semicolon, could close it. */
const COMPARISON = / < [^>;\n]*(?:;|$)/my;
const GENERIC = /<\s*\w+\s*(?:,|extends\s+\w)/y;
const ELEMENT = /<[A-Za-z][\w.]*\s*\/>/y;

/** Reads what stands between operators: values, functions, and what is done with them. */
export abstract class OperandReader extends TypeReader {
  /** Ternaries whose first branch is being read: a colon ends it. */
  protected ternaries = 0;

  /** The rest of a class behind its name: what it extends, and its members. */
  protected abstract classTail(): boolean;
  /** The entries of an object, from its brace on. */
  protected abstract objectBody(): boolean;
  /** Statements in braces. */
  protected abstract block(): boolean;

  /** An expression without a comma outside of it. */
  abstract expression(): boolean;

  protected operand(): Operand | null {
    const code = this.code;
    if (isWordStart(code)) return this.#named();
    if (isDigit(code) || (code === DOT && isDigit(this.next()))) return this.number() ? this.#chain('value') : null;
    switch (code) {
      case DOUBLE: case SINGLE: return this.string() ? this.#chain('value') : null;
      case TICK: return this.template() ? this.#chain('value') : null;
      case SLASH: return this.regex() ? this.#chain('value') : null;
      case OPEN: return this.#group();
      case BRACKET: return this.group() ? this.#chain('pattern') : null;
      case BRACE: return this.objectBody() ? this.#chain('value') : null;
      case LESS: return this.dialect === 'typescript' || this.#isGeneric() ? (this.typeParameters() ? this.#arrowParameters() : null) : this.#element();
      default: return null;
    }
  }

  // In TSX `<T>` is an element, `<T,>` and `<T extends X>` are not.
  #isGeneric(): boolean {
    GENERIC.lastIndex = this.at;
    return this.dialect === 'tsx' && GENERIC.test(this.text);
  }

  #element(): Operand | null {
    ELEMENT.lastIndex = this.at;
    const found = ELEMENT.exec(this.text);
    if (found === null) return null;
    this.at += found[0].length;
    return 'value';
  }

  #named(): Operand | null {
    const word = this.word();
    if (word === '' || RESERVED.has(word)) return null;
    if (word === 'function') return this.#function() ? this.#chain('value') : null;
    if (word === 'class') return this.#class() ? this.#chain('value') : null;
    if (word === 'import') return (this.code === OPEN || this.code === DOT) ? this.#chain('value') : null;
    if (word === 'async') return this.#async();
    const code = this.skip();
    if (code === EQUALS && this.next() === GREATER) return this.isNewLine ? null : this.#arrowBody();
    return this.#chain('name');
  }

  #async(): Operand | null {
    const code = this.skip();
    if (this.isNewLine) return null;
    if (this.peekWord() === 'function') {
      this.at += 8;
      return this.#function() ? this.#chain('value') : null;
    }
    if (isWordStart(code)) return this.word() === '' || this.skip() !== EQUALS || this.next() !== GREATER ? null : this.#arrowBody();
    if (code === LESS) return this.typeParameters() ? this.#arrowParameters() : null;
    return code === OPEN ? this.#arrowParameters() : null;
  }

  #function(): boolean {
    if (this.skip() === STAR) this.at++;
    if (isWordStart(this.skip()) && this.word() === '') return false;
    return this.signature() && this.block();
  }

  #class(): boolean {
    this.skip();
    const word = this.peekWord();
    if (word !== '' && word !== 'extends' && word !== 'implements') this.at += word.length;
    return this.classTail();
  }

  // Parameters, or a value in parentheses.
  #group(): Operand | null {
    const here = this.at;
    if (!this.group()) return this.#wrapped(here);
    const code = this.skip();
    if (code === EQUALS && this.next() === GREATER) return this.isNewLine ? null : this.#arrowBody();
    if (code !== COLON || this.ternaries > 0 || !this.isTyped) return this.#chain('group');
    this.at++;
    return this.returned() && this.skip() === EQUALS && this.next() === GREATER ? this.#arrowBody() : null;
  }

  // A module's wrapper, mostly: what its function declares is seen.
  #wrapped(at: number): Operand | null {
    this.at = at + 1;
    do if (!this.expression()) return null;
    while (this.take(COMMA));
    return this.take(CLOSE) ? this.#chain('group') : null;
  }

  #arguments(): boolean {
    const here = this.at;
    if (this.group()) return true;
    this.at = here + 1;
    while (this.skip() !== CLOSE) {
      if (!this.expression()) return false;
      if (!this.take(COMMA) && this.skip() !== CLOSE) return false;
    }
    this.at++;
    return true;
  }

  #arrowParameters(): Operand | null {
    if (!this.signature() || this.skip() !== EQUALS || this.next() !== GREATER || this.isNewLine) return null;
    return this.#arrowBody();
  }

  #arrowBody(): Operand | null {
    this.at += 2;
    // Not an object: a body in braces.
    const done = this.skip() === BRACE ? this.block() : this.expression();
    return done ? 'arrow' : null;
  }

  /** Members, elements, calls and templates behind an operand. */
  #chain(first: Operand): Operand | null {
    let kind = first;
    for (;;) {
      const here = this.at;
      const code = this.skip();
      if (code === DOT) {
        this.at++;
        if (!this.#memberName()) return null;
        kind = 'member';
      } else if (code === QUESTION && this.next() === DOT && !isDigit(this.next(2))) {
        this.at += 2;
        const after = this.skip();
        if (after === OPEN || after === BRACKET ? !this.group() : !this.#memberName()) return null;
        kind = 'value';
      } else if (code === OPEN) {
        if (!this.#arguments()) return null;
        kind = 'value';
      } else if (code === BRACKET) {
        if (!this.group()) return null;
        kind = 'element';
      } else if (code === TICK) {
        if (!this.template()) return null;
        kind = 'value';
      } else if (code === LESS && this.isTyped && this.next() !== EQUALS && this.next() !== LESS && !this.#compares()) {
        // Arguments for a type: a comparison would be left to the parser.
        if (this.isNewLine || !this.typeArguments()) return null;
        const after = this.skip();
        if (after !== OPEN && after !== TICK && after !== SEMICOLON && !this.isNewLine && !this.isAtEnd) return null;
        kind = 'value';
      } else if (code === BANG && this.isTyped && this.next() !== EQUALS && !this.isNewLine) {
        this.at++;
        kind = 'value';
      } else {
        this.at = here;
        return kind;
      }
    }
  }

  #compares(): boolean {
    COMPARISON.lastIndex = this.at - 1;
    return COMPARISON.test(this.text);
  }

  #memberName(): boolean {
    if (this.skip() === HASH) this.at++;
    return isWordStart(this.code) && this.word() !== '';
  }
}

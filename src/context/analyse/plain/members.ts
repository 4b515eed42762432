import { AT, BANG, BRACE, BRACKET, COLON, COMMA, DOT, DOUBLE, EQUALS, HASH, isDigit, isWordStart, LESS, OPEN, QUESTION, SEMICOLON, SINGLE, STAR, UNBRACE } from './cursor.ts';
import { ExpressionReader } from './expressions.ts';

const MODIFIERS = new Set(['public', 'private', 'protected', 'static', 'readonly', 'abstract', 'override', 'async', 'declare', 'accessor', 'get', 'set']);
const TYPED_MODIFIERS = new Set(['public', 'private', 'protected', 'readonly', 'abstract', 'override', 'declare', 'accessor']);

/** Reads what stands in the braces of classes, interfaces and objects: the names of methods are captured. */
export abstract class MemberReader extends ExpressionReader {
  protected classTail(): boolean {
    if (this.skip() === LESS && !this.typeParameters()) return false;
    if (this.takeWord('extends') && !this.#heritage()) return false;
    if (this.takeWord('implements') && !(this.isTyped && this.#types())) return false;
    return this.enter() && this.leave(this.#body(() => this.#classMember()));
  }

  /** The rest of an interface behind its name. */
  protected interfaceTail(): boolean {
    if (this.skip() === LESS && !this.typeParameters()) return false;
    if (this.takeWord('extends') && !this.#types()) return false;
    return this.interfaceBody();
  }

  protected interfaceBody(): boolean {
    return this.enter() && this.leave(this.#body(() => this.#interfaceMember()));
  }

  protected objectBody(): boolean {
    return this.enter() && this.leave(this.#body(() => this.#entry()));
  }

  // A name with members and arguments, or a call.
  #heritage(): boolean {
    if (!isWordStart(this.skip()) || this.word() === '') return false;
    for (;;) {
      const code = this.skip();
      if (code === DOT) {
        this.at++;
        if (!isWordStart(this.skip()) || this.word() === '') return false;
      } else if (code === OPEN) {
        if (!this.group()) return false;
      } else if (code === LESS) {
        if (!this.isTyped || !this.typeArguments()) return false;
      } else return true;
    }
  }

  #types(): boolean {
    do if (!isWordStart(this.skip()) || !this.type()) return false;
    while (this.take(COMMA));
    return true;
  }

  #body(member: () => boolean): boolean {
    if (!this.take(BRACE)) return false;
    while (this.skip() !== UNBRACE) if (!member()) return false;
    this.at++;
    return true;
  }

  #decorators(): boolean {
    while (this.skip() === AT) {
      this.at++;
      if (!this.decorator()) return false;
    }
    return true;
  }

  /** `a.b(…)`, behind its `@`. */
  protected decorator(): boolean {
    if (this.word() === '') return false;
    while (this.code === DOT) {
      this.at++;
      if (this.word() === '') return false;
    }
    if (this.code === LESS) return this.isTyped && this.typeArguments() && this.skip() === OPEN && this.group();
    return this.code !== OPEN || this.group();
  }

  #classMember(): boolean {
    if (this.code === SEMICOLON) {
      this.at++;
      return true;
    }
    if (!this.#decorators()) return false;
    this.skip();
    let word = this.#modifiers();
    if (word === null) return false;
    if (word === 'static' && this.behind(word).code === BRACE) return false;
    if (this.code === STAR) {
      this.at++;
      this.skip();
      word = this.peekWord();
    }
    const from = this.at;
    if (!this.#key()) return false;
    const end = this.at;
    let code = this.skip();
    if (code === QUESTION || (code === BANG && this.next() !== EQUALS)) {
      if (!this.isTyped || this.isNewLine) return false;
      this.at++;
      code = this.skip();
    }
    return code === OPEN || code === LESS ? this.#method(word, from, end) : this.#field();
  }

  /** Passes modifiers; gives the word at hand behind them, an empty one when it is none, null for what is not understood. */
  #modifiers(): string | null {
    for (;;) {
      const word = this.peekWord();
      if (!MODIFIERS.has(word)) return word;
      const { code, isNewLine } = this.behind(word);
      const goesOn = isWordStart(code) || code === BRACKET || code === HASH || code === STAR || code === DOUBLE || code === SINGLE;
      if (!goesOn) return word;
      if (isNewLine || (!this.isTyped && TYPED_MODIFIERS.has(word))) return null;
      this.at += word.length;
      this.skip();
    }
  }

  /** The name of a member or entry, of whatever form. */
  #key(): boolean {
    const code = this.code;
    if (code === BRACKET) return this.group();
    if (code === DOUBLE || code === SINGLE) return this.string();
    if (isDigit(code)) return this.number();
    if (code === HASH) this.at++;
    return isWordStart(this.code) && this.word() !== '';
  }

  #method(word: string, from: number, end: number): boolean {
    if (word !== '' && !this.add('method', from, end)) return false;
    if (!this.signature()) return false;
    if (this.skip() === BRACE) return this.block();
    return this.isTyped && this.#endOfField();
  }

  #field(): boolean {
    if (!this.annotation()) return false;
    if (this.skip() !== EQUALS) return this.#endOfField();
    this.at++;
    return this.expression() && this.#endOfField();
  }

  #endOfField(): boolean {
    const code = this.skip();
    // A line that could go on with the one before is the parser's.
    if (this.isNewLine && (code === BRACKET || code === STAR || code === OPEN || code === LESS)) return false;
    return code !== COMMA && this.endOfStatement();
  }

  #interfaceMember(): boolean {
    const code = this.code;
    if (code === SEMICOLON || code === COMMA || code === AT) return false;
    if (code === OPEN || code === LESS) return this.signature() && this.#endOfSignature();
    if (this.#takeConstructor()) return this.signature() && this.#endOfSignature();
    const word = this.#interfaceWord();
    if (word === null) return false;
    const from = this.at;
    if (!this.#key()) return false;
    const end = this.at;
    if (this.skip() === QUESTION) this.at++;
    const after = this.skip();
    if (after === OPEN || after === LESS) return (word === '' || this.add('method', from, end)) && this.signature() && this.#endOfSignature();
    return this.annotation() && this.#endOfSignature();
  }

  /** `new (…)`, which is no method. */
  #takeConstructor(): boolean {
    if (this.peekWord() !== 'new') return false;
    const { code } = this.behind('new');
    if (code !== OPEN && code !== LESS) return false;
    this.at += 3;
    return true;
  }

  #interfaceWord(): string | null {
    const word = this.peekWord();
    if (word !== 'readonly' && word !== 'get' && word !== 'set') return MODIFIERS.has(word) && isWordStart(this.behind(word).code) ? null : word;
    const { code, isNewLine } = this.behind(word);
    if (!isWordStart(code) && code !== BRACKET && code !== DOUBLE && code !== SINGLE) return word;
    if (isNewLine) return null;
    this.at += word.length;
    this.skip();
    return this.peekWord();
  }

  #endOfSignature(): boolean {
    const code = this.skip();
    if (code === COMMA || code === SEMICOLON) {
      this.at++;
      return true;
    }
    return code === UNBRACE || this.isNewLine;
  }

  #entry(): boolean {
    if (this.text.startsWith('...', this.at)) {
      this.at += 3;
      return this.expression() && this.#endOfEntry();
    }
    let word = this.peekWord();
    while (word === 'async' || word === 'get' || word === 'set') {
      const { code, isNewLine } = this.behind(word);
      if (!isWordStart(code) && code !== BRACKET && code !== STAR && code !== DOUBLE && code !== SINGLE) break;
      if (isNewLine) return false;
      this.at += word.length;
      this.skip();
      word = this.peekWord();
    }
    if (this.code === STAR) {
      this.at++;
      this.skip();
      word = this.peekWord();
    }
    const from = this.at;
    if (this.code === HASH || !this.#key()) return false;
    const end = this.at;
    const code = this.skip();
    if (code === COLON) {
      this.at++;
      return this.expression() && this.#endOfEntry();
    }
    if (code === OPEN || code === LESS) return (word === '' || this.add('method', from, end)) && this.signature() && this.block() && this.#endOfEntry();
    // `{ name }`
    return word !== '' && this.#endOfEntry();
  }

  #endOfEntry(): boolean {
    const code = this.skip();
    if (code === COMMA) this.at++;
    return code === COMMA || code === UNBRACE;
  }
}

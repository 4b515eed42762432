import { AND, BACKSLASH, BAR, BRACE, BRACKET, COLON, COMMA, Cursor, DOT, DOUBLE, EQUALS, GREATER, isDigit, isWordStart, LESS, MINUS, OPEN, QUESTION, SINGLE, TICK, UNBRACE } from './cursor.ts';

/** What a file's grammar allows. */
export type Dialect = 'javascript' | 'typescript' | 'tsx';

const PREFIXES = new Set(['keyof', 'readonly', 'unique']);
const NO_TYPES = new Set(['class', 'function', 'const', 'let', 'var', 'enum', 'export', 'interface', 'extends', 'implements', 'in', 'instanceof', 'abstract', 'yield', 'return', 'if', 'for']);

/** Reads TypeScript's types. Nothing in them is captured; what matters is where they end. */
export abstract class TypeReader extends Cursor {
  readonly dialect: Dialect;

  constructor(text: string, dialect: Dialect) {
    super(text);
    this.dialect = dialect;
  }

  /** The members of an interface or of an object's type, from the brace on. */
  protected abstract interfaceBody(): boolean;

  get isTyped(): boolean {
    return this.dialect !== 'javascript';
  }

  /** `: T`, or nothing. */
  annotation(): boolean {
    if (this.skip() !== COLON) return true;
    if (!this.isTyped) return false;
    this.at++;
    return this.type();
  }

  type(): boolean {
    return this.enter() && this.leave(this.#type());
  }

  #type(): boolean {
    const first = this.skip();
    if (first === BAR || first === AND) this.at++;
    for (;;) {
      if (!this.#operand()) return false;
      const code = this.skip();
      if (code === BAR || code === AND) {
        if (this.next() === code || this.next() === EQUALS) return false;
        this.at++;
        continue;
      }
      if (this.peekWord() === 'extends' && !this.isNewLine) return this.#condition();
      return true;
    }
  }

  // `A extends B ? C : D`
  #condition(): boolean {
    this.at += 7;
    return this.#plainUnion() && this.take(QUESTION) && this.type() && this.take(COLON) && this.type();
  }

  #plainUnion(): boolean {
    do if (!this.#operand()) return false;
    while (this.take(BAR) || this.take(AND));
    return true;
  }

  #operand(): boolean {
    const code = this.skip();
    if (isWordStart(code)) return this.#named();
    if (code === OPEN) return this.#function();
    if (code === LESS) return this.typeParameters() && this.skip() === OPEN && this.group() && this.#arrow();
    if (code === BRACKET) return this.group() && this.#suffixes();
    if (code === BRACE) return this.interfaceBody() && this.#suffixes();
    if (code === DOUBLE || code === SINGLE) return this.string() && this.#suffixes();
    if (code === TICK) return this.template() && this.#suffixes();
    if (code === MINUS && isDigit(this.next())) this.at++;
    return isDigit(this.code) && this.number() && this.#suffixes();
  }

  #function(): boolean {
    if (!this.group()) return false;
    this.skip();
    return this.text.startsWith('=>', this.at) ? this.#arrow() : this.#suffixes();
  }

  #arrow(): boolean {
    this.skip();
    if (!this.text.startsWith('=>', this.at)) return false;
    this.at += 2;
    return this.returned();
  }

  /** What a function gives: a type, or what it says of an argument. */
  returned(): boolean {
    this.skip();
    if (this.peekWord() === 'asserts' && isWordStart(this.behind('asserts').code) && !this.text.startsWith('is ', this.behind('asserts').at)) this.at += 7;
    this.skip();
    const word = this.peekWord();
    const after = word === '' ? null : this.behind(word);
    if (after !== null && !after.isNewLine && /^is\b/.test(this.text.slice(after.at, after.at + 3))) this.at = after.at + 2;
    return this.type();
  }

  #named(): boolean {
    const word = this.word();
    if (word === '' || NO_TYPES.has(word)) return this.#construct(word);
    if (PREFIXES.has(word)) {
      const code = this.skip();
      if (!this.isNewLine && (isWordStart(code) || code === OPEN || code === BRACKET || code === BRACE)) return this.enter() && this.leave(this.#operand());
      return this.#suffixes();
    }
    if (word === 'new') return this.#construct(word);
    if (word === 'infer') return isWordStart(this.skip()) && this.word() !== '' && this.skip() !== LESS;
    if (word === 'typeof') {
      if (!isWordStart(this.skip()) || this.isNewLine) return false;
      const name = this.word();
      return name === 'import' ? this.#imported() : name !== '' && this.#suffixes();
    }
    return word === 'import' ? this.#imported() : this.#suffixes();
  }

  #construct(word: string): boolean {
    if (word === 'abstract' && !this.takeWord('new')) return false;
    if (word !== 'abstract' && word !== 'new') return false;
    return (this.skip() !== LESS || this.typeParameters()) && this.skip() === OPEN && this.group() && this.#arrow();
  }

  // `import('x').Y`; the grammar makes something of its own of `import('x').Y<Z>`.
  #imported(): boolean {
    return this.code === OPEN && this.group() && this.#suffixes(true);
  }

  #suffixes(isImported = false): boolean {
    for (let isApplied = false; ; ) {
      const here = this.at;
      const code = this.skip();
      if (code === DOT) {
        this.at++;
        if (!isWordStart(this.skip()) || this.word() === '') return false;
      } else if (code === BRACKET && !this.isNewLine) {
        if (!this.group()) return false;
      } else if (code === LESS && !isApplied) {
        if (isImported || this.isNewLine || !this.typeArguments()) return false;
        isApplied = true;
      } else if (code === BACKSLASH || (code === OPEN && !this.isNewLine)) return false;
      else {
        this.at = here;
        return true;
      }
    }
  }

  /** `<A, B>` */
  typeArguments(): boolean {
    this.at++;
    do if (!this.type()) return false;
    while (this.take(COMMA));
    return this.take(GREATER);
  }

  /** `<const A extends B = C, D>` */
  typeParameters(): boolean {
    if (!this.isTyped) return false;
    this.at++;
    do {
      if (this.skip() === GREATER) break;
      let name = this.word();
      while ((name === 'const' || name === 'in' || name === 'out') && isWordStart(this.skip()) && this.peekWord() !== 'extends') name = this.word();
      if (name === '' || name === 'extends') return false;
      if (this.takeWord('extends') && !this.type()) return false;
      if (this.take(EQUALS) && !this.type()) return false;
    } while (this.take(COMMA));
    return this.take(GREATER);
  }

  /** Parameters and what is given back: `<T>(…): R`. */
  signature(): boolean {
    if (this.skip() === LESS && !this.typeParameters()) return false;
    if (this.skip() !== OPEN || !this.group()) return false;
    if (this.skip() !== COLON) return true;
    if (!this.isTyped) return false;
    this.at++;
    return this.returned();
  }

  /** `{}`, with nothing in it but white space. */
  emptyBlock(): boolean {
    return this.take(BRACE) && this.take(UNBRACE);
  }
}

import { AND, AT, BACKSLASH, BANG, BAR, BRACE, CARET, CLOSE, COLON, COMMA, DOT, DOUBLE, EQUALS, GREATER, HASH, isWordStart, LESS, MINUS, OPEN, PERCENT, PLUS, QUESTION, SEMICOLON, SINGLE, SLASH, STAR, TILDE, UNBRACE, UNBRACKET } from './cursor.ts';
import { OperandReader, type Operand } from './operands.ts';

/** What stood before an operand, or what comes of what stands behind it. */
type Step = 'first' | 'more' | 'assigned' | 'end' | 'no';

/** Where the operand stands that an assignment may be to. */
interface Target {
  readonly from: number;
  readonly end: number;
  readonly isCaptured: boolean;
  readonly isPrefixed: boolean;
}

const PREFIXES = new Set(['await', 'typeof', 'void', 'delete', 'new']);

/** Reads expressions. Only the members of classes and objects in them, and what a statement assigns to, are captured. */
export abstract class ExpressionReader extends OperandReader {
  /** An expression without a comma outside of it. */
  expression(): boolean {
    return this.enter() && this.leave(this.#binary(false));
  }

  /** An expression that is a statement. */
  statementExpression(): boolean {
    return this.enter() && this.leave(this.#binary(true)) && this.skip() !== COMMA;
  }

  /** What may stand behind a statement: a semicolon, a new line, the end of a block. */
  endOfStatement(): boolean {
    const code = this.skip();
    if (code === SEMICOLON) {
      this.at++;
      return true;
    }
    return code === UNBRACE || this.isAtEnd || (this.isNewLine && (isWordStart(code) || code === AT || code === DOUBLE || code === SINGLE));
  }

  #binary(isStatement: boolean): boolean {
    for (let before: Step = 'first'; ; ) {
      const prefixes = this.#prefixes();
      if (prefixes < 0) return false;
      this.skip();
      const from = this.at;
      const operand = this.operand();
      if (operand === null) return false;
      if (operand === 'arrow') return this.#afterArrow();
      const target = before === 'more' ? null : { from, end: this.at, isCaptured: isStatement && before === 'first', isPrefixed: prefixes > 0 };
      before = this.#operator(operand, target);
      if (before === 'end') return true;
      if (before === 'no') return false;
    }
  }

  /** How many prefixes were passed; less than none for what is not understood. */
  #prefixes(): number {
    let count = 0;
    for (;;) {
      const code = this.skip();
      if (code === BANG || code === TILDE) this.at++;
      else if (code === PLUS || code === MINUS) this.at += this.next() === code ? 2 : 1;
      else if (isWordStart(code)) {
        const word = this.peekWord();
        if (!PREFIXES.has(word)) return count;
        const { code: after } = this.behind(word);
        if (after === DOT || after === EQUALS || after === COMMA || after === COLON || (after === OPEN && word === 'new')) return -1;
        this.at += word.length;
        if (word === 'await' && this.behind('').code === 117 && this.text.startsWith('using', this.behind('').at)) return -1;
      } else return count;
      count++;
    }
  }

  /** Nothing goes on with an arrow function but what ends it. */
  #afterArrow(): boolean {
    const code = this.skip();
    if (code === COMMA || code === SEMICOLON || code === CLOSE || code === UNBRACKET || code === UNBRACE || this.isAtEnd) return true;
    if (code === COLON) return this.ternaries > 0;
    return this.isNewLine && (isWordStart(code) ? !/^(?:in|instanceof|as|satisfies)\b/.test(this.text.slice(this.at, this.at + 12)) : code === AT);
  }

  /** What stands behind an operand. */
  #operator(operand: Operand, target: Target | null): Step {
    const code = this.skip();
    const isNewLine = this.isNewLine;
    const next = this.next();
    switch (code) {
      case SEMICOLON: case COMMA: case CLOSE: case UNBRACKET: case UNBRACE: case COLON: return 'end';
      case EQUALS: return next === EQUALS ? this.#pass(this.next(2) === EQUALS ? 3 : 2) : next === GREATER ? 'no' : this.#assign(operand, target);
      case BANG: return next === EQUALS ? this.#pass(this.next(2) === EQUALS ? 3 : 2) : isNewLine ? 'end' : 'no';
      case PLUS: case MINUS:
        if (next !== code) return this.#pass(next === EQUALS ? 2 : 1);
        if (isNewLine) return 'end';
        this.at += 2;
        return this.#operator('value', null);
      case STAR: case AND: case BAR: case LESS: case GREATER: return this.#repeated(code);
      case PERCENT: case CARET: return this.#pass(next === EQUALS ? 2 : 1);
      case SLASH: return next === SLASH || next === STAR ? 'no' : this.#pass(next === EQUALS ? 2 : 1);
      case QUESTION: return next === QUESTION ? this.#pass(this.next(2) === EQUALS ? 3 : 2) : this.#ternary();
      default: return this.#wordOperator(code, isNewLine);
    }
  }

  #pass(length: number): Step {
    this.at += length;
    return 'more';
  }

  // `*`, `**`, `>>>=`, …: the sign as often as it stands, and perhaps `=`.
  #repeated(code: number): Step {
    const most = code === GREATER ? 3 : 2;
    let length = 1;
    while (length < most && this.next(length) === code) length++;
    return this.#pass(this.next(length) === EQUALS ? length + 1 : length);
  }

  #assign(operand: Operand, target: Target | null): Step {
    if (target === null || (operand !== 'name' && operand !== 'member' && operand !== 'element' && operand !== 'pattern')) return 'no';
    if (operand === 'member' && target.isCaptured && (target.isPrefixed || !this.add('member', target.from, target.end))) return 'no';
    this.at++;
    return 'assigned';
  }

  #ternary(): Step {
    this.at++;
    this.ternaries++;
    const done = this.expression() && this.take(COLON);
    this.ternaries--;
    return done && this.expression() ? 'end' : 'no';
  }

  #wordOperator(code: number, isNewLine: boolean): Step {
    if (this.isAtEnd) return 'end';
    const word = isWordStart(code) ? this.peekWord() : '';
    if (word === 'in' || word === 'instanceof') return this.#pass(word.length);
    if (word === 'as' || word === 'satisfies') return isNewLine || !this.isTyped ? 'no' : this.#cast(word);
    if (!isNewLine || code === BRACE || code === BACKSLASH || code === HASH || !(code < 128)) return 'no';
    return 'end';
  }

  #cast(word: string): Step {
    this.at += word.length;
    if (this.takeWord('const') || this.type()) return this.#operator('value', null);
    return 'no';
  }
}

import type { Capture } from '../../parse/parser.ts';
import { AT, BRACE, CLOSE, COMMA, DOT, DOUBLE, EQUALS, HASH, isWordStart, OPEN, SEMICOLON, SINGLE, STAR, UNBRACE } from './cursor.ts';
import { DeclarationReader } from './declarations.ts';
import type { Dialect } from './types.ts';

/**
 * What the grammar's query finds in the skeleton of an ECMAScript text, read by hand: a skeleton is little more than declarations. Null leaves the text
 * to the grammar; it is never a guess. Tests hold that both say the same.
 */
export function plainCaptures(skeleton: string, dialect: Dialect): readonly Capture[] | null {
  if (!DECLARES.test(skeleton)) return [];
  const reader = new StatementReader(skeleton, dialect);
  return reader.program() ? reader.captures : null;
}

const LEFT_ALONE = new Set(['do', 'with', 'break', 'continue', 'debugger', 'case', 'default', 'else', 'catch', 'finally', 'yield', 'let', 'enum', 'using']);

const SPECIFIER = /(?:type\s+(?!as\b))?[A-Za-z_$][\w$]*(?:\s+as\s+(?:[A-Za-z_$][\w$]*|"[^"\\\n]*"|'[^'\\\n]*'))?(?=\s*[,}])/y;

const REQUIRED = /import\s+[A-Za-z_$][\w$]*\s*=\s*require\s*\(\s*(?:"[^"\\\n]*"|'[^'\\\n]*')\s*\)[ \t]*;?/y;
/** Without one of these words, an assignment and a brace nothing is declared. */
const DECLARES = /[={]|\b(?:function|class|const|let|var|using|import|export|interface|type|enum|namespace|module|abstract)\b/;

class StatementReader extends DeclarationReader {
  program(): boolean {
    if (this.code === 0xfeff) this.at++;
    if (this.text.startsWith('#!')) this.at = Math.max(this.text.indexOf('\n'), 0);
    if (this.code === HASH) return false;
    for (this.skip(); !this.isAtEnd; this.skip()) if (!this.#statement()) return false;
    return true;
  }

  #statements(): boolean {
    if (!this.take(BRACE)) return false;
    while (this.skip() !== UNBRACE) if (this.isAtEnd || !this.#statement()) return false;
    this.at++;
    return true;
  }

  #statement(): boolean {
    return this.enter() && this.leave(this.#one());
  }

  #one(): boolean {
    const code = this.skip();
    if (code === SEMICOLON) {
      this.at++;
      return true;
    }
    if (code === BRACE) return this.#statements();
    if (code === AT) return this.#decorated();
    if (!isWordStart(code)) return this.#expressed();
    const word = this.peekWord();
    switch (word) {
      case 'export': return this.#export();
      case 'import': return this.behind(word).code === OPEN || this.behind(word).code === DOT ? this.#expressed() : this.#required();
      case 'if': return this.#if();
      case 'for': return this.#for();
      case 'while': return this.pass(word) && this.skip() === OPEN && this.group() && this.#statement();
      case 'switch': return this.pass(word) && this.skip() === OPEN && this.group() && this.emptyBlock();
      case 'try': return this.#try();
      case 'return': case 'throw': return this.#leave(word);
      default: return this.declaration(word) ?? (LEFT_ALONE.has(word) ? false : this.#expressed());
    }
  }

  // `import a = require('b')`; the scan took every other import out.
  #required(): boolean {
    REQUIRED.lastIndex = this.at;
    const found = this.isTyped ? REQUIRED.exec(this.text) : null;
    if (found === null || !this.add('import', this.at, this.at + found[0].length)) return false;
    this.at += found[0].length;
    return found[0].endsWith(';') || this.endOfStatement();
  }

  #expressed(): boolean {
    return this.statementExpression() && this.endOfStatement();
  }

  #leave(word: string): boolean {
    this.at += word.length;
    const code = this.skip();
    if (word === 'return' && (code === SEMICOLON || code === UNBRACE || this.isNewLine || this.isAtEnd)) return this.endOfStatement();
    return !this.isNewLine && this.expression() && this.endOfStatement();
  }

  #if(): boolean {
    this.at += 2;
    if (this.skip() !== OPEN || !this.group() || !this.#statement()) return false;
    return this.takeWord('else') ? this.#statement() : true;
  }

  #try(): boolean {
    this.at += 3;
    if (!this.block()) return false;
    let parts = 0;
    if (this.takeWord('catch')) {
      parts++;
      if (this.skip() === OPEN && !this.group()) return false;
      if (!this.block()) return false;
    }
    if (this.takeWord('finally')) {
      parts++;
      if (!this.block()) return false;
    }
    return parts > 0;
  }

  protected block(): boolean {
    return this.skip() === BRACE && this.enter() && this.leave(this.#statements());
  }

  #for(): boolean {
    this.at += 3;
    this.takeWord('await');
    if (this.skip() !== OPEN) return false;
    this.at++;
    this.skip();
    const word = this.peekWord();
    if (word !== 'const' && word !== 'let' && word !== 'var') return false;
    this.at += word.length;
    return this.#forHead() && this.#statement();
  }

  // `const x of y`, or `let x = 1, y = 2; …; …`.
  #forHead(): boolean {
    const code = this.skip();
    const name = isWordStart(code) ? this.peekWord() : '';
    const after = name === '' ? null : this.behind(name).at;
    if (after === null || /^(?:of|in)\b/.test(this.text.slice(after, after + 3))) {
      if (after === null ? !this.pattern(code) : !this.pass(name)) return false;
      return (this.takeWord('of') || this.takeWord('in')) && this.expression() && this.take(CLOSE);
    }
    if (!this.declarators() || !this.take(SEMICOLON)) return false;
    if (this.skip() !== SEMICOLON && !this.expression()) return false;
    if (!this.take(SEMICOLON)) return false;
    return (this.skip() === CLOSE || this.expression()) && this.take(CLOSE);
  }

  #decorated(): boolean {
    while (this.skip() === AT) {
      this.at++;
      if (!this.decorator()) return false;
    }
    const word = this.peekWord();
    if (word === 'export') {
      const { at } = this.behind(word);
      return /^(?:default\s+)?(?:abstract\s+)?class\b/.test(this.text.slice(at, at + 60)) && this.#export();
    }
    return (word === 'class' || word === 'abstract') && this.declaration(word) === true;
  }

  #export(): boolean {
    const start = this.at;
    this.at += 6;
    const code = this.skip();
    if (code === BRACE) return this.#list(start);
    if (code === STAR) return this.#all(start);
    if (code === EQUALS) return this.isTyped && this.to(this.at + 1) && this.expression() && this.endOfStatement();
    if (code === AT) return false;
    const word = this.peekWord();
    if (word === 'default') return this.#default();
    if (word === 'type' && this.isTyped) {
      const after = this.behind(word);
      if (after.code === BRACE || after.code === STAR) {
        this.at = after.at;
        return after.code === BRACE ? this.#list(start) : this.#all(start);
      }
    }
    return this.declaration(word) === true;
  }

  #default(): boolean {
    if (!this.add('default', this.at, this.at + 7)) return false;
    this.at += 7;
    const code = this.skip();
    if (!isWordStart(code)) return this.expression() && this.endOfStatement();
    const word = this.peekWord();
    const after = this.behind(word);
    const isNamed = isWordStart(after.code) && !/^(?:extends|implements)\b/.test(this.text.slice(after.at, after.at + 11));
    if (word === 'class') return isNamed && this.pass(word) && this.namedClass();
    if (word === 'abstract' && isNamed) return this.declaration(word) === true;
    if (word === 'function' || (word === 'async' && /^function\b/.test(this.text.slice(after.at, after.at + 9)))) {
      this.at = word === 'async' ? after.at + 8 : this.at + 8;
      return this.#defaultFunction();
    }
    return !/^(?:interface|enum|type|namespace|module|declare)$/.test(word) && this.expression() && this.endOfStatement();
  }

  // Without a name it is an expression, which ends as one.
  #defaultFunction(): boolean {
    this.take(STAR);
    if (isWordStart(this.skip()) && !this.named('function')) return false;
    return this.signature() && this.block() && this.endOfStatement();
  }

  /** `* as a from 'b'` */
  #all(start: number): boolean {
    this.at++;
    if (this.takeWord('as') && (!isWordStart(this.skip()) || this.word() === '')) return false;
    if (!this.takeWord('from')) return false;
    const end = this.#source();
    return end >= 0 && this.add('import', start, end);
  }

  /** `{ a, b as c }`, with or without a source. */
  #list(start: number): boolean {
    const named: (readonly [number, number])[] = [];
    this.at++;
    while (this.skip() !== UNBRACE) {
      const from = this.at;
      if (!this.#specifier()) return false;
      named.push([from, this.at]);
      if (!this.take(COMMA) && this.skip() !== UNBRACE) return false;
    }
    this.at++;
    if (this.takeWord('from')) {
      const end = this.#source();
      if (end < 0 || !this.add('import', start, end)) return false;
    } else if (!this.endOfStatement()) return false;
    return named.every(([from, end]) => this.add('exported', from, end));
  }

  #specifier(): boolean {
    SPECIFIER.lastIndex = this.at;
    const found = SPECIFIER.exec(this.text);
    // What is no name in a declaration is one in a list, but not for every grammar.
    if (found === null || /\b(?:null|true|false|this|super|function|class|const|var|instanceof|in|void|typeof|new|delete|if|else|for|do|while|switch|case|break|continue|return|throw|try|catch|finally|with|debugger|import|export|extends|enum|await|yield)\b/.test(found[0])) return false;
    this.at += found[0].length;
    return true;
  }

  /** The end of the statement behind its quoted file; −1 for what is not understood. */
  #source(): number {
    const code = this.skip();
    if ((code !== DOUBLE && code !== SINGLE) || !this.string()) return -1;
    let end = this.at;
    if (this.skip() === SEMICOLON) end = this.at + 1;
    return this.endOfStatement() ? end : -1;
  }
}

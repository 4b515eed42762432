import { BANG, BRACE, BRACKET, COMMA, DOT, DOUBLE, EQUALS, isWordStart, LESS, SINGLE, STAR, UNBRACE } from './cursor.ts';
import { MemberReader } from './members.ts';

const PATTERN = /\{[\s\w$:,]*\}/y;

/** Reads declarations, from the word that begins them. */
export abstract class DeclarationReader extends MemberReader {
  protected pass(word: string): boolean {
    this.at += word.length;
    return true;
  }

  protected to(at: number): boolean {
    this.at = at;
    return true;
  }

  /** Null when the word begins no declaration here. */
  protected declaration(word: string): boolean | null {
    const { code, at, isNewLine } = this.behind(word);
    const isNamed = isWordStart(code) && !isNewLine;
    switch (word) {
      case 'function': return this.pass(word) && this.functionTail();
      case 'class': return this.pass(word) && this.namedClass();
      case 'async': return isNamed && /^function\b/.test(this.text.slice(at, at + 9)) ? this.to(at + 8) && this.functionTail() : null;
      case 'const': case 'let': case 'var':
        if (word === 'const' && /^enum\b/.test(this.text.slice(at, at + 5))) return this.isTyped && this.to(at + 4) && this.#enum();
        return isNewLine ? false : this.pass(word) && this.declarators() && this.endOfStatement();
      default: return this.isTyped ? this.#typedDeclaration(word, { isNamed, code, at, isNewLine }) : null;
    }
  }

  #typedDeclaration(word: string, { isNamed, code, at, isNewLine }: { isNamed: boolean; code: number; at: number; isNewLine: boolean }): boolean | null {
    switch (word) {
      case 'interface': return isNamed ? this.pass(word) && this.named('type') && this.interfaceTail() : null;
      case 'type': return isNamed ? this.pass(word) && this.#alias() : null;
      case 'enum': return isNamed ? this.to(at) && this.#enum() : null;
      case 'abstract': return isNamed && /^class\b/.test(this.text.slice(at, at + 6)) ? this.to(at + 5) && this.namedClass() : null;
      case 'namespace': return isNamed ? this.pass(word) && this.#namespace() : null;
      case 'module': return (code === DOUBLE || code === SINGLE) && !isNewLine ? this.pass(word) && this.#module() : isNamed ? false : null;
      case 'declare': return isNamed ? this.pass(word) && this.#ambient() : null;
      default: return null;
    }
  }

  protected named(capture: string): boolean {
    this.skip();
    const from = this.at;
    return this.word() !== '' && this.add(capture, from, this.at);
  }

  protected functionTail(): boolean {
    this.take(STAR);
    if (!isWordStart(this.skip()) || !this.named('function') || !this.signature()) return false;
    if (this.skip() === BRACE) return this.block();
    return this.isTyped && this.endOfStatement();
  }

  protected namedClass(): boolean {
    this.skip();
    const word = this.peekWord();
    return word !== 'extends' && word !== 'implements' && this.named('class') && this.classTail();
  }

  #alias(): boolean {
    if (!this.named('type') || (this.skip() === LESS && !this.typeParameters())) return false;
    return this.take(EQUALS) && this.type() && this.endOfStatement();
  }

  // Members name nothing for others to use; groups in their values are hollow.
  #enum(): boolean {
    if (!this.named('type') || !this.take(BRACE)) return false;
    while (this.skip() !== UNBRACE) {
      const code = this.code;
      if (code === DOUBLE || code === SINGLE ? !this.string() : this.word() === '') return false;
      if (this.take(EQUALS) && !this.expression()) return false;
      if (!this.take(COMMA) && this.skip() !== UNBRACE) return false;
    }
    this.at++;
    return true;
  }

  #namespace(): boolean {
    this.skip();
    const from = this.at;
    const name = this.word();
    // `A.B` is no plain name.
    if (name === '' || (this.code !== DOT && !this.add('module', from, this.at))) return false;
    while (this.code === DOT) {
      this.at++;
      if (this.word() === '') return false;
    }
    return this.block();
  }

  #module(): boolean {
    this.skip();
    if (!this.string()) return false;
    return this.skip() === BRACE ? this.block() : this.endOfStatement();
  }

  #ambient(): boolean {
    this.skip();
    const word = this.peekWord();
    if (word === 'global') return this.pass(word) && this.block();
    return !['declare', 'async'].includes(word) && this.declaration(word) === true;
  }

  protected declarators(): boolean {
    do if (!this.#declarator()) return false;
    while (this.take(COMMA));
    return true;
  }

  #declarator(): boolean {
    const code = this.skip();
    const isName = isWordStart(code);
    if (isName ? !this.named('value') : !this.pattern(code)) return false;
    if (this.skip() === BANG && this.next() !== EQUALS) {
      if (!this.isTyped) return false;
      this.at++;
    }
    if (!this.annotation()) return false;
    if (this.skip() !== EQUALS) return isName;
    this.at++;
    this.skip();
    const from = this.at;
    if (isName && !this.add('assigned', from, from)) return false;
    const own = this.captures.length - 1;
    if (!this.expression()) return false;
    const captured = this.captures[own];
    if (isName && captured !== undefined) this.captures[own] = { ...captured, end: this.at };
    return true;
  }

  // Names in it are nobody's symbols.
  protected pattern(code: number): boolean {
    if (code !== BRACE) return code === BRACKET && this.group();
    PATTERN.lastIndex = this.at;
    const found = PATTERN.exec(this.text);
    if (found === null) return false;
    this.at += found[0].length;
    return true;
  }
}

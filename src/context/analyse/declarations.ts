import type { FileSymbol } from '../../domain/context.ts';
import { LIMITS } from '../limits.ts';
import type { Lens } from '../lens.ts';
import { importsOfJvm, importsOfScala } from '../parse/managed.ts';
import { one, quotedIn } from '../parse/language.ts';
import type { RawImport } from './outline.ts';

interface Declared {
  readonly pattern: RegExp;
  readonly kindOf: (keyword: string) => FileSymbol['kind'];
  readonly isExported: (before: string) => boolean;
  readonly imports: RegExp | null;
  readonly importsOf: (statement: string) => readonly Omit<RawImport, 'line'>[];
}

const jvmKind = (keyword: string): FileSymbol['kind'] =>
  keyword === 'fun' || keyword === 'def' ? 'function' : /class|object/.test(keyword) ? 'class' : keyword === 'package' ? 'module' : /val|var/.test(keyword) ? 'value' : 'type';
const always = (): boolean => true;
const JVM = { kindOf: jvmKind, isExported: (before: string) => !/\b(?:private|internal|protected)\b/.test(before), imports: /^[ \t]*import[ \t][^\n;]{1,300}/gm, importsOf: importsOfJvm };

/** Languages without a grammar here, whose definitions begin a line with a keyword. */
const DECLARED: Readonly<Partial<Record<Lens, Declared>>> = {
  kotlin: { ...JVM, pattern: /^([ \t]*(?:@\w+(?:\([^)\n]*\))?[ \t]+)*(?:[a-z]+[ \t]+){0,6})(package|fun interface|fun|enum class|class|interface|object|typealias|val|var)[ \t]+(?:<[^>\n]{1,200}>[ \t]*)?([\w.]+(?:<[^>\n]{1,100}>)?\??(?:\.\w+)?)/gm },
  scala: { ...JVM, importsOf: importsOfScala, imports: /^[ \t]*import[ \t](?:[^\n;{]{1,300}(?:\{[^}]{0,600}\})?){1,20}/gm, pattern: /^([ \t]*(?:[a-z]+[ \t]+){0,6})(package object|package|def|class|trait|object|enum|type|val|var)[ \t]+([\w.]+)/gm },
  proto: { pattern: /(^[ \t]*|[{;}][ \t]*)(message|service|enum|rpc|package)[ \t]+([\w.]+)/gm, kindOf: (keyword) => (keyword === 'rpc' ? 'method' : keyword === 'package' ? 'module' : 'type'), isExported: always, imports: /^[ \t]*import[ \t][^\n;]{1,300}/gm, importsOf: (statement) => one(quotedIn(statement)) },
  graphql: { pattern: /^(\s*(?:extend[ \t]+)?)(type|input|interface|enum|union|scalar|fragment)[ \t]+(\w+)/gm, kindOf: (keyword) => (keyword === 'fragment' ? 'value' : 'type'), isExported: always, imports: /^#[ \t]*import[ \t][^\n]{1,300}/gm, importsOf: (statement) => one(quotedIn(statement)) },
};

export const isDeclaredLens = (lens: Lens): boolean => DECLARED[lens] !== undefined;

export function readDeclarations(lens: Lens, text: string): { symbols: FileSymbol[]; imports: RawImport[] } {
  const declared = DECLARED[lens];
  if (declared === undefined) return { symbols: [], imports: [] };
  const lineAt = createLineCounter(text);
  const symbols: FileSymbol[] = [];
  for (const match of text.matchAll(declared.pattern)) {
    const [, before = '', keyword = '', name = ''] = match;
    if (symbols.length >= LIMITS.symbolsPerFile) break;
    // An indented function is a method; an indented value is nobody else's business.
    const kind = declared.kindOf(keyword);
    const isInner = /^[ \t]/.test(before);
    if (isInner && kind === 'value') continue;
    // Kotlin names what a function extends before its own name.
    const own = kind === 'module' ? name : name.slice(name.lastIndexOf('.') + 1).replace(/<.*$/, '');
    symbols.push({ name: own, kind: isInner && kind === 'function' ? 'method' : kind, line: lineAt(match.index + before.length), exported: declared.isExported(before) });
  }
  const imports = declared.imports === null ? [] : [...text.matchAll(declared.imports)].slice(0, LIMITS.importsPerFile).flatMap((match) => declared.importsOf(match[0]).map((each) => ({ ...each, line: lineAt(match.index) })));
  return { symbols, imports };
}

/** 1-based lines of ascending or descending offsets, without counting from the start each time. */
export function createLineCounter(text: string): (offset: number) => number {
  let line = 1;
  let known = 0;
  return (offset) => {
    if (offset < known) {
      line = 1;
      known = 0;
    }
    for (let at = text.indexOf('\n', known); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
    known = offset;
    return line;
  };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { loadGrammarFromPackages } from '../grammars.ts';
import { importsOfEcmaScript } from '../parse/ecmascript.ts';
import { createGrammarParser } from '../parse/parser.ts';
import { plainCaptures } from './plain-ecmascript.ts';
import { pythonSkeletonOf } from './python-skeleton.ts';
import { readCaptures } from './read-captures.ts';
import { skeletonOf } from './skeleton.ts';
import { braceStyleOf } from './styles.ts';
import { countOf, termHash, tokensOf } from './terms.ts';
import { createTermCounter } from './count-terms.ts';

const parser = createGrammarParser(loadGrammarFromPackages);
afterAll(() => parser.close());

const PIECES = ['class A {', 'function f() {', '}', '{', '(', ')', '[', ']', 'import { a } from "b"\n', 'import d from "e";', 'for ', 'export {', '"', "'", '`', '${', '\\', '//', '/*', '*/', '\n', '/', 'x', ' ', ';', '=>', '#', 'import ', 'require("a")', 'R"x(', 'r#"', '"""', "'a", '@"', 'é', '\u{1F600}', '0'];
const anyText = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''));
const STYLES = (['typescript', 'go', 'rust', 'java', 'c', 'cpp', 'c_sharp', 'swift', 'dart', 'solidity', 'php', 'kotlin'] as const).map((lens) => ({ lens, style: braceStyleOf(lens) }));
const lines = (text: string): number => text.split('\n').length;

describe('skeletons', () => {
  test('keep the number of lines, of whatever text', () => {
    fc.assert(fc.property(anyText, fc.constantFrom(...STYLES), (text, { style }) => style !== null && lines(skeletonOf(text, style).text) === lines(text)), { numRuns: 3_000 });
    fc.assert(fc.property(anyText, (text) => lines(pythonSkeletonOf(text).text) === lines(text)), { numRuns: 1_000 });
  });

  test('take time that grows with the text, not with its square', () => {
    const style = braceStyleOf('typescript');
    for (const piece of ['import ', 'import {a} from "b', '[', '[[(', '([])', '{', '}', '"', '`${', '/*', '(', 'class A {', 'a/', '@']) expect(style !== null && lines(skeletonOf(piece.repeat(50_000), style).text)).toBe(1);
  });

  test("a parser finds in them what it finds in the whole of this project's own sources at the top level", async () => {
    const root = join(import.meta.dirname, '..', '..');
    const style = braceStyleOf('typescript');
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.startsWith('context/') && name.endsWith('.ts'));
    let left = 0;
    for (const name of names) {
      const text = readFileSync(join(root, name), 'utf8');
      if (style === null) throw new Error('TypeScript has a style');
      const { text: skeleton, statements } = skeletonOf(text, style);
      const [small, whole] = [await parser.parse('typescript', skeleton), await parser.parse('typescript', text)];
      if (small.kind !== 'parsed' || whole.kind !== 'parsed') throw new Error(`${name} was not parsed`);
      const exported = (from: string, captures: typeof small.captures) => readCaptures('typescript', from, captures).symbols.filter((symbol) => symbol.exported).map((symbol) => `${symbol.kind} ${symbol.name}:${symbol.line}`);
      expect(exported(skeleton, small.captures), name).toEqual(exported(text, whole.captures));
      const taken = statements.flatMap((each) => importsOfEcmaScript(each.text).map((found) => ({ ...found, line: each.line })));
      const imports = [...readCaptures('typescript', skeleton, small.captures).imports, ...taken].sort((left, right) => left.line - right.line);
      const plain = plainCaptures(skeleton, true);
      if (plain === null) left++;
      else expect(readCaptures('typescript', skeleton, plain), name).toEqual(readCaptures('typescript', skeleton, small.captures));
      expect(imports, name).toEqual(readCaptures('typescript', text, whole.captures).imports);
    }
    // Most files are read without the parser, some by it.
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(names.length / 3);
  });
});

describe('reading without the parser', () => {
  // Whole statements in any order and spacing: what the plain reader accepts, it reads as the parser does.
  const STATEMENTS = [
    'export const a = 1;', 'export const b: Map<string, number> = new Map()', 'const c = (x: number): string => `${x}`;', 'export let d', 'const e = async <T>(x: T) => x', 'const f = 1, g = 2', 'const { h } = a;',
    'export function i(x) {}', 'async function* j() {}', 'export default function k() {}', 'export default async () => {}', 'function l(x: string): void;', 'export default class M {}', '@dec()\nexport class N<T> extends O {\n  private p = 1;\n  static q(): void {}\n  get r() { return 1 }\n  #s() {}\n  constructor(t) {}\n}',
    'export abstract class U { v(): void; }', 'interface W {\n  x(): void\n}', 'export interface Y {\n  z(): void;\n  aa: () => void;\n  new (): Y;\n  get(): B\n}', 'export type Bb<T> = { cc: T };', 'type Dd = string | number', 'export enum Ee { Ff }', 'export const enum Gg { Hh }', 'declare function ii(): void;',
    'export { a, b as jj };', "export { kk } from './ll';", "export * from 'mm';", "export * as nn from 'oo';", 'export type { Pp } from "qq";', 'export default rr;', 'describe("ss", () => { const tt = 1; });', 'module.exports = { uu, vv };', 'exports.ww = function () {};', 'A.prototype.xx = () => {};', 'for (const yy of zz) {}', 'if (a) { b() }', 'namespace Ab { export const cd = 1 }',
    "'use strict';", 'await ef();', 'const gh = class { ij() {} };', 'let kl = a ? b : c', 'label: for (;;) {}', 'export const mn = function op() {}', 'const qr = x as const', 'export const st = [\n  1,\n  2,\n];', 'const uv =\n  wx();', 'yz\n  .then(() => 1)', 'export const äö = 1;',
  ];
  test('gives what the parser gives, or leaves the text to it', async () => {
    const style = braceStyleOf('typescript');
    if (style === null) throw new Error('TypeScript has a style');
    let read = 0;
    await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...STATEMENTS), { minLength: 1, maxLength: 5 }), fc.constantFrom('\n', '\n\n', '\r\n'), async (statements, between) => {
      const { text } = skeletonOf(statements.join(between) + between, style);
      const plain = plainCaptures(text, true);
      const parsed = await parser.parse('typescript', text);
      if (plain === null || parsed.kind !== 'parsed') return;
      read++;
      expect(readCaptures('typescript', text, plain)).toEqual(readCaptures('typescript', text, parsed.captures));
    }), { numRuns: 400 });
    expect(read).toBeGreaterThan(40);
  });
});

describe('terms', () => {
  test('counting meets exactly the terms that splitting gives', () => {
    const count = createTermCounter();
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
      const tokens = tokensOf(text);
      const counted = count(text);
      return counted.length === tokens.length && tokens.every((token) => countOf(counted, termHash(token)) >= Math.min(1, tokens.length));
    }), { numRuns: 1_000 });
  });

  test('prose meets code', () => {
    expect(tokensOf('parsing requests')).toEqual(tokensOf('parse request'));
    expect(tokensOf('readHttpBody')).toEqual(['readhttpbody', 'read', 'http', 'body']);
    expect(tokensOf('HTTPServer_v2')).toEqual(expect.arrayContaining(['http', 'server']));
  });
});

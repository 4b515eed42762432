import { afterAll, describe, expect, test } from 'vitest';
import { loadGrammarFromPackages } from '../grammars.ts';
import { createBlobAnalysis } from './analyse-blob.ts';
import { lensOf } from '../lens.ts';
import { createGrammarParser } from '../parse/parser.ts';

const parser = createGrammarParser(loadGrammarFromPackages);
const analyse = createBlobAnalysis(parser);
afterAll(() => parser.close());

async function outline(path: string, text: string) {
  const { outline: found } = await analyse(lensOf(path), Buffer.from(text));
  expect(found).toMatchObject({ kind: 'text', parsed: true, failure: null });
  return {
    exported: found.symbols.filter((symbol) => symbol.exported).map((symbol) => symbol.name),
    all: found.symbols.map((symbol) => `${symbol.kind} ${symbol.name}:${symbol.line}`),
    imports: found.imports.map((entry) => `${entry.specifier} [${entry.names.join(',')}]`),
  };
}

describe('TypeScript', () => {
  test('finds exports, methods and every kind of import', async () => {
    const text = [
      "import a, { b as c, type D } from './x.js'; import * as N from 'pkg'; import './side';",
      "export { q as r } from './y'; export * from './z';",
      'export const k = () => 1, l = 2;',
      'export default class A extends B { m() {} #secret = 1 }',
      'export interface I { x: 1 } export type T = 1; export enum E { X } export abstract class Z {}',
      "const x = require('./cjs'); async function g() { await import('./dyn'); }",
      'export { g }; export declare function dd(): void;',
      "notRequire('./no'); require(x); require(`./plain`); require(`./${x}`);",
    ].join('\n');
    const found = await outline('src/a.ts', text);
    expect(found.exported).toEqual(['r', 'k', 'l', 'default', 'A', 'I', 'T', 'E', 'Z', 'g', 'dd']);
    expect(found.all).toContain('method m:4');
    expect(found.all).toContain('function k:3');
    expect(found.imports).toEqual(['./x.js [default,b,D]', 'pkg [*]', './side []', './y [q]', './z [*]', './cjs [*]', './dyn [*]', './plain [*]']);
  });

  test('reads TSX and CommonJS', async () => {
    expect((await outline('a.tsx', 'export const App = () => <b>hi</b>;')).exported).toEqual(['App']);
    const common = await outline('a.cjs', 'function f() {}\nclass C {}\nmodule.exports = { f, other: C };\nexports.late = 1;\nmodule.exports = C;');
    expect(common.exported).toEqual(['f', 'C', 'other', 'late']);
  });
});

describe('Python', () => {
  test('finds definitions, __all__ and imports at any depth', async () => {
    const text = [
      'import os, a.b as c',
      'from . import x',
      'from ..p.q import (r as s, t)',
      'from m import *',
      'LIMIT = 1',
      '@dec',
      'def f(a): pass',
      'class C:',
      '  def m(self): pass',
      'def _hidden(): import late',
      'try:',
      '  import y',
      'except ImportError: pass',
    ].join('\n');
    const found = await outline('p/a.py', text);
    expect(found.exported).toEqual(['LIMIT', 'f', 'C']);
    expect(found.all).toContain('method m:9');
    expect(found.imports).toEqual(['os [*]', 'a.b [*]', '. [x]', '..p.q [r,t]', 'm [*]', 'late [*]', 'y [*]']);
    expect((await outline('a.py', '__all__ = ["_f"]\ndef _f(): pass\ndef g(): pass')).exported).toEqual(['_f']);
  });
});

test('broken, empty and foreign text never fails', async () => {
  for (const text of ['', '}}}}', '\0\0', 'export {'.repeat(2_000), '('.repeat(20_000), 'import '.repeat(5_000)]) {
    for (const path of ['a.ts', 'a.py', 'a.jsx', 'a.rs', 'a.vue', 'a.php']) expect((await analyse(lensOf(path), Buffer.from(text))).outline.lines).toBeLessThan(2_001);
  }
  expect((await analyse(lensOf('a.zig'), Buffer.from('fn main() {}'))).outline).toMatchObject({ kind: 'text', parsed: false, failure: null });
});

test('a grammar that does not load is a failure of the file, not of the caller', async () => {
  const broken = createBlobAnalysis(createGrammarParser(async (name) => (name === 'runtime' ? loadGrammarFromPackages(name) : new Uint8Array([1, 2, 3]))));
  expect((await broken('typescript', Buffer.from('x'))).outline).toMatchObject({ parsed: false, failure: expect.stringContaining('did not load') });
});

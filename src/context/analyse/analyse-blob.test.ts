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

test('a grammar that does not load is a fault of the installation, not of the file', async () => {
  const broken = createBlobAnalysis(createGrammarParser(async (name) => (name === 'runtime' ? loadGrammarFromPackages(name) : new Uint8Array([1, 2, 3]))));
  await expect(broken('go', Buffer.from('package p'))).rejects.toMatchObject({ code: 'grammar-missing' });
});

describe('what the scan takes out of ECMAScript', () => {
  const analysed = async (text: string, lens: 'typescript' | 'javascript' = 'typescript') => (await analyse(lens, Buffer.from(text))).outline;
  const symbols = async (text: string): Promise<string[]> => (await analysed(text)).symbols.map(({ name, kind, exported, line }) => `${exported ? '+' : ''}${kind} ${name}:${line}`);

  test('a path in a comment or in a text is no route; one behind a division is', async () => {
    const { http } = await analysed("// app.get('/comment', x)\n/* fetch('/block') */\nconst s = \"fetch('/text')\";\nconst r = /app.get('\\/regex')/;\nconst half = a / 2; app.get('/real', x); fetch(`${base}/used`);\n", 'javascript');
    expect(http.map(({ role, path }) => `${role} ${path}`)).toEqual(['provides /real', 'uses /used']);
  });

  test('what stands in a substitution ends no template: a regular expression, a comment, a division', async () => {
    const quote = '`';
    const { symbols: found } = await analysed(`const a = ${quote}"\${b.replace(/["'${quote}]/g, '')}"${quote};\nconst c = ${quote}\${/* ${quote}x/y */ ''}${quote};\nconst d = ${quote}\${e / f} \${g(h / 2)}/${quote};\nfunction last() { const inner = 1 }\n`);
    expect(found.map(({ name }) => name)).toEqual(['a', 'c', 'd', 'last']);
  });

  test('import statements are read wherever they stand, in whatever form', async () => {
    const text = "import a, { b as c,\n  type D } from './x'\nimport * as e from \"y\";\nimport './z.css'\nimport f = require('g')\nimport data from './d.json' with { type: 'json' };\nimport /* note */ h from 'i';\nimport { \"s t\" as u } from 'v'\nconst w = await import('./k')\nexport * from './l'\nexport { m as n } from './o'\n";
    const { imports } = await analysed(text);
    expect(imports.map(({ specifier, names, line }) => `${line} ${specifier} ${names.join()}`)).toEqual([
      '1 ./x default,b,D', '3 y *', '4 ./z.css ', '5 g *,default', '5 g *', '6 ./d.json default', '7 i default', '8 v "s t"', '9 ./k *', '10 ./l *', '11 ./o m',
    ]);
  });

  test('without semicolons each declaration is exported by its own word alone', async () => {
    const text = 'export const a = make(1, 2, [3, 4, 5, 6])\nconst b = (x: number, y: string) => [x, y, x, y, x]\nexport default wrap(async function () { return 1 })\nfunction c(x = {}) { }\nexport async function* d() {}\nexport const e = 1, f = 2\nexport abstract class G {}\nclass H {}\nexport declare const enum I { J }\n';
    expect(await symbols(text)).toEqual(['+value a:1', 'function b:2', '+value default:3', 'function c:4', '+function d:5', '+value e:6', '+value f:6', '+class G:7', 'class H:8', '+type I:9']);
  });

  test('parentheses, brackets and templates give way, and what a wrapper defines stays', async () => {
    const text = '(function (root, factory) {\n  function inner() {}\n})(this, function (a, b) { return a })\nconst t = `a\n${b}(\n`\nexport class K { @Input({ required: true, alias: "x" }) m(a: Array<{ b: string }>): void {} }\nfor (const x of [1, 2, 3, 4, 5, 6]) run(x)\nexport const z = [\n  1,\n  2,\n  "three"\n] as const\nexport function after() {}\n';
    expect(await symbols(text)).toEqual(['function inner:2', 'value t:4', '+class K:7', 'method m:7', '+value z:9', '+function after:14']);
  });
});

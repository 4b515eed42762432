import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { loadGrammarFromPackages } from '../../grammars.ts';
import type { LanguageGrammar } from '../../lens.ts';
import { createGrammarParser, type Capture } from '../../parse/parser.ts';
import { readCaptures } from '../read-captures.ts';
import { skeletonOf } from '../skeleton.ts';
import { braceStyleOf } from '../styles.ts';
import { plainStyles } from './css.ts';
import { plainCaptures } from './statements.ts';
import { plainScripts } from './vue.ts';

const parser = createGrammarParser(loadGrammarFromPackages);
afterAll(() => parser.close());

/** What is read by hand is what the grammar reads, or nothing. Gives whether it was read by hand. */
async function expectSame(grammar: LanguageGrammar, text: string, plain: readonly Capture[] | null): Promise<boolean> {
  const parsed = plain === null ? null : await parser.parse(grammar, text);
  if (plain === null || parsed?.kind !== 'parsed') return false;
  expect(readCaptures(grammar, text, plain), text).toEqual(readCaptures(grammar, text, parsed.captures));
  return true;
}

function skeletonFor(dialect: 'javascript' | 'typescript' | 'tsx', text: string): string {
  const style = braceStyleOf(dialect);
  if (style === null) throw new Error('ECMAScript has a style');
  return skeletonOf(text, style).text;
}

// Whole statements, in any order and spacing. Those of the first list every dialect knows.
const COMMON = [
  'export const a = 1;', 'const f = 1, g = 2', 'const { h } = a;', 'const [ab, , cd = 1] = ef', 'export let d', 'export function i(x) {}', 'async function* j() {}', 'export default function k() {}', 'export default async () => {}', 'export default class M {}', 'export default { a, b: { c }, load() {}, async *d() {}, get e() { return 1 }, "f": 1, ...g }',
  'export { a, b as jj };', "export { kk } from './ll';", "export * from 'mm';", "export * as nn from 'oo';", 'export default rr;', 'describe("ss", () => { const tt = 1; });', 'module.exports = { uu, vv() {}, ww: { xx } };', 'exports.ww = function () {};', 'A.prototype.xx = () => {};', 'a.b = c.d = e', 'a[b] = c', 'new A().b = 1;', 'a.b.c += 1', 'a.b = 1, c.d = 2;',
  'for (const yy of zz) {}', 'for (let i = 0, n = 5; i < n; i++) {}', 'for (;;) {}', 'for (let ii = 0; ii < 9; ii++) kk[ii] = ii >= 5 ? 1 : 2', 'const cc = (_) => aa < bb.cc && dd < ee.ff', 'const c2 = a2 < b2 ? c2 < d2 : e2;', 'const c3 = f3 < g3 || h3 > i3', 'for await (const x of y) z(x)', 'if (a) { b() }', 'if (a) b.c = 1\nelse d()', 'while (a) b()', 'switch (a) { case 1: break }', 'try { a() } catch (e) { b() } finally { c() }', 'try { a() } catch { }', 'throw new Error("x")', 'label: for (;;) {}', "'use strict';", 'await ef();',
  'const gh = class { ij() {} };', 'const gi = class A extends B(c) { static { d() } }', 'let kl = a ? b : c', 'const km = a ? (b) : c.d(e)', 'export const mn = function op() {}', 'export const st = [\n  1,\n  2,\n];', 'const uv =\n  wx();', 'yz\n  .then(() => 1)', 'export const äö = 1;', 'const re = /[/"]\\/x{2}/gi.exec(y)', 'const t = `a${b.c}d`', 'const u = tag`x`', 'a?.b?.[c]?.(d)', 'i++\nj--', 'const v = !a && -b ** 2 || c ?? d', 'const w = async x => await x', 'const x1 = async (a) => { return a }', 'const x2 = y instanceof Z',
  'class K { #a = 1; static b = 2\n c\n d() {} get e() { return 1 } set e(x) {} static async *f() {} [g]() {} "h"() {} #i() {} }', ';(function (root) { function inner() {} })(this)', '(() => { const inner = 1 })()', 'define(function (require) { var inner = 1 })', 'invalid code', 'x = { a: 1 }', '{ const block = 1 }', 'import.meta.hot?.accept()', "import('./a').then((b) => b.c)",
] as const;
const TYPED = [
  'export const b: Map<string, number> = new Map()', 'const c = (x: number): string => `${x}`;', 'const e = async <T>(x: T) => x', 'function l(x: string): void;', '@dec()\nexport class N<T> extends O<T> implements P, Q<R> {\n  private p = 1;\n  static q(): void {}\n  get r() { return 1 }\n  #s() {}\n  constructor(readonly t: string) {}\n}',
  'export abstract class U { v(): void; protected abstract w(): X; static readonly y?: Z = 1; declare a: B }', 'interface W {\n  x(): void\n}', 'export interface Y<T = {}> extends Z, A<B> {\n  z(): void;\n  aa: () => void;\n  new (): Y;\n  get(): B\n  readonly [key: string]: C\n  (d: E): F\n  get g(): H\n}', 'export type Bb<T> = { cc: T };', 'type Dd = string | number', 'type De =\n  | A\n  | B<C>[]',
  'type Df<T extends object = {}> = T extends infer U ? keyof U : readonly string[]', 'type Dg = (a: string) => asserts a is B', 'type Dh = typeof a.b | `x${string}` | -1 | unique symbol', 'type Di = new (...args: any[]) => abc', 'type Dj = import("x").Y<Z>', 'type Dk = import("x").Y[]', 'let dl: typeof import("x")', 'export enum Ee { Ff }', 'export const enum Gg { Hh = 1 << 2, "i" = 3 }', 'declare function ii(): void;', 'export type { Pp } from "qq";', 'export { type Pq, type Pr as Ps };', 'namespace Ab { export const cd = 1 }', 'declare module "x" { export const y: Z }', 'declare module "*.css"', 'declare global { interface Window { a: B } }', 'namespace A.B { export class C { d() {} } }',
  'const qr = x as const', 'const qs = x satisfies Y as Z', 'const qt = a!.b!', 'let qu!: string', 'const qv = new Set<string>()', 'const qw = foo<Bar>(baz)', 'export = connect', 'import a = require("b")', 'export const fn = (a): a is B => c', 'export declare const dd: string, de: number', 'function over(a: string): void\nfunction over(a: any) {}', 'class X { a: string\n  [k: string]: any\n  b<T>(c: T): asserts c is D {} }',
] as const;

describe('ECMAScript', () => {
  const between = fc.constantFrom('\n', '\n\n', '\r\n', '\n  ');
  for (const [dialect, all] of [['javascript', COMMON], ['typescript', [...COMMON, ...TYPED]], ['tsx', [...COMMON, ...TYPED, 'export default <App />', 'const el = <T,>(x: T) => x']]] as const) {
    test(`${dialect}: what is read by hand is what the grammar reads`, async () => {
      let read = 0;
      for (const statement of all) if (await expectSame(dialect, skeletonFor(dialect, statement), plainCaptures(skeletonFor(dialect, statement), dialect))) read++;
      // Most statements need no grammar.
      expect(read).toBeGreaterThan(all.length * 0.8);
      await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...all), { minLength: 2, maxLength: 5 }), between, async (statements, feed) => {
        const text = skeletonFor(dialect, statements.join(feed) + feed);
        await expectSame(dialect, text, plainCaptures(text, dialect));
      }), { numRuns: 250 });
    });
  }

  test('pieces in any order are read as the grammar reads them, or left to it, in time that grows with the text', async () => {
    const pieces = ['export ', 'const ', 'a', 'b', ' = ', '(', ')', '{', '}', '[', ']', ';', '\n', ', ', ': ', '.', ' => ', '<', '>', 'class ', 'function ', 'async ', 'default ', "'c'", '`d`', '/e/', '? ', 'type ', 'as ', '@f ', '...', 'if ', 'else ', 'new ', '1', '!', '+'];
    await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), async (chosen) => {
      const text = chosen.join('');
      const plain = plainCaptures(text, 'typescript');
      // What no compiler takes, the grammar mends in its own way: only what both find whole is compared.
      if (plain !== null && plain.length > 0) expect(plain.every(({ start, end, line }) => start <= end && end <= text.length && line >= 1)).toBe(true);
    }), { numRuns: 1_500 });
    for (const piece of ['(', '[', '{', 'a?', 'a=>', 'x<', '<', 'a.b=', '!', '-', 'if(a)', 'class A{', '@a ', 'export ', '`', "'", 'a ? (b) : ', 'type A = ', 'keyof ', 'new ', 'a, ', '{a:', '(a', 'foo(']) expect([null, 'object']).toContain(plainCaptures(piece.repeat(20_000), 'typescript') === null ? null : 'object');
  });
});

describe('style sheets', () => {
  const RULES = [
    '.a { color: red; }', '#b > .c:hover, .d.e::before { content: "}"; }', '@media (min-width: 1px) { .f { g: h } }', '@import "i.css";', '@import url(j.css) layer(base);', '@charset "utf-8";', '@keyframes k { from { l: 0 } 50% { l: 1 } to { l: 2 } }', '.m { n: url(data:image/png;base64,AA==) }', '/* .o { } */', ':root { --p: #q; }', '.r[data-s=".t"] { u: v }', '.w { .x { y: z } }', '.w { &:hover { y: z } }',
    '@tailwind base;', '@apply aa;', 'html { bb: cc }', '.dd\n.ee { ff: gg }', '.\\31 0 { hh: ii }', '@supports (display: grid) { .jj { kk: ll } }', '@font-face { font-family: mm }', '.nn:not(.oo) { pp: qq }', '@layer rr, ss;', '.tt { uu: vv', '}', '@container (a) { .ww { xx: yy } }',
  ];
  test('what is read by hand is what the grammar reads', async () => {
    let read = 0;
    for (const rule of RULES) if (await expectSame('css', rule, plainStyles(rule))) read++;
    expect(read).toBeGreaterThan(15);
    await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...RULES), { maxLength: 4 }), fc.constantFrom('\n', ' ', '\r\n\r\n'), async (rules, feed) => {
      const text = rules.join(feed);
      await expectSame('css', text, plainStyles(text));
    }), { numRuns: 200 });
  });
});

describe('Vue', () => {
  const PARTS = ['<template>\n  <div v-if="a < b">{{ c }}</div>\n</template>', '<script>\nexport default {}\n</script>', '<script setup lang="ts" generic="T extends Record<string, T>">\nconst a = 1\n</script>', '<script src="./x.js"></script>', '<style scoped>\n.a { color: red }\n</style>', '<!-- <script> -->', '<!-- note -->', '<i18n>\n{}\n</i18n>'];
  test('what is read by hand is what the grammar reads', async () => {
    await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.constantFrom(...PARTS), { maxLength: 4 }), async (parts) => {
      const text = `${parts.join('\n\n')}\n`;
      const parsed = await parser.parse('vue', text);
      const plain = plainScripts(text);
      if (plain !== null && parsed.kind === 'parsed') expect(plain, text).toEqual(parsed.captures);
    }), { numRuns: 60 });
    expect(plainScripts(PARTS[1] ?? '')).toHaveLength(2);
    expect(plainScripts('<div><script>a</script>')).toBeNull();
  });
});

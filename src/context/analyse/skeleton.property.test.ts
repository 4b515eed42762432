import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { loadGrammarFromPackages } from '../grammars.ts';
import { importsOfEcmaScript } from '../parse/ecmascript.ts';
import { createGrammarParser } from '../parse/parser.ts';
import { plainCaptures } from './plain/statements.ts';
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
      const plain = plainCaptures(skeleton, 'typescript');
      if (plain === null) left++;
      else expect(readCaptures('typescript', skeleton, plain), name).toEqual(readCaptures('typescript', skeleton, small.captures));
      expect(imports, name).toEqual(readCaptures('typescript', text, whole.captures).imports);
    }
    // Nearly all files are read without the parser.
    expect(left).toBeLessThan(names.length / 20);
  });
});

describe('terms', () => {
  test('counting meets exactly the terms that splitting gives', () => {
    const count = createTermCounter();
    const endings = fc.constantFrom('', 's', 'es', 'ies', 'ing', 'ings', 'ed', 'eed', 'ched', 'sses', 'xes', 'nning', 'tted', 'e', 'us', '2', '_x', 'HTTP', 'Él');
    const words = fc.array(fc.tuple(fc.stringMatching(/^[A-Za-z_\d]{0,8}$/), endings, fc.constantFrom(' ', '_', '.', '\n', '—', '')).map((parts) => parts.join('')), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 80 }), words), (text) => {
      const hashes = tokensOf(text).map(termHash).sort((left, right) => left - right);
      const counted = count(Buffer.from(text));
      expect([counted.length, [...counted.hashes].flatMap((hash) => Array<number>(countOf(counted, hash)).fill(hash))]).toEqual([hashes.length, hashes]);
      const wanted = counted.hashes.filter((_, index) => index % 2 === 0);
      const some = count(Buffer.from(text), wanted);
      expect([some.length, some.hashes, [...wanted].map((hash) => countOf(some, hash))]).toEqual([wanted.length === 0 ? 0 : hashes.length, wanted, [...wanted].map((hash) => countOf(counted, hash))]);
    }), { numRuns: 3_000 });
  });

  test('prose meets code', () => {
    expect(tokensOf('parsing requests')).toEqual(tokensOf('parse request'));
    expect(tokensOf('readHttpBody')).toEqual(['readhttpbody', 'read', 'http', 'body']);
    expect(tokensOf('HTTPServer_v2')).toEqual(expect.arrayContaining(['http', 'server']));
  });
});

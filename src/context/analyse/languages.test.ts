import { afterAll, describe, expect, test } from 'vitest';
import { loadGrammarFromPackages } from '../grammars.ts';
import { LANGUAGE_GRAMMARS, lensOf } from '../lens.ts';
import { createGrammarParser } from '../parse/parser.ts';
import { createBlobAnalysis } from './analyse-blob.ts';

const parser = createGrammarParser(loadGrammarFromPackages);
const analyse = createBlobAnalysis(parser);
afterAll(() => parser.close());

interface Sample {
  readonly path: string;
  readonly text: string;
  /** `kind name`, with `+` before what others can use. */
  readonly symbols: readonly string[];
  readonly imports: readonly string[];
}

const SAMPLES: readonly Sample[] = [
  { path: 'a.c', text: '#include "x/a.h"\n#include <stdio.h>\n#define MAX 1\nstruct S { int a; };\nstatic int hidden(int a) { return a; }\nint *shown(void) { return 0; }\n', symbols: ['+value MAX', '+type S', 'function hidden', '+function shown'], imports: ['./x/a.h', 'stdio.h'] },
  { path: 'a.cpp', text: '#include "a.h"\nnamespace n { class C { public: int m() { return 1; } void k(); }; }\nint n::C::j() { return 2; }\n', symbols: ['+module n', '+class C', '+function m', '+method k', '+function j'], imports: ['./a.h'] },
  { path: 'a.h', text: 'class Widget { public: void draw(); };\n', symbols: ['+class Widget', '+method draw'], imports: [] },
  { path: 'A.cs', text: 'using System.Text;\nnamespace N.M { public class C { public int P { get; set; } void M() { Run(); } } }\n', symbols: ['+module N.M', '+class C', '+method P', 'method M'], imports: ['System.Text'] },
  { path: 'a.css', text: '@import "b.css";\n.box { color: red }\n#main .inner {}\n', symbols: ['+value box', '+value main', '+value inner'], imports: ['b.css'] },
  { path: 'a.dart', text: "import 'package:p/b.dart';\nexport 'c.dart' show X;\nclass C { void m() { f(); } }\nenum E { a }\nint f() { return 1; }\n", symbols: ['+class C', '+method m', '+type E', '+function f'], imports: ['package:p/b.dart', 'c.dart'] },
  { path: 'a.go', text: 'package p\nimport (\n "fmt"\n x "a.org/m/b"\n)\nfunc F() { fmt.Println(`}`) }\nfunc (r *T) m() {}\ntype T struct { a int }\nvar hidden = 1\n', symbols: ['+function F', 'method m', '+type T', 'value hidden'], imports: ['fmt', 'a.org/m/b'] },
  { path: 'A.java', text: 'package a.b;\nimport a.c.D;\nimport static a.E.f;\npublic class A { public void m() { String s = "}"; } void k() {} }\n', symbols: ['+module a.b', '+class A', '+method m', 'method k'], imports: ['a.c.D', 'a.E.f'] },
  { path: 'a.php', text: "<?php\nnamespace A\\B;\nuse C\\{D, E as F};\nrequire __DIR__ . '/x.php';\nclass K { private function h() { } public function m() { } }\nfunction f() { }\n", symbols: ['+module A\\B', '+class K', 'method h', '+method m', '+function f'], imports: ['C\\D', 'C\\E', './x.php'] },
  { path: 'a.rb', text: "require 'json'\nrequire_relative 'b'\nmodule M\n  class C\n    LIMIT = 1\n    def m; end\n    def self.s; end\n  end\nend\n", symbols: ['+module M', '+class C', '+value LIMIT', '+method m', '+method s'], imports: ['json', './b'] },
  { path: 'a.rs', text: "use crate::a::{b, c::{self, D}};\npub mod m;\npub struct S<'a> { x: &'a str }\nimpl<'a> S<'a> { pub fn n() -> char { '{' } }\nfn hidden() {}\nmacro_rules! mm { () => {} }\n", symbols: ['+module m', '+class S', '+function n', 'function hidden', '+function mm'], imports: ['crate::a::b', 'crate::a::c', 'crate::a::c::D', 'mod::m'] },
  { path: 'a.sol', text: 'import "./b.sol";\nimport {X} from "c.sol";\ncontract C { function f() public { if (true) { } } event E(); }\n', symbols: ['+class C', '+method f', '+type E'], imports: ['./b.sol', 'c.sol'] },
  { path: 'a.swift', text: 'import Foundation\npublic class C { func m() { print("}") } }\nprivate func hidden() {}\nprotocol P { func q() }\n', symbols: ['+class C', '+function m', 'function hidden', '+type P', '+method q'], imports: ['Foundation'] },
  { path: 'a.vue', text: '<template><MyBox/></template>\n<script setup lang="ts">\nimport x from "./y";\nexport function go(a: string) { return a; }\n</script>\n', symbols: ['+function go'], imports: ['./y'] },
  { path: 'a.kt', text: 'package a.b\nimport a.c.D\nclass C(val x: Int) {\n  fun m(): String { return "}" }\n}\nprivate fun hidden() {}\n', symbols: ['+module a.b', '+class C', '+method m', 'function hidden'], imports: ['a.c.D'] },
  { path: 'a.proto', text: 'syntax = "proto3";\npackage p.v1;\nimport "q/r.proto";\nmessage User { string id = 1; }\nservice Users { rpc Get(User) returns (User); }\n', symbols: ['+module p.v1', '+type User', '+type Users', '+method Get'], imports: ['q/r.proto'] },
  { path: 'b.sol', text: 'error Denied(address who);\nstruct Top { uint a; }\nfunction free(uint a) pure returns (uint) { return a; }\nabstract contract Token is Base { enum State { A } modifier only() { _; } }\n', symbols: ['+type Denied', '+type Top', '+method free', '+class Token', '+type State', '+method only'], imports: [] },
  { path: 'b.swift', text: 'typealias Done = (Int) -> Void\nprotocol P { func area() -> Double }\n', symbols: ['+type Done', '+type P', '+method area'], imports: [] },
  { path: 'b.hpp', text: 'class Box { public: T& at(int i) { return items[i]; } };\nint& ref(int a) { return a; }\nvoid (*handler(int sig))(int) { return 0; }\n', symbols: ['+class Box', '+function at', '+function ref', '+function handler'], imports: [] },
  { path: 'b.dart', text: "import 'a.dart' as m show Widget, Other hide Third;\n", symbols: [], imports: ['a.dart'] },
  { path: 'b.scala', text: 'package a\nimport b.{C => D, _}, e.F\nimport g.h._\nenum Color { case Red }\n', symbols: ['+module a', '+type Color'], imports: ['b.C', 'b.*', 'e.F', 'g.h.*'] },
  { path: 'B.java', text: 'package a;\nimport b.c.*;\nclass B {}\n', symbols: ['+module a', 'class B'], imports: ['b.c.*'] },
  { path: 'b.graphql', text: 'fragment Parts on User { id }\ntype User { id: ID! }\n', symbols: ['+value Parts', '+type User'], imports: [] },
];

describe('every language', () => {
  test.each(SAMPLES)('$path', async ({ path, text, symbols, imports }) => {
    const { outline } = await analyse(lensOf(path), Buffer.from(text));
    expect(outline).toMatchObject({ parsed: true, failure: null });
    expect(outline.symbols.map(({ kind, name, exported }) => `${exported ? '+' : ''}${kind} ${name}`)).toEqual(symbols);
    expect(outline.imports.map(({ specifier }) => specifier)).toEqual(imports);
  });

  test('all grammars of the package are among those tried here or in analyse-blob.test.ts', () => {
    const tried = new Set(SAMPLES.map(({ path }) => lensOf(path)).map((lens) => (lens === 'header' ? 'cpp' : lens)));
    expect(LANGUAGE_GRAMMARS.filter((grammar) => !tried.has(grammar))).toEqual(['javascript', 'python', 'tsx', 'typescript']);
  });
});

// The long run nests as deep as a file that is parsed can be long.
const DEPTH = process.env['COUNTERSIGN_LONG'] === '1' ? 100_000 : 1_600;
const HOSTILE: Readonly<Record<string, Buffer>> = {
  'brackets that never close': Buffer.from('('.repeat(DEPTH)),
  'blocks in blocks': Buffer.from(`${'{'.repeat(DEPTH)}${'}'.repeat(DEPTH)}`),
  'one long line': Buffer.from('x = a<b[c('.repeat(DEPTH / 4)),
  'half a string': Buffer.from('f("'.repeat(DEPTH / 2)),
  'declarations in declarations': Buffer.from('class A { def f(): '.repeat(DEPTH / 20)),
  NUL: Buffer.from('class A {}\0'),
  'bytes that are no UTF-8': Buffer.from([0x63, 0xff, 0xfe, 0x28]),
  nothing: Buffer.alloc(0),
};

test.each([...LANGUAGE_GRAMMARS, 'header', 'kotlin', 'scala', 'proto', 'graphql', 'text'] as const)('%s: a hostile file gives an answer, and the next file its own', async (lens) => {
  const sample = SAMPLES.find(({ path }) => lensOf(path) === lens);
  const head = lens === 'php' ? '<?php ' : lens === 'vue' ? '<script>' : '';
  for (const [name, bytes] of Object.entries(HOSTILE)) {
    const { outline } = await analyse(lens, Buffer.concat([Buffer.from(head), bytes]));
    expect(outline.kind, name).toBe(name === 'NUL' || name.startsWith('bytes') ? 'binary' : 'text');
    expect(outline.symbols.length, name).toBeLessThanOrEqual(1_000);
  }
  if (sample !== undefined) expect((await analyse(lens, Buffer.from(sample.text))).outline.symbols).toHaveLength(sample.symbols.length);
});

test('references are what a file calls or names, wherever it stands', async () => {
  const { outline } = await analyse('typescript', Buffer.from('export function a() { return new Parser(readAll(x)).run(); }\nconst t: Shape = b;\n'));
  expect(outline.references.split('\n')).toEqual(expect.arrayContaining(['Parser', 'readAll', 'run', 'Shape']));
});

test('LFS pointers, generated and minified files, binaries and CRLF are told apart', async () => {
  const of = async (text: string | Uint8Array) => (await analyse('javascript', Buffer.from(text))).outline;
  expect(await of(`version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`)).toMatchObject({ kind: 'lfs-pointer', symbols: [] });
  expect(await of('// Code generated by x. DO NOT EDIT.\nfunction f() {}\n')).toMatchObject({ generated: true });
  expect(await of('var a=1;'.repeat(2_000))).toMatchObject({ minified: true, symbols: [] });
  expect(await of(Uint8Array.of(0xff, 0xfe, 1))).toMatchObject({ kind: 'binary' });
  expect(await of('function f() {\r\n}\r\nfunction g() {}\r\n')).toMatchObject({ lines: 3, symbols: [{ name: 'f', line: 1 }, { name: 'g', line: 3 }] });
});

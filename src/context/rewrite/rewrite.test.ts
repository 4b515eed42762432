import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadGrammarFromPackages } from '../grammars.ts';
import { fakeObjects } from '../memory-objects.fixture.ts';
import { diffOfEdits } from './edit-diff.ts';
import { createRewrite } from './expand.ts';
import { applyTextEdits, type TextEdit } from './text-edit.ts';

type Files = Readonly<Record<string, string>>;

const rewriteIn = (files: Files) => {
  const objects = fakeObjects(files);
  return createRewrite(async () => ({ objects, tree: objects.tree }), loadGrammarFromPackages);
};

async function rewrite(files: Files, ...rules: readonly string[]) {
  return rewriteIn(files)(rules.map((each, index) => ({ repo: 'octo/api', rules: each, line: 10 * (index + 1) })));
}

/** The files as git has them after the diffs: the same git that people use judges them. */
async function applied(files: Files, ...rules: readonly string[]): Promise<Files> {
  const made = await rewrite(files, ...rules);
  if (made.kind === 'faulty') throw new Error(made.faults.join(' '));
  return gitApply(files, made.files.flat().map(({ diff }) => diff).join(''));
}

function gitApply(files: Files, diff: string): Files {
  const dir = mkdtempSync(join(tmpdir(), 'countersign-rewrite-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: dir, input: diff, stdio: ['pipe', 'ignore', 'pipe'] });
    return Object.fromEntries(Object.keys(files).map((path) => [path, readFileSync(join(dir, path), 'utf8')]));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const faultsOf = async (files: Files, ...rules: readonly string[]): Promise<string> => {
  const made = await rewrite(files, ...rules);
  return made.kind === 'faulty' ? made.faults.join(' ') : 'no fault';
};

const LOG = 'language: js\npattern: console.log($$$ARGS)\nfix: logger.info($$$ARGS)\n';

test('every match in every file of the language, and nowhere else', async () => {
  const files = { 'a.js': "console.log('é😀', 1); console.log(2)\n// console.log(3)\nconst s = 'console.log(4)';\n", 'b/c.mjs': 'f(console.log( x ,y ))', 'd.ts': 'console.log(5)\n', 'e.txt': 'console.log(6)\n' };
  expect(await applied(files, LOG)).toEqual({ ...files, 'a.js': "logger.info('é😀', 1); logger.info(2)\n// console.log(3)\nconst s = 'console.log(4)';\n", 'b/c.mjs': 'f(logger.info(x ,y))' });
});

test.each([
  ['TypeScript', 'a.ts', 'const a: Foo = make(1);\n', 'const $A: Foo = make($B)', 'const $A = make<Foo>($B)', 'const a = make<Foo>(1);\n'],
  ['TSX', 'a.tsx', 'const a = <Old n={1} />;\n', '<Old n={$N} />', '<New count={$N} />', 'const a = <New count={1} />;\n'],
  ['Python', 'a.py', 'def f(x):\n    print(x, 1)\n', 'print($$$A)', 'log.info($$$A)', 'def f(x):\n    log.info(x, 1)\n'],
  ['Rust', 'a.rs', 'fn main() { x(1).unwrap(); }\n', '$A.unwrap()', '$A?', 'fn main() { x(1)?; }\n'],
  ['Java', 'A.java', 'class A { void b() { foo(1); } }\n', 'foo($A)', 'bar($A)', 'class A { void b() { bar(1); } }\n'],
  ['C', 'a.c', 'int main() { foo(1, 2); }\n', 'foo($A, $B)', 'foo($B, $A)', 'int main() { foo(2, 1); }\n'],
  ['C++', 'a.cpp', 'int main() { a->foo(1); }\n', '$O->foo($A)', '$O.foo($A)', 'int main() { a.foo(1); }\n'],
  ['C#', 'A.cs', 'class A { void B() { Foo(1); } }\n', 'Foo($A)', 'Bar($A)', 'class A { void B() { Bar(1); } }\n'],
  ['Ruby', 'a.rb', 'foo(1)\n', 'foo($A)', 'bar($A)', 'bar(1)\n'],
  ['Swift', 'a.swift', 'foo(1)\n', 'foo($A)', 'bar($A)', 'bar(1)\n'],
])('%s', async (language, path, before, pattern, fix, after) => {
  expect(await applied({ [path]: before }, JSON.stringify({ language, pattern, fix }))).toEqual({ [path]: after });
});

test.each([
  ['Go', 'a.go', 'package a\n\nfunc f() { errors.New("x") }\n', { context: 'package a\nfunc f() { errors.New($A) }', selector: 'call_expression' }, 'fail.New($A)', 'package a\n\nfunc f() { fail.New("x") }\n'],
  ['PHP', 'a.php', '<?php foo(1, $x);\n', { context: '<?php foo($A, $B);', selector: 'function_call_expression' }, 'bar($B, $A)', '<?php bar($x, 1);\n'],
  ['Dart', 'a.dart', 'void main() { foo(1); }\n', { context: 'void f() { foo($A); }', selector: 'expression_statement' }, 'bar($A);', 'void main() { bar(1); }\n'],
  ['CSS', 'a.css', 'a { color: red }\n', { context: 'a { color: $A }', selector: 'declaration' }, 'background: $A', 'a { background: red }\n'],
  ['Solidity', 'a.sol', 'contract A { function f() public { foo(1); } }\n', { context: 'contract A { function f() public { foo($A); } }', selector: 'call_expression' }, 'bar($A)', 'contract A { function f() public { bar(1); } }\n'],
])('%s needs the context that its sentence shows', async (language, path, before, pattern, fix, after) => {
  expect(await applied({ [path]: before }, JSON.stringify({ language, rule: { pattern }, fix }))).toEqual({ [path]: after });
});

test('constraints, relations, transforms, globs and several rules in one block', async () => {
  const rules = [
    'id: no-log', 'language: js', 'rule: { pattern: console.log($A), inside: { kind: function_declaration, stopBy: end } }', 'constraints: { A: { kind: string } }', 'fix: log($A)', 'ignores: [test/**]', '---',
    'language: js', 'pattern: getUser($ID)', 'transform: { NEW: { replace: { source: $ID, replace: "_id$", by: "Id" } } }', 'fix: fetchUser($NEW)', 'files: src/**',
  ].join('\n');
  const files = { 'src/a.js': "function f() { console.log('x'); console.log(1); }\nconsole.log('y');\ngetUser(user_id);\n", 'test/a.js': "function f() { console.log('x'); }\ngetUser(user_id);\n" };
  expect(await applied(files, rules)).toEqual({ ...files, 'src/a.js': "function f() { log('x'); console.log(1); }\nconsole.log('y');\nfetchUser(userId);\n" });
});

test('lines that move are indented as where they come to; line ends stay those of the file', async () => {
  const rule = JSON.stringify({ language: 'js', pattern: 'if ($C) { $$$BODY }', fix: 'when($C, () => {\n  $$$BODY\n});' });
  const before = 'function f() {\n    if (a) {\n        b();\n        if2(c);\n    }\n}\n';
  const after = 'function f() {\n    when(a, () => {\n      b();\n      if2(c);\n    });\n}\n';
  expect(await applied({ 'a.js': before }, rule)).toEqual({ 'a.js': after });
  expect(await applied({ 'a.js': before.replaceAll('\n', '\r\n') }, rule)).toEqual({ 'a.js': after.replaceAll('\n', '\r\n') });
});

test('files that nobody writes by hand are left alone unless files names them, and it is said', async () => {
  const call = 'console.log(1);\n';
  const files = { 'a.js': call, 'vendor/lib/b.js': call, 'node_modules/c/index.js': call, 'dist/d.js': call, 'e.min.js': call, 'src/f.js': `// Code generated by protoc. DO NOT EDIT.\n${call}`, 'src/g.js': call };
  const changed = (after: Files): string[] => Object.keys(files).filter((path) => after[path] !== files[path as keyof typeof files]);
  expect(changed(await applied(files, LOG))).toEqual(['a.js', 'src/g.js']);
  expect(await rewrite(files, LOG)).toMatchObject({ leftAlone: [['dist/d.js', 'e.min.js', 'node_modules/c/index.js', 'src/f.js', 'vendor/lib/b.js']] });
  expect(changed(await applied(files, `${LOG}files: [vendor/**, src/f.js]\n`))).toEqual(['vendor/lib/b.js', 'src/f.js']);
  expect(await rewrite(files, `${LOG}files: src/**\n`)).toMatchObject({ leftAlone: [[]] });
  expect(await rewrite(files, `${LOG}ignores: ["vendor/**", "node_modules/**", "dist/**", "*.min.js"]\n`)).toMatchObject({ leftAlone: [['src/f.js']] });
  expect(await faultsOf({ 'vendor/b.js': call, 'a.js': 'f();\n' }, LOG)).toMatch(/matches nothing in octo\/api \(2 JavaScript files at the pinned commit\)\. It leaves 1 vendored, generated or minified file alone \(such as vendor\/b\.js\); name what it may change there under files\./);
});

test('two rules change the same file together, each as it stands at the base', async () => {
  expect(await applied({ 'a.js': 'a(1);\nb(2);\n' }, JSON.stringify({ language: 'js', pattern: 'a($X)', fix: 'b($X)' }), JSON.stringify({ language: 'js', pattern: 'b($X)', fix: 'c($X)' }))).toEqual({ 'a.js': 'b(1);\nc(2);\n' });
});

test('a match inside a match goes with the outer one', async () => {
  expect(await applied({ 'a.js': 'f(f(1));\n' }, JSON.stringify({ language: 'js', pattern: 'f($X)', fix: 'g($X)' }))).toEqual({ 'a.js': 'g(f(1));\n' });
});

test('a line that is left with nothing goes, whatever its end; one that keeps something stays', async () => {
  const rule = JSON.stringify({ language: 'py', pattern: 'debug($$$A)', fix: '' });
  const files = { 'a.py': 'def f():\n    debug(1)\n    g()\n    debug(\n        2,\n    )\n    h()\ndebug(3)', 'b.py': 'x = 1\r\ndebug(1)\r\ny = 2\r\n', 'c.py': 'debug(1)  # says so\n' };
  expect(await applied(files, rule)).toEqual({ 'a.py': 'def f():\n    g()\n    h()\n', 'b.py': 'x = 1\r\ny = 2\r\n', 'c.py': '  # says so\n' });
});

test('paths of any characters', async () => {
  const path = 'sp ace/ü"q\\t.js';
  expect(await applied({ [path]: 'f(1)\n' }, JSON.stringify({ language: 'js', pattern: 'f($X)', fix: 'g($X)' }))).toEqual({ [path]: 'g(1)\n' });
});

const JS = { 'a.js': 'f(1);\n' };
test.each<[string, Files, readonly string[], RegExp]>([
  ['matches nothing', JS, [LOG], /rule at line 10 matches nothing in octo\/api \(1 JavaScript file at the pinned commit\)/],
  ['one of two matches nothing', JS, ['language: js\npattern: f($A)\nfix: g($A)', LOG], /rule at line 20 matches nothing/],
  ['is for no file', JS, [`${LOG}files: [src/**]`], /is for no file: octo\/api has no JavaScript file/],
  ['a Go pattern without context', { 'a.go': 'package a\n' }, ['language: go\npattern: errors.New($A)\nfix: x'], /matches nothing .*context: "package a/],
  ['a C call of one argument, which reads as a type', { 'a.c': 'void f(void) {\n  free(p);\n}\n' }, ['language: c\npattern: free($A)\nfix: x($A)'], /matches nothing .*context: "foo\(\$A\);"/],
  ['variables in small letters', JS, ['language: js\npattern: f($arg)\nfix: g($arg)'], /\$arg stands for itself: .* as \$ARG/],
  ['a fix that YAML takes for keys', JS, ['language: js\npattern: f($A)\nfix: g("a: " + $A)'], /line 10 is not YAML: line 12: .* into quotes/],
  ['a key twice', JS, ['language: js\nlanguage: js\npattern: f($A)\nfix: g'], /line 10 is not YAML: line 11: Map keys must be unique\.$/],
  ['no fix', JS, ['language: js\npattern: f($A)'], /line 10: fix: is missing\. It needs/],
  ['a template for a fix', JS, ['language: js\npattern: f($A)\nfix: { template: g, expandEnd: { regex: "," } }'], /fix: should be the text itself/],
  ['no YAML', JS, ['language: [js\n'], /rule at line 10 is not YAML/],
  ['empty', JS, ['  \n'], /block at line 10 holds no rule/],
  ['not an object', JS, ['- just\n- a list'], /line 10.*It needs language, rule \(or pattern\) and fix/],
  ['an unknown key, in the second rule', JS, ['language: js\npattern: f($A)\nfix: g\n---\nlanguage: js\npatern: f\nfix: g'], /line 14.*patern/],
  ['another language', JS, ['language: cobol\npattern: x\nfix: y'], /no grammar for "cobol". Languages: JavaScript, /],
  ['a name that is no own property', JS, ['language: constructor\npattern: x\nfix: y'], /no grammar for "constructor"/],
  ['pattern and rule', JS, ['language: js\npattern: x\nrule: { kind: y }\nfix: z'], /either pattern or rule/],
  ['a variable that nothing binds', JS, ['language: js\npattern: f($A)\nfix: g($B)'], /fix uses \$B, which nothing in the rule binds/],
  ['a matcher that ast-grep does not know', JS, ['language: js\nrule: { kindd: x }\nfix: y'], /does not work: unknown field `kindd`/],
  ['a kind that is not there', JS, ['language: js\nrule: { kind: nope }\nfix: y'], /Kind `nope` is invalid/],
  ['a pattern of two nodes', JS, ['language: js\nrule: { any: [{ pattern: a b }] }\nfix: y'], /Multiple AST nodes/],
  ['a fix that YAML takes for a number', JS, ['language: js\npattern: f($A)\nfix: 1'], /fix: should be a text \(quote it/],
  ['matchers too deep', JS, [`language: js\nrule: ${'{ not: '.repeat(30)}{ kind: x }${' }'.repeat(30)}\nfix: y`], /deep in one another/],
  ['a bomb of aliases', JS, [`a: &a [x,x]\n${Array.from({ length: 30 }, (_, index) => `b${index}: &b${index} [*${index === 0 ? 'a' : `b${index - 1}`},*${index === 0 ? 'a' : `b${index - 1}`}]`).join('\n')}`], /rule at line 10 stands for more than it says/],
  ['two rules on one place', JS, ['language: js\npattern: f($A)\nfix: g($A)', 'language: js\nrule: { kind: number }\nfix: "2"'], /rule at line 10 and the rewrite rule at line 20 both change line 1 of a\.js/],
  ['a file that is too large', { 'a.js': 'x;'.repeat(600_000) }, ['language: js\npattern: f($A)\nfix: g'], /a\.js has 1200000 bytes/],
])('%s is one sentence', async (_name, files, rules, sentence) => {
  expect(await faultsOf(files, ...rules)).toMatch(sentence);
});

test('what is not UTF-8 is left alone, and links are not followed', async () => {
  const objects = fakeObjects({ 'a.js': Buffer.from([0x66, 0x28, 0xff, 0x29]), 'b.js': { link: 'f(1)' }, 'c.js': 'f(1)\n' });
  const made = await createRewrite(async () => ({ objects, tree: objects.tree }), loadGrammarFromPackages)([{ repo: 'octo/api', rules: 'language: js\npattern: f($A)\nfix: g($A)', line: 1 }]);
  expect(made.kind === 'rewritten' && made.files.flat().map(({ path }) => path)).toEqual(['c.js']);
});

test('a rule that looks everywhere ends after a fixed number of steps, and the next change is none the worse', async () => {
  const objects = fakeObjects({ 'a.js': '[1,[2,[3,[4]]]];\n'.repeat(100) });
  const rule = 'language: js\nrule: { kind: array, has: { stopBy: end, not: { has: { stopBy: end, inside: { stopBy: end, has: { stopBy: end, regex: zzz } } } } } }\nfix: x';
  const made = await createRewrite(async () => ({ objects, tree: objects.tree }), loadGrammarFromPackages, 5_000)([{ repo: 'octo/api', rules: rule, line: 1 }]);
  expect(made).toMatchObject({ kind: 'faulty', faults: [expect.stringContaining('takes more than 5000 steps')] });
  expect(await applied({ 'a.js': 'f(1)\n' }, 'language: js\npattern: f($A)\nfix: g($A)')).toEqual({ 'a.js': 'g(1)\n' });
});

test('the diff of any edits is what git makes of it', () => {
  const text = fc.array(fc.constantFrom('a\n', 'b\n', '\n', 'cd\r\n', 'x', 'é😀\n'), { maxLength: 30 }).map((parts) => parts.join(''));
  const cuts = fc.array(fc.tuple(fc.nat(80), fc.nat(6), fc.constantFrom('', 'N', '\n', 'N\n', '\nN\n', 'a\n')), { minLength: 1, maxLength: 6 });
  fc.assert(fc.property(text.filter((each) => each !== ''), cuts, (before, wanted) => {
    const edits: TextEdit[] = [];
    for (const [start, length, insert] of wanted.toSorted((left, right) => left[0] - right[0])) {
      const end = Math.min(before.length, start + length);
      if (start >= before.length || start < (edits.at(-1)?.end ?? 0) || (edits.at(-1)?.start ?? -1) === start) continue;
      edits.push({ start, end, text: insert, rule: 0 });
    }
    const after = applyTextEdits(before, edits);
    fc.pre(after.isWellFormed() && after !== '');
    const { diff, added, removed } = diffOfEdits('a.txt', before, edits);
    expect(added + removed === 0 ? { 'a.txt': before } : gitApply({ 'a.txt': before }, diff)).toEqual({ 'a.txt': after });
  }), { numRuns: 20 });
});

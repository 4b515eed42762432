import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MemoryFiles } from '../../context/memory-objects.fixture.ts';
import { parseDocument } from '../../schema/documents.ts';
import type { Design } from '../roles.ts';
import { createRecipeDesigner } from './designer.ts';
import { block, contextOf, designInput, parsers } from './recipe.fixture.ts';

const designer = createRecipeDesigner(parsers);

async function design(files: MemoryFiles, change: string): Promise<Design> {
  const result = await designer.design(designInput(await contextOf({ 'octo/api': files }), `It waits too short.\n\n- [ ] When asked, it waits.\n\n${change}`));
  if (result.kind !== 'designed') throw new Error(result.reason);
  return result;
}
const reasons = ({ decision }: Design): string => decision.reasons.map(({ text }) => text).join('\n');

const PYTHON = ['class Session:', '    limit = 1', '', '    def open(', '        self,', '    ) -> int:', '        wait = 1', '        return wait', '', '    def close(self) -> None:', '        pass', ''].join('\n');

test('what the change reaches into is named with what it stands in, and cited by its lines', async () => {
  const result = await design({ 'pool/session.py': PYTHON, 'tests/test_pool.py': 'from pool.session import Session\n' }, block('pool/session.py', '        wait = 1', '        wait = 2'));
  expect(reasons(result)).toContain('It reaches into `Session.open` of `pool/session.py`.');
  expect(result.decision.evidence[0]).toMatchObject({ path: 'pool/session.py', lines: [7, 7] });
  expect(result.plan?.tasks[0]?.title).toBe('Change `pool/session.py` (`Session.open`)');
  expect(result.architecture?.decisions[0]?.consequences.at(-1)).toContain('No line that names an export is replaced');
});

test('a method that comes into a class is a change of the class, not of the method above it', async () => {
  const diff = ['```diff', 'diff --git a/pool/session.py b/pool/session.py', '--- a/pool/session.py', '+++ b/pool/session.py', '@@ -8,4 +8,7 @@', '         return wait', ' ', '+    def reopen(self) -> None:', '+        self.open()', '+', '     def close(self) -> None:', '         pass', '```'].join('\n');
  const result = await design({ 'pool/session.py': PYTHON }, diff);
  expect(reasons(result)).toContain('It reaches into `Session` of `pool/session.py`.');
  expect(result.architecture?.decisions[0]?.consequences[0]).toContain('+3 −0');
});

test('a replaced line that names an export is said, and who takes it', async () => {
  const result = await design({ 'src/wait.ts': 'export function wait(ms: number): number {\n  return ms;\n}\n', 'src/use.ts': "import { wait } from './wait.ts';\nexport const used = wait(1);\n" }, block('src/wait.ts', 'export function wait(ms: number): number {', 'export function wait(seconds: number): number {'));
  expect(result.architecture?.decisions[0]?.consequences.join(' ')).toContain('Lines that name exports are replaced: `wait` of `src/wait.ts`.');
  expect(result.architecture?.risks[0]?.text).toBe('`src/use.ts` takes what changes and will see the new behaviour.');
});

test.each<[string, MemoryFiles, string, string]>([
  ['a Go test lies beside what it tests and imports nothing', { 'go.mod': 'module octo/api\n', 'wait.go': 'package api\n\nfunc Wait() int {\n\treturn 1\n}\n', 'wait_test.go': 'package api\n\nfunc TestWait(t *T) {\n\tWait()\n}\n' }, block('wait.go', '\treturn 1', '\treturn 2'), '`wait_test.go` (names `Wait`)'],
  ['a Java test lies in a tree of its own', { 'src/main/java/a/Pool.java': 'package a;\npublic class Pool {\n  int size() {\n    return 1;\n  }\n}\n', 'src/test/java/a/PoolTest.java': 'package a;\nclass PoolTest {\n  void t() { new Pool().size(); }\n}\n' }, block('src/main/java/a/Pool.java', '    return 1;', '    return 2;'), '`src/test/java/a/PoolTest.java` ('],
  ['a Rust file has its own', { 'Cargo.toml': '[package]\nname = "a"\n', 'src/lib.rs': 'pub fn wait() -> u8 {\n    1\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn waits() {}\n}\n' }, block('src/lib.rs', '    1', '    2'), '`src/lib.rs` (has tests of its own)'],
  ['a test that the change edits comes first', { 'src/wait.js': 'export function wait() {\n  return 1;\n}\n', 'test/other.test.js': "import { wait } from '../src/wait.js';\n", 'test/wait.test.js': 'assert(1);\n' }, `${block('src/wait.js', '  return 1;', '  return 2;')}\n\n${block('test/wait.test.js', 'assert(1);', 'assert(2);')}`, 'covers? what changes: `test/wait\\.test\\.js` \\(changes with it\\), `test/other\\.test\\.js`'],
  ['the whole suite of a small package in one file', { 'package.json': '{"name":"wait","exports":{"types":"./index.d.ts","default":"./index.js"}}', 'index.js': 'export function wait() {\n  return 1;\n}\n', 'index.d.ts': 'export function wait(): number;\n', 'test.js': "import { wait } from './index.js';\n", 'index.test-d.ts': "import { wait } from './index.js';\n" }, block('index.js', '  return 1;', '  return 2;'), '2 test files cover what changes: `index.test-d.ts` (imports it), `test.js` (imports it)'],
  ['types beside code are taken by who imports the code', { 'package.json': '{"name":"wait"}', 'index.js': 'export function wait() {\n  return 1;\n}\n', 'index.d.ts': 'export function wait(): number;\n', 'test/wait.js': "const wait = require('..');\n" }, block('index.d.ts', 'export function wait(): number;', 'export function wait(): bigint;'), '`test/wait.js` (imports it)'],
  ['what tests share leads to the tests', { 'lib/pool.rb': 'module Pool\n  def self.size\n    1\n  end\nend\n', 'spec/spec_helper.rb': "require_relative '../lib/pool'\n", 'spec/fills_spec.rb': "require_relative 'spec_helper'\nit { x }\n" }, block('lib/pool.rb', '    1', '    2'), '`spec/fills_spec.rb` (leads to it through `spec/spec_helper.rb`)'],
  ['a test that only leads there is told from one that covers', { 'src/wait.js': 'export function wait() {\n  return 1;\n}\n', 'src/use.js': "import { wait } from './wait.js';\n", 'test/page.test.js': "import '../src/use.js';\n" }, block('src/wait.js', '  return 1;', '  return 2;'), 'No test of the pinned commits names or imports what changes itself; 1 test file leads there through other files: `test/page.test.js`'],
  ['a test of the Go package that names something else', { 'go.mod': 'module octo/api\n', 'wait.go': 'package api\n\nfunc hidden() int {\n\treturn 1\n}\n', 'page_test.go': 'package api\n\nfunc TestPage(t *T) {\n\tPage()\n}\n' }, block('wait.go', '\treturn 1', '\treturn 2'), '`page_test.go` (is in its package)'],
])('tests that cover: %s', async (_name, files, change, expected) => {
  const said = reasons(await design(files, change));
  if (expected.includes('\\')) expect(said).toMatch(new RegExp(expected, 'u'));
  else expect(said).toContain(expected);
});

test('where a block does not say where it lies, nothing is claimed', async () => {
  const twice = await design({ 'src/a.ts': 'export function a() {\n  x();\n}\nexport function b() {\n  x();\n}\n' }, block('src/a.ts', '  x();', '  y();'));
  expect(twice.decision.evidence[0]).toMatchObject({ path: 'src/a.ts', lines: null });
  expect(reasons(twice)).not.toContain('reaches into');
  const beyond = await design({ 'src/a.ts': 'export const a = 1;\n' }, ['```diff', 'diff --git a/src/a.ts b/src/a.ts', '--- a/src/a.ts', '+++ b/src/a.ts', '@@ -900 +900 @@', '-x', '+y', '```'].join('\n'));
  expect(beyond.decision.evidence[0]).toMatchObject({ lines: null });
});

test('names of any length leave every document within what a record takes', async () => {
  const names = [...Array.from({ length: 12 }, (_, index) => `src/${'d'.repeat(180)}/${'e'.repeat(180)}${index}.ts`), `src/${'[x]{y}(z)*'.repeat(20)}.ts`, `${'a-folder-of-quite-a-long-name/'.repeat(60)}a.ts`];
  const files = Object.fromEntries(names.map((path, index) => [path, `export function ${'n'.repeat(280)}${index}() {\n  return 1;\n}\n`]));
  const result = await design(files, names.map((path) => block(path, '  return 1;', '  return 2;')).join('\n\n'));
  for (const kind of ['decision', 'architecture', 'scope', 'plan', 'gates'] as const) expect(parseDocument(kind, result[kind]), kind).toMatchObject({ kind: 'valid' });
});

test('lines that are cited are there, whatever the text and the change', async () => {
  const line = fc.constantFrom('', 'def f():', '  def g(self):', '    return 1', '\tx = 1', 'class A:', ')', '}', '`#`');
  await fc.assert(fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), fc.nat(), fc.array(line, { minLength: 1, maxLength: 3 }), async (lines, at, replace) => {
    const search = lines[at % lines.length] ?? '';
    const result = await design({ 'a.py': `${lines.join('\n')}\n` }, block('a.py', search, replace.join('\n')));
    for (const { lines: cited } of result.decision.evidence) if (cited !== null) expect(cited[0] >= 1 && cited[0] <= cited[1] && cited[1] <= lines.length).toBe(true);
  }), { numRuns: 40 });
});

test('repositories that do not use each other wait for none; a file that moves is no deletion; a criterion goes to the task whose function it names', async () => {
  const files = { 'octo/api': { 'src/a.js': 'function limitOf() {\n  return 1;\n}\n', 'docs/old.md': 'a\n' }, 'octo/web': { 'b.js': 'function pageOf() {\n  return 1;\n}\n' } };
  const change = [block('src/a.js', '  return 1;', '  return 2;'), '```rename path=docs/old.md to=guide/new.md\n```', block('b.js', '  return 1;', '  return 3;', 'repo=octo/web')].join('\n\n');
  const result = await designer.design(designInput(await contextOf(files), `It waits.\n\n- [ ] \`pageOf\` gives 3.\n- [ ] \`limitOf\` gives 2.\n\n${change}`));
  if (result.kind !== 'designed') throw new Error(result.reason);
  expect(result.plan?.tasks.map(({ title, criteriaIds, dependsOn }) => ({ title, criteriaIds, dependsOn }))).toEqual([
    { title: 'Change `src/a.js` (`limitOf`)', criteriaIds: ['AC2'], dependsOn: [] },
    { title: 'Move `docs/old.md` to `guide/new.md`', criteriaIds: ['AC1', 'AC2'], dependsOn: [] },
    { title: 'Change `b.js` (`pageOf`)', criteriaIds: ['AC1'], dependsOn: [] },
  ]);
  expect(result.plan?.rollback).toMatch(/in any order \(none of these repositories uses another\): octo\/web, octo\/api\./);
  expect(result.architecture?.risks.map(({ text }) => text).join()).not.toContain('deleted');
});

test('a manifest, a lockfile and a CI file that come are no dependencies, lockfiles and automation that stay', async () => {
  const added = (path: string) => `\`\`\`new-file path=${path}\n{}\n\`\`\``;
  const changed = await design({ 'a.js': 'x;\n' }, ['tools/package.json', 'tools/package-lock.json', '.gitlab-ci.yml'].map(added).join('\n\n'));
  expect([...(changed.scope?.nonGoals ?? []), ...(changed.architecture?.invariants ?? [])].join(' ')).not.toMatch(/[Dd]ependenc|CI/);
  expect(changed.decision.risk).toBe('high');
  const without = await design({ 'a.js': 'x;\n' }, added('b.json'));
  expect(without.scope?.nonGoals.join(' ')).toMatch(/Dependencies .* CI and automation/);
});

test('who imports a file that goes, or moves, and stays as it is, is said to miss it', async () => {
  const files = { 'src/wait.js': 'export function wait() {\n  return 1;\n}\n', 'src/use.js': "import { wait } from './wait.js';\n" };
  for (const change of ['```delete path=src/wait.js\n```', '```rename path=src/wait.js to=src/pause.js\n```']) {
    const result = await design(files, change);
    expect(result.decision.risk).toBe('high');
    expect(result.architecture?.risks[0]?.text).toBe('`src/use.js` imports `src/wait.js`, which goes and will not be found.');
  }
  const both = await design(files, `\`\`\`rename path=src/wait.js to=src/pause.js\n\`\`\`\n\n${block('src/use.js', "import { wait } from './wait.js';", "import { wait } from './pause.js';")}`);
  expect(both.architecture?.risks.map(({ text }) => text).join()).not.toContain('which goes');
});

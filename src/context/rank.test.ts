import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { buildContext } from './build.ts';
import { fileKindOf } from './file-kind.ts';
import { loadGrammarFromPackages } from './grammars.ts';
import { fakeObjects, type MemoryFiles } from './memory-objects.fixture.ts';

const tools = { loadGrammar: loadGrammarFromPackages, hash: (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex') };

async function ranked(files: MemoryFiles, query: string): Promise<readonly { path: string; why: string }[]> {
  const objects = fakeObjects(files);
  const { ranking } = await buildContext({ repos: [{ repo: 'o/a', role: 'primary', commit: objects.commit, tree: objects.tree, objects }], query, budgetBytes: 10_000 }, tools);
  return ranking;
}

/** Commands that are all written with the same few words. */
const commands = (names: readonly string[]): MemoryFiles => Object.fromEntries(names.map((name) => [`pkg/cmd/${name}.go`, 'package cmd\n\n// variable get list repo view default print\nfunc run() {}\n']));

test('a command that the issue names leads to the file below its folders', async () => {
  const files = commands(['variable/list/list', 'variable/get/get', 'variable/set/set', 'repo/list/list', 'repo/setdefault/setdefault', 'repo/view/view']);
  expect((await ranked(files, 'Change `gh variable get` to use the repo of the host'))[0]?.path).toBe('pkg/cmd/variable/get/get.go');
  expect((await ranked(files, 'Make `gh repo set-default --view` print nothing'))[0]?.path).toBe('pkg/cmd/repo/setdefault/setdefault.go');
});

test('a word that is cut short in a path is met, and said to be', async () => {
  const [first] = await ranked({ 'pkg/auth/status.go': 'package auth\n', 'pkg/other/status.go': 'package other\n', 'pkg/third/x.go': 'package third\n// authentication\n' }, 'Exit with 1 when authentication fails: the status is wrong');
  expect(first).toMatchObject({ path: 'pkg/auth/status.go', why: expect.stringContaining('authentication') as unknown });
});

test('a change of tests or of the build is looked for in their configuration too; its scope in the folder of that name', async () => {
  const files = { 'src/bundled/dev.ts': 'export const bundledDev = 1; // enable playground', 'vitest.config.e2e.ts': 'export default { bundledDev: 1, playground: [] }; // enable', 'src/a.ts': '', 'src/b.ts': '', 'src/c.ts': '', 'src/d.ts': '' };
  const first = async (query: string): Promise<string | undefined> => (await ranked(files, query))[0]?.path;
  expect([await first('test: enable the playground'), await first('enable the playground for the bundled dev')]).toEqual(['vitest.config.e2e.ts', 'src/bundled/dev.ts']);
  const packages = { 'packages/alpha/src/load.ts': 'export function load() {}', 'packages/beta/src/load.ts': 'export function load() {}', 'packages/gamma/src/load.ts': 'export function load() {}' };
  expect((await ranked(packages, 'fix(beta): load twice'))[0]?.path).toBe('packages/beta/src/load.ts');
});

test('what only a test says leads to its source, where no import says so', async () => {
  const files = { 'lib/a.go': 'package lib\n', 'lib/b.go': 'package lib\n', 'lib/b_test.go': 'package lib\n// trailing slash\n', 'lib/c.go': 'package lib\n' };
  expect((await ranked(files, 'A trailing slash is lost')).slice(0, 2).map(({ path }) => path)).toEqual(['lib/b_test.go', 'lib/b.go']);
});

test('a module that the issue names by its parts is named; one name that many files have says little', async () => {
  const files = { 'lib/shop/cart.rb': 'def total; end\n', 'lib/shop/cart/item.rb': '# total of a shop cart\n', 'lib/bank/cart.rb': '# total\n' };
  const [first] = await ranked(files, 'The total is wrong\n\n`Shop::Cart.total` forgets taxes');
  expect(first).toMatchObject({ path: 'lib/shop/cart.rb', why: expect.stringMatching(/^named in the issue/) as unknown });
  const many = { ...Object.fromEntries(Array.from({ length: 16 }, (_, name) => [`packages/${name}/index.ts`, 'export const x = 1;\n'])), 'packages/core/errors.ts': 'export class SessionError {} // session expired\n' };
  expect((await ranked(many, 'SessionError: a session that expired\n\nSee index.ts'))[0]?.path).toBe('packages/core/errors.ts');
});

test('a longer name leads to the shorter one that it is written beside', async () => {
  const files = { 'src/builder.php': '<?php class Builder { function whereKey() {} }\n', 'src/key.php': '<?php class Key { function set() {} function key() {} }\n', 'src/other.php': '<?php class Other { function key() {} }\n' };
  expect((await ranked(files, 'Add orWhereKey'))[0]?.path).toBe('src/builder.php');
});

test('a scope is met by a folder that has it as a part of its name', async () => {
  const files = { 'crates/core/render.rs': '// possible values as a list\nfn render() {}\n', 'crates/tool_mangen/render.rs': '// possible\nfn render() {}\n', 'crates/tool_derive/list.rs': '// possible values\n', 'crates/x/a.rs': '', 'crates/y/b.rs': '', 'crates/z/c.rs': '' };
  expect((await ranked(files, 'fix(man): render possible values'))[0]?.path).toBe('crates/tool_mangen/render.rs');
});

test('a text full of a word says less than a name that has it', async () => {
  const files = { 'src/line.ts': '// other words of the same length, no more\nexport const provider = 1;\n', 'src/client.ts': `// ${'line '.repeat(6)}\nexport const provider = 2;\n`, ...Object.fromEntries(Array.from({ length: 12 }, (_, name) => [`src/other${name}.ts`, '// other words of it, to make it as long\nexport const x = 3;\n'])) };
  expect((await ranked(files, 'The LINE provider gives a wrong answer'))[0]?.path).toBe('src/line.ts');
});

test('the settings of a tool come after the source', async () => {
  const files = { 'eng/Style.globalconfig': '# comment of a parameter, xml\n', 'src/Retry.cs': '// comment of a parameter\nclass Retry {}\n', 'src/A.cs': 'class A {}\n', 'src/B.cs': 'class B {}\n' };
  expect((await ranked(files, 'Correct the comment of a parameter'))[0]?.path).toBe('src/Retry.cs');
});

test('a part of a longer name says less than a word of its own', async () => {
  const files = { 'src/one.ts': '// undefined\n', 'src/two.ts': '// prisma\n', 'src/a.ts': '', 'src/b.ts': '', 'src/c.ts': '' };
  expect((await ranked(files, 'Read strictUndefinedChecks of prisma from the schema'))[0]?.path).toBe('src/two.ts');
});

test('the helpers of a test program are tests by their folder', () => {
  const kinds = ['okio/src/commonTest/kotlin/okio/SinkFactory.kt', 'Src/Shop.Tests/TestObjects/Person.cs', 'Sources/ShopTests/Helper.swift', 'src/Latest/Person.cs', 'src/Testing/Person.cs', 'src/Contest/Person.cs'].map(fileKindOf);
  expect(kinds).toEqual(['test', 'test', 'test', 'source', 'source', 'source']);
});

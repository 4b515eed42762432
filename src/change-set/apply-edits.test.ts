import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScratchStore } from '../ports/objects.ts';
import { openScratchStore } from '../git/scratch-store.ts';
import { TestRepository } from '../git/test-repository.ts';
import { buildChangeSet } from './build.ts';
import { parseEditBlocks } from './parse-edit-blocks.ts';

const BASE = {
  'src/a.ts': 'export function a() {\n  return null;\n}\n\nexport function b() {\n  return null;\n}\n',
  'crlf.txt': 'one\r\ntwo\r\nthree\r\n',
  'mixed.txt': 'one\ntwo\r\nthree\nfour\r\nfive\r\n',
  'open.txt': 'one\ntwo',
  'empty.txt': '',
  'latin1.txt': Buffer.from('caf\xe9\nplain\n', 'latin1'),
  'bin.dat': Uint8Array.from([1, 0, 2]),
  'my file.md': '# Title\n\n```js\ncode\n```\n',
  link: { kind: 'symlink', content: 'crlf.txt' },
} as const;

const repository = new TestRepository();
let base: { commit: string; tree: string };
let store: ScratchStore;

beforeAll(async () => {
  base = repository.commit(BASE);
  store = await openScratchStore({ gitDir: repository.directory });
});
afterAll(async () => {
  await store.close();
  repository.remove();
});

const build = (text: string) => buildChangeSet({ repo: 'octo/api', base, parts: [{ format: 'edits', text }], store });
const pair = (search: string, replace: string): string => `<<<<<<< SEARCH\n${search}=======\n${replace}>>>>>>> REPLACE\n`;
const block = (info: string, body: string): string => `\`\`\`${info}\n${body}\`\`\`\n`;
const replace = (path: string, search: string, to: string): string => block(`search/replace path=${path}`, pair(search, to));

/** The new content of each changed file; null for a deleted one. */
async function results(text: string): Promise<Record<string, string | null>> {
  const built = await build(text);
  if (built.kind === 'failed') throw new Error(`${built.code}: ${built.message}`);
  expect(built.declaredPaths).toEqual(built.changeSet.changes.map(({ path }) => path));
  const files: Record<string, string | null> = {};
  for (const { path, newBlob } of built.changeSet.changes) files[path] = newBlob === null ? null : Buffer.from(await store.readBlob(newBlob)).toString('latin1');
  return files;
}

describe('edits are applied exactly', () => {
  it('replaces whole lines, several pairs a block, against the base', async () => {
    const text = block('search/replace path=src/a.ts repo=octo/api task=T1', pair('export function a() {\n', 'export function first() {\n') + pair('export function b() {\n  return null;\n', 'export function b() {\n  return 1;\n'));
    expect(await results(`Please do this:\n\n${text}\nThanks.`)).toEqual({ 'src/a.ts': 'export function first() {\n  return null;\n}\n\nexport function b() {\n  return 1;\n}\n' });
  });
  it('takes the first place below an anchor', async () => {
    const text = block('search/replace path=src/a.ts', `anchor="export function b() {"\n${pair('  return null;\n', '  return 2;\n')}`);
    expect((await results(text))['src/a.ts']).toContain('b() {\n  return 2;');
  });
  it('keeps CRLF, whatever the block has', async () => {
    expect(await results(replace('crlf.txt', 'two\n', 'zwei\ndrei\n'))).toEqual({ 'crlf.txt': 'one\r\nzwei\r\ndrei\r\nthree\r\n' });
    expect(await results(replace('crlf.txt', 'two\n', 'zwei\n').replaceAll('\n', '\r\n'))).toEqual({ 'crlf.txt': 'one\r\nzwei\r\nthree\r\n' });
  });
  it('keeps each line ending of a mixed file, and gives new lines the dominant one', async () => {
    expect(await results(replace('mixed.txt', 'one\ntwo\nthree\n', 'one\n2\n2a\nthree\n'))).toEqual({ 'mixed.txt': 'one\n2\r\n2a\r\nthree\nfour\r\nfive\r\n' });
    expect(await results(replace('mixed.txt', 'three\n', '3\n'))).toEqual({ 'mixed.txt': 'one\ntwo\r\n3\nfour\r\nfive\r\n' });
  });
  it('keeps a missing final newline, unless told', async () => {
    expect(await results(replace('open.txt', 'two\n', '2\n3\n'))).toEqual({ 'open.txt': 'one\n2\n3' });
    expect(await results(replace('open.txt', 'one\n', '1\n'))).toEqual({ 'open.txt': '1\ntwo' });
    expect(await results(replace('open.txt final-newline=yes', 'two\n', 'two\n'))).toEqual({ 'open.txt': 'one\ntwo\n' });
    expect(await results(replace('crlf.txt final-newline=no', 'three\n', 'three\n'))).toEqual({ 'crlf.txt': 'one\r\ntwo\r\nthree' });
  });
  it('takes the endings that a block names itself, where it fits with them', async () => {
    expect(await results(replace('crlf.txt', 'two\r\n', 'zwei\n2a\r\n'))).toEqual({ 'crlf.txt': 'one\r\nzwei\n2a\r\nthree\r\n' });
    expect(await results(replace('mixed.txt', 'one\ntwo\r\n', 'one\r\ntwo\n'))).toEqual({ 'mixed.txt': 'one\r\ntwo\nthree\nfour\r\nfive\r\n' });
    expect(await results(replace('src/a.ts', 'export function a() {\n', 'export function z() {\r\n'))).toMatchObject({ 'src/a.ts': expect.stringMatching(/^export function z\(\) \{\r\n {2}return/u) });
    expect(await results(block('new-file path=n.txt', 'a\r\nb\n'))).toEqual({ 'n.txt': 'a\r\nb\n' });
    expect(await results(replace('open.txt', 'two\n', 'two\r\n'))).toEqual({ 'open.txt': 'one\ntwo\r' });
    expect(await results(replace('crlf.txt final-newline=no', 'three\r\n', 'three\n'))).toEqual({ 'crlf.txt': 'one\r\ntwo\r\nthree' });
    expect(await results(`${replace('open.txt', 'one\r\n', '1\r\n')}text\n`)).toEqual({ 'open.txt': '1\ntwo' });
  });
  it('takes bytes that are not UTF-8 from a file of blocks, never from text', async () => {
    const bytes = Buffer.from(replace('latin1.txt', 'caf\xe9\n', 'th\xe9\xff\n'), 'latin1');
    const built = await buildChangeSet({ repo: null, base, parts: [{ format: 'edits', text: bytes }], store });
    expect(built.kind === 'built' && Buffer.from(await store.readBlob(built.changeSet.changes[0]?.newBlob ?? '')).toString('latin1')).toBe('th\xe9\xff\nplain\n');
    expect(await build(replace('latin1.txt', 'caf\udce9\n', 'x\n'))).toMatchObject({ kind: 'failed', code: 'not-text' });
  });
  it('removes lines, fills an empty file, never re-encodes', async () => {
    expect(await results(replace('crlf.txt', 'two\n', ''))).toEqual({ 'crlf.txt': 'one\r\nthree\r\n' });
    expect(await results(replace('empty.txt', '', 'x\n'))).toEqual({ 'empty.txt': 'x\n' });
    expect(await results(replace('latin1.txt', 'plain\n', 'ü\n'))).toEqual({ 'latin1.txt': 'caf\xe9\n\xc3\xbc\n' });
  });
  it('adds, deletes, renames, and edits what it renames', async () => {
    const text = [block('new-file path=n/x.txt', 'a\nb\n'), block('new-file path=e.txt final-newline=no', 'a\n'), block('delete path=open.txt', ''), block('rename path=src/a.ts to=lib/a.ts', ''), replace('lib/a.ts', 'export function a() {\n', 'export function z() {\n')];
    const files = await results(text.join('\ntext\n'));
    expect(files).toMatchObject({ 'n/x.txt': 'a\nb\n', 'e.txt': 'a', 'open.txt': null, 'src/a.ts': null });
    expect(files['lib/a.ts']).toMatch(/^export function z/u);
  });
  it('takes longer fences, tildes, longer markers and quoted paths', async () => {
    const text = '~~~~search/replace path="my file.md"\n<<<<<<<< SEARCH\n```js\ncode\n```\n========\n```js\n=======\n```\n>>>>>>>> REPLACE\n~~~~\n';
    expect(await results(text)).toEqual({ 'my file.md': '# Title\n\n```js\n=======\n```\n' });
  });
  for (const [name, text] of Object.entries({
    'path above the fence': `crlf.txt\n${block('', pair('two\n', '2\n'))}`,
    'path in bold above a language fence': `**crlf.txt**:\n\n${block('text', pair('two\n', '2\n'))}`,
    'path in a code span in prose': `In \`crlf.txt\`:\n${block('text', pair('two\n', '2\n'))}`,
    'path in the first line': block('text', `crlf.txt\n${pair('two\n', '2\n')}`),
  })) {
    it(`takes the plain form: ${name}`, async () => {
      expect(await results(text)).toEqual({ 'crlf.txt': 'one\r\n2\r\nthree\r\n' });
    });
  }
  it('leaves other code, nested fences and comments alone', () => {
    const nested = `\`\`\`\`markdown\n${replace('x', 'a\n', 'b\n')}\`\`\`\`\n`;
    expect(parseEditBlocks(`${block('js', 'code\n')}${nested}<!--\n${replace('x', 'a\n', 'b\n')}-->\n`)).toEqual({ kind: 'parsed', edits: [] });
  });
  it('applies later parts to the result of the earlier ones', async () => {
    const parts = [replace('crlf.txt', 'two\n', '2\n'), replace('crlf.txt', '2\n', 'two\n') + block('delete path=open.txt', '')].map((text) => ({ format: 'edits' as const, text }));
    expect(await buildChangeSet({ repo: null, base, parts, store })).toMatchObject({ kind: 'built', declaredPaths: ['open.txt'], stats: [{ path: 'open.txt', added: 0, removed: 2 }] });
  });
});

describe('edits that are not exact are refused by name', () => {
  const cases: Record<string, [string, string, RegExp]> = {
    'no block': ['just words', 'no-edits', /no edit block/u],
    'occurs twice': [replace('src/a.ts', '  return null;\n', 'x\n'), 'search-ambiguous', /2 times, at lines 2, 6/u],
    'occurs never': [replace('src/a.ts', 'export  function a() {\n', 'x\n'), 'search-not-found', /line 1 /u],
    'part of a line': [replace('src/a.ts', 'return null;\n', 'x\n'), 'search-not-found', /whole lines/u],
    'only above the anchor': [block('search/replace path=src/a.ts anchor="export function b() {"', pair('export function a() {\n', 'x\n')), 'search-not-found', /above the anchor/u],
    'anchor twice': [block('search/replace path=src/a.ts anchor="return null;"', pair('}\n', 'x\n')), 'anchor-ambiguous', /2 times/u],
    'anchor never': [block('search/replace path=src/a.ts anchor=nope', pair('}\n', 'x\n')), 'anchor-not-found', /no line/u],
    'empty search': [replace('src/a.ts', '', 'x\n'), 'search-empty', /new-file/u],
    'overlap': [replace('crlf.txt', 'one\ntwo\n', '1\n2\n') + replace('crlf.txt', 'two\nthree\n', '2\n3\n'), 'search-overlap', /overlaps/u],
    'nothing changes': [replace('crlf.txt', 'two\n', 'two\n'), 'no-change', /change nothing/u],
    'missing file': [replace('none.txt', 'a\n', 'b\n'), 'missing-in-base', /not in the base/u],
    'deleted and edited': [block('delete path=crlf.txt', '') + replace('crlf.txt', 'two\n', '2\n'), 'duplicate-path', /contradictory/u],
    'added where a file is': [block('new-file path=crlf.txt', 'x\n'), 'already-exists', /exists/u],
    'renamed onto a file': [block('rename path=open.txt to=crlf.txt', ''), 'already-exists', /exists/u],
    'binary': [replace('bin.dat', 'a\n', 'b\n'), 'not-text', /binary/u],
    'symlink': [replace('link', 'crlf.txt\n', 'b\n'), 'not-a-file', /symlink/u],
    'through a symlink': [block('new-file path=link/x', 'x\n'), 'through-symlink', /symlink/u],
    'bad path': [block('new-file path=a/../../x', ''), 'path-traversal', /\.\./u],
    'git directory': [block('new-file path=.GIT/config', ''), 'path-git-directory', /git directory/u],
    'unclosed fence': ['```search/replace path=a\n<<<<<<< SEARCH\n', 'unclosed-block', /never closed/u],
    'no divider': [block('search/replace path=crlf.txt', '<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n'), 'bad-block', /=======/u],
    'two dividers': [replace('crlf.txt', 'two\n=======\n', '2\n'), 'bad-block', /longer markers/u],
    'no end': [block('search/replace path=crlf.txt', '<<<<<<< SEARCH\na\n=======\nb\n'), 'bad-block', /REPLACE/u],
    'words between pairs': [block('search/replace path=crlf.txt', `${pair('two\n', '2\n')}and\n`), 'bad-block', /outside/u],
    'no path': [block('search/replace', pair('a\n', 'b\n')), 'no-path', /which file/u],
    'prose for a path': [`Change this like so:\n${block('', pair('two\n', '2\n'))}`, 'no-path', /which file/u],
    'two paths': [`open.txt\n${block('text', `crlf.txt\n${pair('two\n', '2\n')}`)}`, 'ambiguous-path', /two paths/u],
    'unknown attribute': [block('delete path=a.txt force=yes', ''), 'bad-attribute', /force/u],
    'attribute twice': [block('delete path=a.txt path=b.txt', ''), 'bad-attribute', /twice/u],
    'bad repo': [block('delete path=a.txt repo=nope', ''), 'bad-repo', /OWNER/u],
    'another repo': [block('delete path=crlf.txt repo=octo/web', ''), 'several-repos', /octo\/web/u],
    'delete with content': [block('delete path=crlf.txt', 'x\n'), 'bad-block', /empty/u],
  };
  for (const [name, [text, code, message]] of Object.entries(cases)) {
    it(`${name}: ${code}`, async () => {
      expect(await build(text)).toMatchObject({ kind: 'failed', code, message: expect.stringMatching(message) });
    });
  }
  it('says the line of a malformed block', () => {
    expect(parseEditBlocks(`a\nb\n${block('delete', '')}`)).toMatchObject({ kind: 'malformed', code: 'no-path', line: 3 });
  });
});

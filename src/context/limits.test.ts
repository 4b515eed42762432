import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ObjectReader } from '../ports/objects.ts';
import { buildContext, ingestRepos } from './build.ts';
import { createDiskCache } from './disk-cache.ts';
import { loadGrammarFromPackages } from './grammars.ts';
import { LIMITS } from './limits.ts';
import { fakeObjects } from './memory-objects.fixture.ts';
import { createPooledAnalyser } from './pool/pool.ts';
import { nameFile, planReading } from './read-plan.ts';

const tools = { loadGrammar: loadGrammarFromPackages, hash: (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex') };
const FILES = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`src/f${index}.ts`, `import './f${(index + 1) % 40}.ts';\nexport function name${index}() { return other${index}(); }\n`]));
const request = (objects: ObjectReader & { tree: string; commit: string }) => ({ repos: [{ repo: 'o/r', role: 'primary' as const, commit: objects.commit, tree: objects.tree, objects }], query: 'name7 is wrong', budgetBytes: 5_000 });

test('within a budget for everything only what can never be shown is cut off, each for its own reason', async () => {
  const objects = fakeObjects({ 'a.ts': 'export const a = 1;', 'yarn.lock': 'a@1:\n' });
  const { manifest } = await buildContext({ ...request(objects), budgetBytes: 1_000_000 }, tools);
  expect(manifest.cutOff).toEqual([{ repo: 'o/r', path: 'yarn.lock', files: 1, reason: 'lockfile' }]);
});

test('a huge blob is never read: its size alone says so', async () => {
  const objects = fakeObjects({ 'a.ts': 'export const a = 1;', 'huge.bin': 'x', 'huge.sql': 'y' });
  const sizes = async (oids: readonly string[]) => new Map([...(await objects.readSizes(oids))].map(([oid, size]) => [oid, size === 1 ? 2_147_483_648 : size]));
  const readBlob = async (oid: string) => {
    expect((await sizes([oid])).get(oid)).toBeLessThan(LIMITS.fileBytes);
    return objects.readBlob(oid);
  };
  const context = await buildContext(request({ ...objects, readSizes: sizes, readBlob }), tools);
  expect(context.manifest.cutOff).toEqual([{ repo: 'o/r', path: 'huge.bin', files: 1, reason: 'binary' }, { repo: 'o/r', path: 'huge.sql', files: 1, reason: 'too-large' }]);
  expect(context.repos[0]?.problems).toEqual([expect.objectContaining({ path: 'huge.sql', code: 'too-large', reason: expect.stringContaining('2147483648 bytes') })]);
});

test('past the limit on files, source is read first and the rest is cut off, none of it silently', () => {
  const listing = Array.from({ length: LIMITS.readFiles + 500 }, (_, index) => ({ path: `${index < 1_000 ? 'vendor' : index % 2 === 0 ? 'src' : 'docs'}/f${index}.${index % 2 === 0 ? 'ts' : 'md'}`, blob: String(index), mode: '100644' as const }));
  const plan = planReading(listing.map(nameFile), new Map(listing.map(({ blob }) => [blob, 100])));
  const left = plan.files.filter(({ missing }) => missing === 'over-limit');
  expect(left).toHaveLength(500);
  expect(left.every(({ path }) => path.startsWith('vendor/'))).toBe(true);
  expect(plan.problems).toEqual([expect.objectContaining({ code: 'over-limit', reason: expect.stringContaining('500 files') })]);
});

test('git LFS keeps pictures and archives: their pointers are known whatever their name', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n';
  const { repos } = await buildContext(request(fakeObjects({ 'a.ts': '', 'a.png': pointer, 'b.bin': pointer, 'c.zip': `${'x'.repeat(120)}\n` })), tools);
  expect(repos[0]?.files.map(({ path, kind, marks, lines }) => [path, kind, marks, lines])).toEqual([['a.png', 'binary', ['lfs-pointer'], null], ['a.ts', 'source', [], 0], ['b.bin', 'binary', ['lfs-pointer'], null], ['c.zip', 'binary', [], null]]);
  expect(repos[0]?.problems.map(({ path, code }) => `${path} ${code}`)).toEqual(['a.png lfs-pointer', 'b.bin lfs-pointer']);
});

test('submodules and LFS pointers are marked and named, and a blob that is not there is said to be missing', async () => {
  const objects = fakeObjects({ 'a.ts': 'export {}', sub: { submodule: 'c'.repeat(40) }, 'big.psd': `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 9\n`, 'gone.ts': 'gone' });
  const gone = createHash('sha1').update('blob 4\0gone').digest('hex');
  const partial = { ...objects, readSizes: async (oids: readonly string[]) => new Map([...(await objects.readSizes(oids))].filter(([oid]) => oid !== gone)) };
  const { repos } = await buildContext(request(partial), tools);
  expect(repos[0]?.files.find(({ path }) => path === 'big.psd')).toMatchObject({ marks: ['lfs-pointer'], symbols: [] });
  expect(repos[0]?.problems.map(({ path, code }) => `${path} ${code}`)).toEqual(['big.psd lfs-pointer', 'gone.ts unreadable', 'sub submodule']);
});

test('the order in which a tree is given, and the threads, leave no trace', async () => {
  const objects = fakeObjects(FILES);
  const first = await buildContext(request(objects), tools);
  await fc.assert(fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
    const shuffled = { ...objects, readTree: async (oid: string) => (await objects.readTree(oid)).map((entry) => ({ entry, key: numbers.next().value ?? 0 })).sort((left, right) => left.key - right.key).map(({ entry }) => entry) };
    expect((await buildContext(request(shuffled), tools)).contextHash).toBe(first.contextHash);
  }), { numRuns: 5 });
  const analyser = createPooledAnalyser(3);
  try {
    const pooled = { ...analyser, expect: () => analyser.expect([{ lens: 'go', bytes: 100_000_000 }], 'all') };
    expect(await buildContext(request(objects), { ...tools, analyser: pooled })).toEqual(first);
  } finally {
    await analyser.close();
  }
});

test('a cache gives what reading gives; a torn segment is a miss', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'facts-'));
  try {
    const objects = fakeObjects(FILES);
    const fresh = await ingestRepos(request(objects), tools);
    const cache = createDiskCache(folder, 'repository');
    const first = await ingestRepos(request(objects), { ...tools, cache });
    const second = await ingestRepos(request(objects), { ...tools, cache });
    expect([first.analysed, first.cached, second.analysed, second.cached]).toEqual([40, 0, 0, 40]);
    expect(second.repos).toEqual(fresh.repos);
    expect([...second.words]).toEqual([...fresh.words]);
    const [segment = ''] = (await readdir(folder, { recursive: true, encoding: 'utf8' })).filter((name) => name.endsWith('.facts'));
    const bytes = await readFile(join(folder, segment));
    bytes[bytes.length - 3] = 0x7e;
    await writeFile(join(folder, segment), bytes);
    expect((await ingestRepos(request(objects), { ...tools, cache })).analysed).toBe(40);
  } finally {
    await rm(folder, { recursive: true });
  }
});

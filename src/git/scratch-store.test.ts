import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveCommit, resolveTree } from './resolve-commit.ts';
import { openScratchStore } from './scratch-store.ts';
import { TestRepository } from './test-repository.ts';

const repository = new TestRepository();
let first: { commit: string; tree: string };
let second: { commit: string; tree: string };
const gitDir = join(repository.directory, '.git');

beforeAll(() => {
  first = repository.commit({ 'a.txt': 'one\n', 'd/b.txt': 'x\n', 'd.txt': 'y\n' });
  second = repository.commit({ 'a.txt': 'two\n' });
});
afterAll(() => repository.remove());

/** Every file below a directory with its time and bytes. */
function snapshot(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile())
    .map((name) => `${name} ${statSync(join(directory, name)).mtimeMs} ${readFileSync(join(directory, name)).toString('base64')}`)
    .toSorted();
}

describe('openScratchStore', () => {
  it('reads and makes objects with git’s own ids, and never changes the repository', async () => {
    const before = snapshot(repository.directory);
    const store = await openScratchStore({ gitDir: repository.directory });
    expect((await store.readCommit(second.commit)).parents).toEqual([first.commit]);
    const entries = await store.readTree(first.tree);
    expect(entries.map(({ name }) => name)).toEqual(['a.txt', 'd.txt', 'd']);
    expect(await store.writeTree(entries.toReversed())).toBe(first.tree);
    const oid = await store.writeBlob(Buffer.from('two\n'));
    const tree = await store.writeTree(entries.map((entry) => (entry.name === 'a.txt' ? { ...entry, oid } : entry)));
    expect(tree).toBe(second.tree);
    const made = await store.writeTree([{ mode: '100644', name: 'new', oid: await store.writeBlob(Buffer.from('new\n')) }]);
    expect(Buffer.from(await store.diffTrees(first.tree, made)).toString()).toContain('+new');
    expect(Buffer.from(await store.diffTrees(first.tree, second.tree))).toEqual(repository.diff(first.tree, second.tree));
    await store.close();
    await store.close();
    expect(snapshot(repository.directory)).toEqual(before);
    await expect(store.readTree(second.tree)).rejects.toMatchObject({ code: 'store-closed' });
  });

  it('obeys nothing that the repository configures: config, attributes, replace refs', async () => {
    const expected = repository.diff(first.tree, second.tree);
    const config = readFileSync(join(gitDir, 'config'), 'utf8');
    writeFileSync(join(gitDir, 'config'), `${config}[diff]\n\tnoprefix = true\n\texternal = /bin/false\n[core]\n\tfsmonitor = /bin/false\n[extensions]\n\tpartialClone = evil\n[remote "evil"]\n\turl = ext::false\n\tpromisor = true\n`);
    mkdirSync(join(gitDir, 'info'), { recursive: true });
    writeFileSync(join(gitDir, 'info', 'attributes'), '* -diff\n');
    repository.git(['update-ref', `refs/replace/${second.commit}`, first.commit]);
    const store = await openScratchStore({ gitDir });
    try {
      expect((await store.readCommit(second.commit)).tree).toBe(second.tree);
      expect(Buffer.from(await store.diffTrees(first.tree, second.tree))).toEqual(expected);
      await expect(store.readBlob('1'.repeat(40))).rejects.toMatchObject({ code: 'missing-blob' });
    } finally {
      await store.close();
      repository.git(['update-ref', '-d', `refs/replace/${second.commit}`]);
      writeFileSync(join(gitDir, 'config'), config);
      rmSync(join(gitDir, 'info', 'attributes'));
    }
  });

  it.each(['.git', '.GIT', '.', '..', '', 'a/b', 'a\0b', 'git~1', '.git ', '.g\u200cit', '.git:x'])('refuses %j as a name in a tree', async (name) => {
    const store = await openScratchStore({ gitDir });
    const raw = Buffer.from(name, 'utf8').toString('latin1');
    await expect(store.writeTree([{ mode: '100644', name: raw, oid: '1'.repeat(40) }])).rejects.toMatchObject({ code: 'bad-tree-name' });
    await store.close();
  });

  it('says what is wrong with the input', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'countersign-test-'));
    await expect(openScratchStore({ gitDir: empty })).rejects.toMatchObject({ kind: 'input', code: 'not-a-repository' });
    await expect(openScratchStore({ gitDir: join(empty, 'none') })).rejects.toMatchObject({ code: 'not-a-repository' });
    repository.git(['init', '--quiet', '--bare', '--object-format=sha256', join(empty, 'sha256.git')]);
    await expect(openScratchStore({ gitDir: join(empty, 'sha256.git') })).rejects.toMatchObject({ code: 'sha256-repository' });
    const store = await openScratchStore({ gitDir });
    await expect(store.readCommit('1'.repeat(40))).rejects.toMatchObject({ kind: 'input', code: 'missing-commit' });
    await expect(store.readCommit(first.tree)).rejects.toMatchObject({ code: 'wrong-object-type' });
    await expect(store.readTree('--help')).rejects.toMatchObject({ code: 'bad-object-id' });
    await store.close();
    rmSync(empty, { recursive: true });
  });

  it('lists a tree in one go as its trees say one by one, asked ahead or not', async () => {
    const other = new TestRepository();
    const { commit, tree } = other.commit({ 'a b.txt': 'one\n', 'd/é\tx': 'x\n', 'd/e/link': { kind: 'symlink', content: '../../etc' }, 'run.sh': { kind: 'executable', content: 'y' }, sub: { kind: 'submodule', commit: '1'.repeat(40) } });
    const store = await openScratchStore({ gitDir: other.directory });
    const below = async (oid: string, prefix: string): Promise<unknown[]> =>
      (await Promise.all((await store.readTree(oid)).map(async (entry) => [{ mode: entry.mode, path: prefix + entry.name, oid: entry.oid }, ...(entry.mode === '040000' ? await below(entry.oid, `${prefix}${entry.name}/`) : [])]))).flat();
    const expected = await below((await store.readCommit(commit)).tree, '');
    store.expectTreeOf(commit);
    expect((await store.readCommit(commit)).tree).toBe(tree);
    for (let time = 0; time < 2; time++) {
      const entries = (await store.listTree?.(tree)) ?? [];
      expect(entries.map(({ bytes: _bytes, ...entry }) => entry)).toEqual(expected);
      const sizes = await store.readSizes(entries.map(({ oid }) => oid));
      for (const { mode, oid, bytes } of entries) expect(bytes).toBe(mode === '040000' || mode === '160000' ? null : sizes.get(oid));
    }
    // What was asked for ahead is of that commit alone.
    const next = other.commit({ 'only.txt': 'two\n' });
    store.expectTreeOf(next.commit);
    expect(((await store.listTree?.(tree)) ?? []).length).toBe(expected.length);
    expect(((await store.listTree?.(next.tree)) ?? []).map(({ path }) => path)).toContain('only.txt');
    await store.close();
    other.remove();
  });

  it('leaves a tree that git cannot list, or that never ends, to whoever reads tree after tree', async () => {
    const other = new TestRepository();
    let tree = other.commit({ [`${'long'.repeat(50)}.txt`]: 'one\n' }).tree;
    // Twelve levels of ten folders each: a million million files.
    for (let level = 0; level < 12; level++) tree = other.line(['mktree'], { input: Buffer.from(Array.from({ length: 10 }, (_, index) => `040000 tree ${tree}\t${'d'.repeat(200)}${index}\n`).join('')) });
    const missing = other.line(['mktree', '--missing'], { input: Buffer.from(`040000 tree ${'2'.repeat(40)}\tgone\n`) });
    const store = await openScratchStore({ gitDir: other.directory });
    for (const each of [tree, missing, '1'.repeat(40), '--help']) expect(await store.listTree?.(each)).toBe(null);
    await store.writeBlob(Buffer.from('x'));
    expect(await store.listTree?.((await store.readCommit(other.line(['rev-parse', 'HEAD']))).tree)).toBe(null);
    await store.close();
    other.remove();
  });

  it('says so when there is no git', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    const store = await openScratchStore({ gitDir });
    try {
      await expect(store.readCommit(first.commit)).rejects.toMatchObject({ kind: 'input', code: 'no-git' });
      await expect(store.diffTrees(first.tree, second.tree)).rejects.toMatchObject({ code: 'no-git' });
    } finally {
      process.env['PATH'] = path;
      await store.close();
    }
  });

  it('notices a damaged object', async () => {
    const other = new TestRepository();
    const { tree } = other.commit({ 'a.txt': 'one\n' });
    const blob = other.line(['rev-parse', `${tree}:a.txt`]);
    const fake = other.line(['hash-object', '-w', '--stdin'], { input: Buffer.from('two\n') });
    const file = (oid: string): string => join(other.directory, '.git/objects', oid.slice(0, 2), oid.slice(2));
    rmSync(file(blob), { force: true });
    writeFileSync(file(blob), readFileSync(file(fake)));
    const store = await openScratchStore({ gitDir: other.directory });
    await expect(store.readBlob(blob)).rejects.toMatchObject({ kind: 'outside' });
    await store.close();
    other.remove();
  });
});

describe('resolveCommit', () => {
  it('takes ids and names, and nothing that looks like an option', async () => {
    expect(await resolveCommit(repository.directory, 'main~1')).toBe(first.commit);
    expect(await resolveTree(gitDir, first.tree)).toBe(first.tree);
    for (const rev of ['', '--all', 'none', '1'.repeat(40), first.tree]) await expect(resolveCommit(gitDir, rev)).rejects.toMatchObject({ kind: 'input', code: 'missing-commit' });
  });

  it('finds a linked work tree', async () => {
    const place = join(repository.directory, 'linked');
    repository.git(['worktree', 'add', '--quiet', '--detach', place, first.commit]);
    expect(await resolveCommit(place, 'HEAD')).toBe(first.commit);
    const store = await openScratchStore({ gitDir: place });
    expect((await store.readCommit(first.commit)).tree).toBe(first.tree);
    await store.close();
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { git } from '../test-server.ts';
import { GitStore } from './git-store.ts';
import { parseCommit, parseTree, serializeCommit, withSignature } from './object-format.ts';
import { openSigner } from './signature.ts';
import { listChanges } from './changes.ts';
import { editTree } from './tree-edit.ts';

let dir: string;
let store: GitStore;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'git-store-'));
  git(dir, 'init', '-q', '--bare', '-b', 'main', 'r.git');
  store = new GitStore(path.join(dir, 'r.git'));
});
afterAll(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

const PERSON = { name: 'A', email: 'a@b.c', seconds: 1_700_000_000, zone: '+0000' };
async function commit(message: string, parents: string[] = []): Promise<string> {
  const tree = await store.write('tree', Buffer.alloc(0));
  return await store.write('commit', Buffer.from(serializeCommit({ tree, parents, author: PERSON, committer: PERSON, message })));
}
const inGit = (...args: string[]): string => git(store.gitDir, ...args);

describe('refs', () => {
  test('a ref moves only from what it was', async () => {
    const [first, second] = [await commit('1'), await commit('2')];
    expect(await store.moveRef('refs/heads/a', first, null)).toBe(true);
    expect(await store.moveRef('refs/heads/a', second, null)).toBe(false);
    expect(await store.moveRef('refs/heads/a', second, second)).toBe(false);
    expect(await store.moveRef('refs/heads/a', second, first)).toBe(true);
    expect(inGit('rev-parse', 'refs/heads/a')).toBe(second);
  });

  test('packed refs count, names do not collide, deleted names come free', async () => {
    const oid = await commit('1');
    await store.moveRef('refs/heads/p/q', oid, null);
    inGit('pack-refs', '--all');
    expect(await store.readRef('refs/heads/p/q')).toBe(oid);
    expect(await store.moveRef('refs/heads/p', oid, null)).toBe(false);
    expect(await store.moveRef('refs/heads/p/q/r', oid, null)).toBe(false);
    expect((await store.listRefs('refs/heads/p')).map((ref) => ref.name)).toEqual(['refs/heads/p/q']);
    expect(await store.moveRef('refs/heads/p/q', null, oid)).toBe(true);
    expect(await store.moveRef('refs/heads/p', oid, null)).toBe(true);
    expect(inGit('for-each-ref', '--format=%(refname)', 'refs/heads/p')).toBe('refs/heads/p');
  });

  test.each(['refs/heads/../../config', 'refs/heads/a.lock', 'refs/heads/a b', 'heads/a', 'refs/heads/', 'refs/heads/a..b', 'refs/heads/.a', 'refs/heads/a\nb'])('%j is no ref', async (name) => {
    expect(await store.moveRef(name, await commit('1'), null)).toBe(false);
    expect(await store.readRef(name)).toBeNull();
  });

  test('of many writers at once one wins', async () => {
    const oids = await Promise.all(['1', '2', '3', '4', '5', '6'].map((message) => commit(message)));
    const won = await Promise.all(oids.map((oid) => store.moveRef('refs/heads/raced', oid, null)));
    expect(won.filter(Boolean)).toHaveLength(1);
  });
});

test('changes keep their own patches, also behind a change of type', async () => {
  const [one, two] = [await store.write('blob', Buffer.from('one\n')), await store.write('blob', Buffer.from('two\n'))];
  const tree = async (mode: string, oid: string): Promise<string> => {
    const written = await editTree(store, null, [{ path: 'a', mode, oid: one }, { path: 'b', mode: '100644', oid }, { path: 'c', mode: '100644', oid: one }, { path: 'bin', mode: '100644', oid: await store.write('blob', Buffer.from([0, oid.length, oid.charCodeAt(0)])) }]);
    return written.kind === 'written' ? written.oid : '';
  };
  const changes = await listChanges(store, await tree('100644', one), await tree('120000', two));
  expect(changes.map((change) => [change.path, change.status, change.patch])).toEqual([
    ['a', 'modified', '@@ -1 +0,0 @@\n-one\n@@ -0,0 +1 @@\n+one\n'],
    ['b', 'modified', '@@ -1 +1 @@\n-one\n+two\n'],
    ['bin', 'modified', null],
  ]);
});

describe('objects', () => {
  test('edited trees are the trees that git writes', async () => {
    const name = fc.stringMatching(/^[a-c0é.-]{1,3}$/).filter((text) => !['.', '..'].includes(text));
    const paths = fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')), { minLength: 1, maxLength: 8 });
    const blob = await store.write('blob', Buffer.from('x'));
    await fc.assert(
      fc.asyncProperty(paths, async (all) => {
        const free = all.filter((one) => !all.some((other) => other !== one && other.startsWith(`${one}/`)));
        const written = await editTree(store, null, free.map((file) => ({ path: file, mode: '100644', oid: blob })));
        expect(written.kind).toBe('written');
        if (written.kind !== 'written') return;
        expect(inGit('ls-tree', '-r', '-z', '--name-only', written.oid).split('\0').filter((file) => file !== '').toSorted()).toEqual(free.toSorted());
        inGit('fsck', '--strict', '--no-dangling', written.oid);
        const [first = ''] = free;
        const emptied = await editTree(store, written.oid, [{ path: first, mode: '100644', oid: null }]);
        const rest = await editTree(store, null, free.slice(1).map((file) => ({ path: file, mode: '100644', oid: blob })));
        expect(emptied).toEqual(rest);
      }),
      { numRuns: 25 },
    );
  });

  test('a signature is put in and taken out without a trace, and git believes it', async () => {
    const signer = openSigner(path.join(dir, 'key.pem'));
    const payload = serializeCommit({ tree: await store.write('tree', Buffer.alloc(0)), parents: [], author: PERSON, committer: { ...PERSON, name: 'GitHub', email: 'noreply@github.localhost' }, message: 'Signed\n\ngpgsig no header\n' });
    const oid = await store.write('commit', Buffer.from(withSignature(payload, signer.sign(payload))));
    const read = parseCommit((await store.read(oid))?.bytes ?? Buffer.alloc(0));
    expect(read.payload).toBe(payload);
    expect(signer.isOurs(read.payload, read.signature ?? '')).toBe(true);
    expect(signer.isOurs(read.payload.replace('Signed', 'signed'), read.signature ?? '')).toBe(false);
    expect(inGit('cat-file', '-p', oid)).toContain('-----BEGIN SSH SIGNATURE-----');
  });

  test('large objects and missing ones, many at once', async () => {
    const big = Buffer.alloc(3_000_000, 'abc');
    const oids = [await store.write('blob', big), await store.write('blob', Buffer.from('small'))];
    const fresh = new GitStore(store.gitDir);
    const found = await Promise.all([...oids, '0'.repeat(40), ...oids].map((oid) => fresh.read(oid)));
    expect(found.map((object) => object?.bytes.length ?? null)).toEqual([3_000_000, 5, null, 3_000_000, 5]);
    expect(await fresh.resolve('HEAD:nothing here')).toBeNull();
    expect(await fresh.resolve('a\nb')).toBeNull();
    fresh.close();
    expect(parseTree(Buffer.alloc(0))).toEqual([]);
  });
});

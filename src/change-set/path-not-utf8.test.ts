import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ThrowAwayRepository } from '../cli/bench/patch/throw-away-repository.ts';
import { openScratchStore } from '../git/scratch-store.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { resolveChangeSet, type BuiltChangeSet, type Resolved } from './build.ts';

const ODD = '"a/caf\\351.txt"';
const NEW = '"b/caf\\351.txt"';
const HUNK = '@@ -1 +1 @@\n-x\n+y\n';
const PATCHES = {
  'a change': `diff --git ${ODD} ${NEW}\n--- ${ODD}\n+++ ${NEW}\n${HUNK}`,
  'an addition': 'diff --git "a/\\377" "b/\\377"\nnew file mode 100644\n',
  'a deletion': `diff --git ${ODD} ${NEW}\ndeleted file mode 100644\n--- ${ODD}\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n`,
  'a rename away': `diff --git ${ODD} b/cafe.txt\nsimilarity index 100%\nrename from "caf\\351.txt"\nrename to cafe.txt\n`,
};

let repository: ThrowAwayRepository;
let store: ScratchStore;
let base: { commit: string; tree: string };
beforeAll(async () => {
  repository = await ThrowAwayRepository.create();
  const commits = await repository.importHistory([new Map([['caf\xe9.txt', { kind: 'plain', content: 'x\n' }], ['b.txt', { kind: 'plain', content: 'x\n' }]])]);
  base = commits[0] ?? { commit: '', tree: '' };
  store = await openScratchStore({ gitDir: repository.directory });
});
afterAll(async () => {
  await store.close();
  await repository.remove();
});

const resolve = (patch: string, paths?: 'any'): Promise<Resolved | Extract<BuiltChangeSet, { kind: 'failed' }>> =>
  resolveChangeSet({ repo: null, base, parts: [{ format: 'diff', text: patch }], store, ...(paths === undefined ? {} : { paths }) });

describe('a path that is not UTF-8', () => {
  it.each(Object.entries(PATCHES))('is in no PatchSet: %s', async (_name, patch) => {
    expect(await resolve(patch)).toMatchObject({ kind: 'failed', code: 'path-not-utf8', message: expect.stringMatching(/^The path ".+" is not UTF-8, and GitHub's API .+ by hand first\.$/u) });
    expect(await resolve(patch, 'any')).toMatchObject({ kind: 'resolved' });
  });

  it('does no harm beside a change, and stays byte for byte', async () => {
    const resolved = await resolve(`diff --git a/b.txt b/b.txt\n--- a/b.txt\n+++ b/b.txt\n${HUNK}`);
    expect(resolved).toMatchObject({ kind: 'resolved', changeSet: { changes: [{ path: 'b.txt' }] } });
    if (resolved.kind === 'resolved') expect((await store.readTree(resolved.changeSet.result.tree)).map(({ name }) => name)).toEqual(['b.txt', 'caf\xe9.txt']);
  });
});

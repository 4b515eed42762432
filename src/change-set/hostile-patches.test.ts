import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GitJudge } from '../cli/bench/patch/git-judge.ts';
import { ThrowAwayRepository } from '../cli/bench/patch/throw-away-repository.ts';
import { openScratchStore } from '../git/scratch-store.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { applyDiff } from './apply-diff.ts';
import { bytesOf } from './bytes.ts';
import { isDeliberate } from './deliberate-refusals.ts';
import { HOSTILE_CONTENT } from './hostile-content.fixture.ts';
import { HOSTILE_BASE, HOSTILE_HEADERS, type HostilePatch } from './hostile-headers.fixture.ts';
import { HOSTILE_ODD } from './hostile-odd.fixture.ts';

const PATCHES: readonly HostilePatch[] = [...HOSTILE_HEADERS, ...HOSTILE_CONTENT, ...HOSTILE_ODD];

let repository: ThrowAwayRepository;
let store: ScratchStore;
let base: string;
let judged: readonly (string | null)[];
beforeAll(async () => {
  repository = await ThrowAwayRepository.create();
  base = (await repository.importHistory([new Map(Object.entries(HOSTILE_BASE))]))[0]?.tree ?? '';
  store = await openScratchStore({ gitDir: repository.directory });
  const judge = new GitJudge(repository.directory);
  judged = await judge.trees(PATCHES.map(([, patch]) => ({ base, patch: bytesOf(patch) })));
  await judge.close();
});
afterAll(async () => {
  await store.close();
  await repository.remove();
});

describe('hostile patches by hand: each becomes what it should, and git agrees or we refuse it on purpose', () => {
  it.each(PATCHES.map(([name, patch, becomes], index) => ({ name, patch, becomes, index })))('$name: $becomes', async ({ patch, becomes, index }) => {
    const applied = await applyDiff(bytesOf(patch), base, store);
    const git = judged[index] ?? null;
    expect(applied.kind === 'applied' ? 'a tree' : applied.code, applied.kind === 'failed' ? applied.message : '').toBe(becomes);
    if (applied.kind === 'applied') expect(applied.tree).toBe(git);
    else if (!isDeliberate(applied.code)) expect(git).toBeNull();
  });
});

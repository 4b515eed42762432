import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticSteps, type Step } from '../cli/bench/patch/fuzz.ts';
import { deriveEdits, type EditedFile } from '../cli/bench/patch/derive-edits.ts';
import { Dice } from '../cli/bench/patch/dice.ts';
import { ThrowAwayRepository } from '../cli/bench/patch/throw-away-repository.ts';
import { openScratchStore, openSourceRepository, type SourceRepository } from '../git/scratch-store.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { resolveChangeSet, type ProposalPart } from './build.ts';
import { byteString } from './bytes.ts';
import { byteStringOf } from './lossless-text.ts';

const seed = Number(process.env['COUNTERSIGN_SEED']);
const COMMITS = 120;

let repository: ThrowAwayRepository;
let steps: Step[];
let source: SourceRepository;
beforeAll(async () => {
  repository = await ThrowAwayRepository.create();
  steps = await syntheticSteps(repository, new Dice(seed), COMMITS);
  source = await openSourceRepository(repository.directory);
});
afterAll(async () => {
  await source.close();
  await repository.remove();
});

async function withStore<T>(use: (store: ScratchStore) => Promise<T>): Promise<T> {
  const store = await openScratchStore({ gitDir: repository.directory, shared: source });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** The result tree, or the reason there is none. */
const resultOf = (base: string, format: ProposalPart['format'], text: Uint8Array): Promise<string> =>
  withStore(async (store) => {
    const resolved = await resolveChangeSet({ repo: null, base: { commit: base, tree: base }, parts: [{ format, text }], store, paths: 'any' });
    return resolved.kind === 'failed' ? `${resolved.code}: ${resolved.message}` : resolved.changeSet.result.tree;
  });

describe(`a synthetic history of every shape comes out exactly (COUNTERSIGN_SEED=${seed})`, () => {
  it('as any diff that git prints', async () => {
    expect(steps.length).toBeGreaterThan(COMMITS);
    for (const { base, result, patch } of steps) expect(await resultOf(base, 'diff', patch), byteString(patch)).toBe(result);
  });

  it('as mails', async () => {
    const mails = byteString(await repository.git(['format-patch', '--stdout', '--root', `-${COMMITS}`, 'main'])).split(/(?<=\n)(?=From [0-9a-f]{40} Mon Sep 17 00:00:00 2001\nFrom: A <)/u);
    expect(mails.length).toBeGreaterThan(COMMITS / 2);
    for (const mail of mails) {
      const commit = mail.slice(5, 45);
      const { base, tree } = await treesOf(commit);
      expect(await resultOf(base, 'diff', Buffer.from(mail, 'latin1')), mail).toBe(tree);
    }
  });

  it('as edit blocks derived by machine, where they can say it', async () => {
    let said = 0;
    for (const { base, result } of new Map(steps.map((step) => [step.result, step])).values()) {
      const edits = await deriveFor(base, result);
      if (edits === null) continue;
      said += 1;
      expect(await resultOf(base, 'edits', edits), byteString(edits)).toBe(result);
    }
    expect(said).toBeGreaterThan(COMMITS / 10);
  });

  it('and the canonical diff is what git prints', async () => {
    for (const { base, result } of new Map(steps.slice(0, COMMITS / 3).map((step) => [step.result, step])).values()) {
      expect(byteString(await withStore((store) => store.diffTrees(base, result)))).toBe(byteString(await repository.git(['diff-tree', '-p', '--binary', '--full-index', '-M', base, result])));
    }
  });
});

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
async function treesOf(commit: string): Promise<{ base: string; tree: string }> {
  const trees = (await repository.git(['log', '-2', '--format=%T', commit])).toString('latin1').trimEnd().split('\n');
  return { base: trees[1] ?? EMPTY_TREE, tree: trees[0] ?? '' };
}

/** Edit blocks for the delta of two trees; null where a mode or a kind other than a plain file is in it. */
async function deriveFor(base: string, result: string): Promise<Buffer | null> {
  return withStore(async (store) => {
    const { treeDelta } = await import('./tree-delta.ts');
    const files: EditedFile[] = [];
    for (const { path, oldMode, newMode, oldBlob, newBlob } of await treeDelta(base, result, store)) {
      if (oldMode !== newMode && newMode !== null && (oldMode !== null || newMode !== '100644')) return null;
      if ([oldMode, newMode].some((mode) => mode === '120000' || mode === '160000')) return null;
      files.push({ path: byteStringOf(path), old: oldBlob === null ? null : await store.readBlob(oldBlob), next: newBlob === null ? null : await store.readBlob(newBlob) });
    }
    return deriveEdits(files);
  });
}

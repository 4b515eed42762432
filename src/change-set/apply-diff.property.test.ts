import { afterAll, expect, it } from 'vitest';
import { openScratchStore, openSourceRepository, type SourceRepository } from '../git/scratch-store.ts';
import { TestRepository } from '../git/test-repository.ts';
import { applyDiff } from './apply-diff.ts';
import { byteString, bytesOf } from './bytes.ts';
import { mutatePatch } from './mutate-patch.ts';
import { Dice, nextFiles, type SyntheticFile } from './synthetic-history.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const mutations = Number(process.env['FUZZ_MUTATIONS'] ?? 2_000);
const COMMITS = 40;

interface Step {
  readonly base: string;
  readonly result: string;
  readonly patch: Buffer;
}

const repository = new TestRepository();
afterAll(() => repository.remove());

function makeHistory(dice: Dice): Step[] {
  const standing = new Map<string, SyntheticFile>();
  const steps: Step[] = [];
  let base = repository.commit({ 'a.txt': 'one\ntwo\nthree\n' }).tree;
  for (let count = 0; count < COMMITS; count += 1) {
    const files = nextFiles(dice, standing);
    for (const [name, file] of Object.entries(files)) {
      if (file === null) standing.delete(name);
      else standing.set(name, file);
    }
    const { tree } = repository.commit(files);
    const patch = repository.diff(base, tree, dice.pick([['-M'], ['-C'], ['--no-renames'], ['-U1']]));
    if (patch.length > 0) steps.push({ base, result: tree, patch });
    base = tree;
  }
  return steps;
}

async function apply(source: SourceRepository, base: string, patch: Uint8Array): Promise<string | null> {
  const store = await openScratchStore({ gitDir: repository.directory, shared: source });
  try {
    const applied = await applyDiff(patch, base, store);
    return applied.kind === 'applied' ? applied.tree : null;
  } finally {
    await store.close();
  }
}

it(`whatever is accepted, git accepts with the same tree (FUZZ_SEED=${seed} FUZZ_MUTATIONS=${mutations})`, async () => {
  const dice = new Dice(seed);
  const steps = makeHistory(dice);
  const source = await openSourceRepository(repository.directory);
  try {
    for (const step of steps) expect(await apply(source, step.base, step.patch), `unspoilt, seed ${seed}:\n${byteString(step.patch)}`).toBe(step.result);
    let accepted = 0;
    for (let count = 0; count < mutations; count += 1) {
      const { base, patch } = dice.pick(steps);
      const mutated = bytesOf(mutatePatch(dice, byteString(patch), byteString(dice.pick(steps).patch)));
      const tree = await apply(source, base, mutated);
      if (tree === null) continue;
      accepted += 1;
      expect(repository.applyWithGit(base, mutated), `seed ${seed}, mutation ${count}:\n${byteString(mutated)}`).toBe(tree);
    }
    expect(accepted, 'some mutations must do no harm, or nothing was compared').toBeGreaterThan(mutations / 500);
  } finally {
    await source.close();
  }
}, 0);

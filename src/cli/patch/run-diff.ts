import { resolveTree } from '../../git/resolve-commit.ts';
import { openScratchStore } from '../../git/scratch-store.ts';
import { sha256 } from '../../ledger/canonical-json.ts';
import { printJson } from '../output.ts';
import { asInput } from './damaged-repository.ts';

/** Prints what `git diff-tree -p --binary --full-index -M` prints under an empty configuration. */
export async function runDiff(input: { repo: string; base: string; result: string; json?: true }): Promise<void> {
  const [base, result] = [await resolveTree(input.repo, input.base), await resolveTree(input.repo, input.result)];
  const store = await openScratchStore({ gitDir: input.repo });
  try {
    const diff = await store.diffTrees(base, result);
    if (input.json) printJson({ base: { tree: base }, result: { tree: result }, bytes: diff.length, sha256: sha256(diff), diff: Buffer.from(diff).toString('base64') });
    else process.stdout.write(diff);
  } catch (error) {
    throw asInput(error);
  } finally {
    await store.close();
  }
}

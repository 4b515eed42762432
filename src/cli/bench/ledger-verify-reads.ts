import { join } from 'node:path';
import type { Oid } from '../../domain/ids.ts';
import { runGit } from '../../git/git-process.ts';
import { openLedgerRepository } from '../../git/ledger-objects.ts';
import type { LedgerObjects } from '../../ports/ledger-objects.ts';
import { verifyLedger } from '../../ledger/verify.ts';

/** How many objects an incremental verification reads, the walk over new commits included, and how many the repository has. */
export async function countReads({ gitDir, tip, since }: { readonly gitDir: string; readonly tip: Oid; readonly since: Oid }): Promise<{ readonly objectsRead: number; readonly objects: number }> {
  const repository = await openLedgerRepository(join(gitDir, 'objects'));
  let objectsRead = 0;
  const counted: LedgerObjects = {
    read: (oid, bytesMax) => {
      objectsRead++;
      return repository.read(oid, bytesMax);
    },
    isAtHand: (oid) => repository.isAtHand?.(oid) === true,
  };
  try {
    await verifyLedger({ objects: counted, history: repository.history(tip, since), tip, since, rememberedTip: since });
    return { objectsRead, objects: await countObjects(gitDir) };
  } finally {
    await repository.close();
  }
}

async function countObjects(gitDir: string): Promise<number> {
  const { stdout } = await runGit({ args: ['--git-dir=.', 'count-objects', '-v'], cwd: gitDir });
  const text = stdout.toString('latin1');
  return Number(/^count: (\d+)$/m.exec(text)?.[1] ?? 0) + Number(/^in-pack: (\d+)$/m.exec(text)?.[1] ?? 0);
}

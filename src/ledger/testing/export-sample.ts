import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { writeSampleLedger, sampleWorkflowId } from '../../cli/bench/ledger-sample.ts';
import { createRepository } from './temporary-repository.ts';

/** The evidence pack of one workflow of a small sample ledger, as the command writes it. */
export async function exportSample(): Promise<Buffer> {
  const repository = createRepository();
  try {
    await writeSampleLedger({ gitDir: repository.gitDir, workflows: 6 });
    const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
    const done = spawnSync(process.execPath, [main, 'ledger', 'export', sampleWorkflowId(2), '--dir', repository.gitDir], { maxBuffer: 64 * 1024 * 1024 });
    if (done.status !== 0) throw new Error(done.stderr.toString());
    return done.stdout;
  } finally {
    repository.remove();
  }
}

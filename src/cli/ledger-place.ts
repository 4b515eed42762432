import { runGit } from '../git/git-process.ts';
import { openLocalLedger, type LocalLedgerStore } from '../git/ledger-store.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { isWorkflowId } from '../domain/ids.ts';
import { systemClock, systemRandom } from '../system/clock.ts';

export const openLedger = (gitDir: string, ref?: string): LocalLedgerStore => openLocalLedger({ gitDir, clock: systemClock, random: systemRandom, ...(ref === undefined ? {} : { ref }) });

/** Every workflow's id in a ledger, oldest first. Reads directory names only. */
export async function listWorkflows(gitDir: string, ref = 'refs/heads/ledger'): Promise<readonly WorkflowId[]> {
  const listed = await runGit({ args: [`--git-dir=${gitDir}`, 'ls-tree', '-r', '-d', '--name-only', '-z', ref, 'workflows'], cwd: '/' });
  const names = listed.stdout.toString('utf8').split('\0').map((path) => path.split('/')).filter((parts) => parts.length === 5);
  return names.map((parts) => parts[4] ?? '').filter(isWorkflowId).toSorted();
}

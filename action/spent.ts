import type { WorkflowId } from '../src/domain/ids.ts';
import { loadWorkflow } from '../src/ledger/load.ts';
import type { LedgerStore } from '../src/ports/ledger-store.ts';

/** What a workflow's model calls have cost so far, in millionths of a US dollar; 0 for one that is only beginning. */
export async function spent(ledger: LedgerStore, workflow: WorkflowId | null): Promise<number> {
  if (workflow === null) return 0;
  return (await loadWorkflow(ledger, workflow)).workflow?.costMicroUsd ?? 0;
}

import type { WorkflowId } from '../src/domain/ids.ts';
import { loadWorkflow } from '../src/ledger/load.ts';
import type { LedgerStore } from '../src/ports/ledger-store.ts';

/** What a workflow's model calls have used so far. */
export interface Spent {
  /** Millionths of a US dollar. */
  readonly costMicroUsdUsed: number;
  /** In and out together. */
  readonly tokensUsed: number;
  /** Calls of which the provider did not say what they used, answered or not: one that timed out may have been paid for. */
  readonly unknownCalls: number;
}

/** Nothing for a workflow that is only beginning. */
export async function spent(ledger: LedgerStore, workflow: WorkflowId | null): Promise<Spent> {
  if (workflow === null) return { costMicroUsdUsed: 0, tokensUsed: 0, unknownCalls: 0 };
  const loaded = await loadWorkflow(ledger, workflow);
  const calls = loaded.events.flatMap((event) => (event.type === 'E_RUN_RECORDED' && event.body.model !== null ? [event.body] : []));
  const tokensUsed = calls.reduce((sum, { tokensIn, tokensOut }) => sum + (tokensIn ?? 0) + (tokensOut ?? 0), 0);
  const unknownCalls = calls.filter(({ tokensIn, tokensOut }) => tokensIn === null || tokensOut === null).length;
  return { costMicroUsdUsed: loaded.workflow?.costMicroUsd ?? 0, tokensUsed, unknownCalls };
}

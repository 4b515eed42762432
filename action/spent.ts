import type { DomainEvent } from '../src/domain/event.ts';
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
  return spentBy((await loadWorkflow(ledger, workflow)).events);
}

/** What the model calls among these events have used. */
export function spentBy(events: readonly DomainEvent[]): Spent {
  const calls = events.flatMap((event) => (event.type === 'E_RUN_RECORDED' && event.body.model !== null ? [event.body] : []));
  return {
    costMicroUsdUsed: calls.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0),
    tokensUsed: calls.reduce((sum, { tokensIn, tokensOut }) => sum + (tokensIn ?? 0) + (tokensOut ?? 0), 0),
    unknownCalls: calls.filter(({ tokensIn, tokensOut }) => tokensIn === null || tokensOut === null).length,
  };
}

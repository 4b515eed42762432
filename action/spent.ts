import { MODEL_ROLES, type ModelRole } from '../src/domain/config.ts';
import type { DomainEvent, EventBodies } from '../src/domain/event.ts';
import type { WorkflowId } from '../src/domain/ids.ts';
import { loadWorkflow } from '../src/ledger/load.ts';
import type { Spent } from '../src/model/client/budget.ts';
import type { LedgerStore } from '../src/ports/ledger-store.ts';

/** What a workflow's model calls have used so far, and each role's among them. */
export interface SpentByRole extends Spent {
  readonly byRole: Readonly<Partial<Record<ModelRole, Spent>>>;
}

/** Nothing for a workflow that is only beginning. */
export async function spent(ledger: LedgerStore, workflow: WorkflowId | null): Promise<SpentByRole> {
  return spentBy(workflow === null ? [] : (await loadWorkflow(ledger, workflow)).events);
}

/** What the model calls among these events have used. */
export function spentBy(events: readonly DomainEvent[]): SpentByRole {
  const calls = events.flatMap((event) => (event.type === 'E_RUN_RECORDED' && event.body.model !== null ? [event.body] : []));
  return { ...sumOf(calls), byRole: Object.fromEntries(MODEL_ROLES.map((role) => [role, sumOf(calls.filter((call) => call.role === role))])) };
}

function sumOf(calls: readonly EventBodies['E_RUN_RECORDED'][]): Spent {
  return {
    costMicroUsdUsed: calls.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0),
    tokensUsed: calls.reduce((sum, { tokensIn, tokensOut }) => sum + (tokensIn ?? 0) + (tokensOut ?? 0), 0),
    unknownCalls: calls.filter(({ tokensIn, tokensOut }) => tokensIn === null || tokensOut === null).length,
  };
}

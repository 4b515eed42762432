import type { Workflow } from '../../domain/workflow.ts';
import { loadWorkflow } from '../../ledger/load.ts';
import { findLedger } from '../inspect/find-ledger.ts';
import { tell, violationLines } from '../inspect/show-lines.ts';

const INDENT = '  ';
const WIDTH_MAX = 120;

/** What the policy refused in a workflow that ended blocked, each with its why and what to do next; nothing for any other. */
export async function blockedLines(dir: string, workflow: Workflow | null): Promise<readonly string[]> {
  if (workflow?.status !== 'BLOCKED_POLICY') return [];
  const { store } = await findLedger(dir);
  const { events } = await loadWorkflow(store, workflow.id);
  const told = await tell(store, workflow, events);
  const width = Math.max(60, Math.min(process.stdout.columns ?? 100, WIDTH_MAX));
  const last = new Map(told.filter(({ violations }) => violations.length > 0).map((event) => [event.says.split(':')[0], event]));
  const blocks = [...last.values()].flatMap(({ violations }) => violations.filter(({ severity }) => severity === 'BLOCK'));
  return blocks.flatMap((violation) => ['', ...violationLines(violation, width, INDENT)]);
}

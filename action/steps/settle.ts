import { settle, workflowInTitle } from '../../src/orchestrator/settle.ts';
import { settleFailedRun, workflowsOf, type FailedRun } from '../../src/orchestrator/stalled.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { workflowNamedIn } from '../../src/orchestrator/tracking-section.ts';
import { systemClock } from '../../src/system/clock.ts';
import { controlReader, controlWriter, openLedger, type Wiring } from '../adapters.ts';
import { parseWorkflowRun } from '../events.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const ended = parseWorkflowRun(wiring.environment.event);
  if (ended.kind === 'carrier') return settleCarrier(wiring, ended.run);
  const opened = await openLedger(wiring, workflowInTitle(ended.run.title));
  return settle({ ...opened, control: controlReader(wiring), writer: controlWriter(wiring) }, ended.run);
}

async function settleCarrier(wiring: Wiring, failed: FailedRun): Promise<StepReport> {
  const control = controlReader(wiring);
  const job = { controlRepo: wiring.environment.run.repository, clock: systemClock };
  for (const id of await workflowsOf({ job, control }, failed, { inTitle: workflowInTitle, inIssue: workflowNamedIn })) {
    const opened = await openLedger(wiring, id);
    if ((await opened.ledger.readWorkflow(id)).events.length === 0) continue;
    return settleFailedRun({ ...opened, control, writer: controlWriter(wiring) }, id, failed);
  }
  return { ok: true, workflow: null, state: null, next: '', summary: `Run ${failed.id} failed and no workflow on the ledger waits for it. Its own summary and log say why it failed.` };
}

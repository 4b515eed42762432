import { isWorkflowId, type WorkflowId } from '../../src/domain/ids.ts';
import { observe } from '../../src/orchestrator/observe.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { workflowInTitle } from '../../src/orchestrator/settle.ts';
import { settleFailedRun } from '../../src/orchestrator/stalled.ts';
import { workflowNamedIn } from '../../src/orchestrator/tracking-section.ts';
import { systemClock } from '../../src/system/clock.ts';
import { controlReader, controlWriter, openLedger, targetReader, type Wiring } from '../adapters.ts';
import { followedTitle } from '../events.ts';

/** How long one run watches one workflow; the schedule's next run goes on after that. */
const PATIENCE_SECONDS = 600;

export async function run(wiring: Wiring): Promise<StepReport> {
  const ids = await workflowsToObserve(wiring);
  const reports: StepReport[] = [];
  for (const workflow of ids) {
    const observed = observeOne(wiring, workflow, PATIENCE_SECONDS / ids.length);
    reports.push(await (ids.length === 1 ? observed : observed.catch((error: unknown) => settleFailure(wiring, workflow, error))));
  }
  return summarise(reports);
}

async function observeOne(wiring: Wiring, workflow: WorkflowId, patienceSeconds: number): Promise<StepReport> {
  const opened = await openLedger(wiring, workflow);
  const ports = { ...opened, targets: targetReader(wiring), control: controlReader(wiring), writer: controlWriter(wiring) };
  return observe(ports, { workflow, patienceSeconds });
}

/** One workflow that cannot be looked at must not keep the others from it: its failure is put on the record, and this run is red. */
async function settleFailure(wiring: Wiring, workflow: WorkflowId, error: unknown): Promise<StepReport> {
  const summary = `**${workflow} could not be looked at.** ${error instanceof Error ? error.message : String(error)} Next: the schedule's next run tries again.`;
  const failed = { id: wiring.environment.run.id, title: '', carrier: 'observe', createdAt: systemClock.now() } as const;
  try {
    const ports = { ...(await openLedger(wiring, workflow)), control: controlReader(wiring), writer: controlWriter(wiring) };
    const settled = await settleFailedRun(ports, workflow, failed);
    return { ...settled, ok: false, summary: `${summary}\n\n${settled.summary}` };
  } catch {
    // What keeps it from being looked at may keep it from being recorded, too.
    return { ok: false, workflow, state: null, next: '', summary };
  }
}

/** The workflow that was named, the one whose review run has just ended, or every one with an open tracking issue. */
async function workflowsToObserve(wiring: Wiring): Promise<readonly string[]> {
  const named = wiring.inputs.workflow || workflowInTitle(followedTitle(wiring.environment.event) ?? '');
  if (named) return isWorkflowId(named) ? [named] : [];
  const issues = await controlReader(wiring).readOpenIssues();
  return [...new Set(issues.flatMap(({ body }) => workflowNamedIn(body) ?? []))];
}

function summarise(reports: readonly StepReport[]): StepReport {
  const [only] = reports;
  if (only && reports.length === 1) return only;
  const summary = reports.length === 0 ? 'No workflow is open.' : reports.map((report) => report.summary).join('\n\n');
  return { ok: reports.every(({ ok }) => ok), workflow: null, state: null, next: '', summary };
}

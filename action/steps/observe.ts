import { isWorkflowId } from '../../src/domain/ids.ts';
import { observe } from '../../src/orchestrator/observe.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { workflowInTitle } from '../../src/orchestrator/settle.ts';
import { workflowNamedIn } from '../../src/orchestrator/tracking-section.ts';
import { controlReader, controlWriter, openLedger, targetReader, type Wiring } from '../adapters.ts';
import { followedTitle } from '../events.ts';

/** How long one run watches one workflow; the schedule's next run goes on after that. */
const PATIENCE_SECONDS = 600;

export async function run(wiring: Wiring): Promise<StepReport> {
  const ids = await workflowsToObserve(wiring);
  const reports: StepReport[] = [];
  for (const workflow of ids) {
    const opened = await openLedger(wiring, workflow);
    const ports = { ...opened, targets: targetReader(wiring), control: controlReader(wiring), writer: controlWriter(wiring) };
    reports.push(await observe(ports, { workflow, patienceSeconds: PATIENCE_SECONDS / ids.length }));
  }
  return summarise(reports);
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
  return { ok: true, workflow: null, state: null, next: '', summary };
}

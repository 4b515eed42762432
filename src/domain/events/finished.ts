import type { EventOf } from '../event.ts';
import { next, refused, type Outcome } from '../outcome.ts';
import type { Workflow } from '../workflow.ts';

/** The closing record of a workflow that has ended: once, and only about the end it reached. */
export function onWorkflowFinished(workflow: Workflow, event: EventOf<'E_WORKFLOW_FINISHED'>): Outcome {
  if (workflow.outcome) return refused('already-recorded', `${workflow.id} is closed already.`);
  if (event.body.outcome !== workflow.status) return refused('mismatch', `${workflow.id} ended ${workflow.status}, not ${event.body.outcome}.`);
  return next({ ...workflow, outcome: { status: workflow.status, reason: event.body.reason } });
}

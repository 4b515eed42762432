import type { EventOf } from '../event.ts';
import { next, type Outcome } from '../outcome.ts';
import type { Workflow } from '../workflow.ts';

/** The record of a job or model call. It moves nothing; its cost counts against the cap. */
export function onRunRecorded(workflow: Workflow, event: EventOf<'E_RUN_RECORDED'>): Outcome {
  return next({ ...workflow, costMicroUsd: workflow.costMicroUsd + (event.body.costMicroUsd ?? 0) });
}

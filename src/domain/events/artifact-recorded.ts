import type { EventOf } from '../event.ts';
import { next, refused, type Outcome } from '../outcome.ts';
import type { Workflow } from '../workflow.ts';

/** A document of the design. Fixed once the first PatchSet exists: patches never choose their own scope. */
export function onArtifactRecorded(workflow: Workflow, event: EventOf<'E_ARTIFACT_RECORDED'>): Outcome {
  if (workflow.decision?.verdict !== 'GO') return refused('out-of-order', 'Documents of the design come after a GO.');
  if (workflow.patchSets.length > 0) return refused('out-of-order', 'The design is fixed once a PatchSet was proposed.');
  return next({ ...workflow, artifacts: { ...workflow.artifacts, [event.body.artifact]: event.body.document } });
}

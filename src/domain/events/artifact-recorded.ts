import type { EventOf } from '../event.ts';
import { next, refused, type Outcome } from '../outcome.ts';
import { withoutGatesFrom } from './gate-evaluated.ts';
import type { Workflow } from '../workflow.ts';

/** A document of the design. Fixed once the first PatchSet exists: patches never choose their own scope. */
export function onArtifactRecorded(workflow: Workflow, event: EventOf<'E_ARTIFACT_RECORDED'>): Outcome {
  if (workflow.decision?.verdict !== 'GO') return refused('out-of-order', 'Documents of the design come after a GO.');
  if (workflow.patchSets.length > 0) return refused('out-of-order', 'The design is fixed once a PatchSet was proposed.');
  // Gate 1 judged architecture and scope, Gate 2 the rest: a new document has to pass anew.
  const { artifact } = event.body;
  const gates = withoutGatesFrom(workflow, artifact === 'architecture' || artifact === 'scope' ? 1 : 2);
  return next({ ...workflow, gates, artifacts: { ...workflow.artifacts, [artifact]: event.body.document } });
}

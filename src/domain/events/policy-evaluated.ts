import type { EventOf } from '../event.ts';
import { currentPatchSet, next, refused, withPatchSet, type Outcome } from '../outcome.ts';
import type { Workflow } from '../workflow.ts';

/** A BLOCK violation sends the PatchSet back while regenerations remain, and ends the workflow when they are used up. */
export function onPolicyEvaluated(workflow: Workflow, event: EventOf<'E_POLICY_EVALUATED'>): Outcome {
  const found = currentPatchSet(workflow, event.body);
  if (found.kind === 'refused') return found;
  if (found.patchSet.gate3) return refused('out-of-order', `Gate 3 has judged ${found.patchSet.id} r${found.patchSet.revision} already: the policy judges before it.`);
  const { policy, result, block, warn } = event.body;
  const judged = withPatchSet(workflow, { ...found.patchSet, policy: { policy, result, block, warn } });
  if (block === 0) return next(judged);
  if (mayRegenerate(judged, found.patchSet.revision)) {
    return next({ ...judged, regenerationsUsed: judged.regenerationsUsed + 1 }, { kind: 'propose', patchSets: [found.patchSet.id] });
  }
  return next({ ...judged, status: 'BLOCKED_POLICY' }, { kind: 'finish' });
}

/** True while the workflow may ask the proposer again by itself. */
export const mayRegenerate = (workflow: Workflow, revision: number): boolean =>
  workflow.regenerationsUsed < workflow.limits.regenerationsMax && revision < workflow.limits.revisionsMax;

import type { EventOf } from '../event.ts';
import { currentPatchSet, next, refused, withPatchSet, type Outcome } from '../outcome.ts';
import type { Workflow } from '../workflow.ts';

/** What was seen on a pull request. Seeing decides nothing: Gate 5 judges it. */
export function onCiObserved(workflow: Workflow, event: EventOf<'E_CI_OBSERVED'>): Outcome {
  const found = currentPatchSet(workflow, event.body);
  if (found.kind === 'refused') return found;
  if (!found.patchSet.pullRequest) return refused('out-of-order', `${event.body.patchSet} has no pull request to observe.`);
  const { head, tree, conclusion, repo } = event.body;
  if (found.patchSet.repo !== repo) return refused('mismatch', `${found.patchSet.id} belongs to ${found.patchSet.repo}, not to ${repo}.`);
  return next({ ...withPatchSet(workflow, { ...found.patchSet, ci: { head, tree, conclusion } }), status: 'VERIFYING_CI' });
}

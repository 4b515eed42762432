import type { EventOf } from '../event.ts';
import { currentPatchSet, next, refused, withPatchSet, type Outcome } from '../outcome.ts';
import { isFinal } from '../status.ts';
import { isFullyApproved, type Workflow } from '../workflow.ts';

/** Why nothing may be written right now, or null. Asked at every step of the bracket: an approval can run out between them. */
function unreadiness(workflow: Workflow): Outcome | null {
  if (!isFullyApproved(workflow)) return refused('not-approved', 'Not every PatchSet is approved.');
  return workflow.gates[4]?.outcome === 'PASS' ? null : refused('gate-not-passed', 'Gate 4 has not passed.');
}

/** The bracket's first half: in the ledger before the first request to the target repository. */
export function onWriteIntended(workflow: Workflow, event: EventOf<'E_WRITE_INTENDED'>): Outcome {
  const found = currentPatchSet(workflow, event.body);
  if (found.kind === 'refused') return found;
  const unready = unreadiness(workflow);
  if (unready) return unready;
  const pinned = workflow.repos.find((repo) => repo.repo === event.body.repo);
  if (found.patchSet.repo !== event.body.repo || pinned?.baseCommit !== event.body.baseCommit || found.patchSet.resultTree !== event.body.resultTree) {
    return refused('mismatch', `The intended write differs from the approved ${event.body.patchSet}.`);
  }
  if (found.patchSet.write && found.patchSet.write.branch !== event.body.branch) return refused('mismatch', `${event.body.patchSet} is being written to ${found.patchSet.write.branch}.`);
  return next(withPatchSet(workflow, { ...found.patchSet, write: { branch: event.body.branch } }));
}

/** The bracket's second half: the branch holds exactly the approved tree. */
export function onPatchSetApplied(workflow: Workflow, event: EventOf<'E_PATCH_SET_APPLIED'>): Outcome {
  const found = currentPatchSet(workflow, event.body);
  if (found.kind === 'refused') return found;
  const { branch, commit, tree, verified, patchSet, repo } = event.body;
  const unready = unreadiness(workflow);
  if (unready) return unready;
  if (found.patchSet.repo !== repo) return refused('mismatch', `${patchSet} belongs to ${found.patchSet.repo}, not to ${repo}.`);
  if (found.patchSet.write?.branch !== branch) return refused('out-of-order', `No write to ${branch} was intended for ${patchSet}.`);
  if (found.patchSet.applied) return refused('already-recorded', `${patchSet} was applied already.`);
  if (tree !== found.patchSet.resultTree) return refused('mismatch', `${patchSet}: tree ${tree} was written, ${found.patchSet.resultTree} was approved.`);
  return next(withPatchSet(workflow, { ...found.patchSet, applied: { branch, commit, tree, verified } }));
}

/** The last pull request opened ends the writing. After a cancellation it is only recorded: what has ended stays ended. */
export function onPrOpened(workflow: Workflow, event: EventOf<'E_PR_OPENED'>): Outcome {
  const found = currentPatchSet(workflow, event.body);
  if (found.kind === 'refused') return found;
  const { number, url, head, patchSet, repo } = event.body;
  const unready = unreadiness(workflow);
  if (unready) return unready;
  if (found.patchSet.repo !== repo) return refused('mismatch', `${patchSet} belongs to ${found.patchSet.repo}, not to ${repo}.`);
  if (found.patchSet.applied?.commit !== head) return refused('mismatch', `${patchSet}: the pull request's head is ${head}, applied was ${found.patchSet.applied?.commit ?? 'nothing'}.`);
  if (found.patchSet.pullRequest) return refused('already-recorded', `${patchSet} has its pull request already.`);
  const opened = withPatchSet(workflow, { ...found.patchSet, pullRequest: { number, url, head, openedAt: event.at } });
  if (isFinal(opened.status) || !opened.patchSets.every(({ pullRequest }) => pullRequest)) return next(opened);
  return next({ ...opened, status: 'PR_OPEN', observedSince: event.at }, { kind: 'observe', patchSets: opened.patchSets.filter(({ gate5 }) => gate5?.outcome !== 'PASS').map(({ id }) => id) });
}

import type { EventOf } from '../event.ts';
import { currentPatchSet, next, refused, withPatchSet, type Outcome } from '../outcome.ts';
import { isFullyApproved, type PatchSetState, type Workflow } from '../workflow.ts';

/** A review run asks for the countersignature of exactly this revision. A newer request replaces an older one (a retry). */
export function onApprovalRequested(workflow: Workflow, event: EventOf<'E_APPROVAL_REQUESTED'>): Outcome {
  const found = currentPatchSet(workflow, event.body);
  if (found.kind === 'refused') return found;
  if (found.patchSet.gate3?.outcome !== 'PASS') return refused('gate-not-passed', `${event.body.patchSet} has not passed Gate 3.`);
  return next(withPatchSet(workflow, { ...found.patchSet, request: { runId: event.body.runId, url: event.body.url } }));
}

/** One person's yes to one digest. The one that completes the set releases the writes. */
export function onApprovalRecorded(workflow: Workflow, event: EventOf<'E_APPROVAL_RECORDED'>): Outcome {
  const reviewed = reviewedPatchSet(workflow, event);
  if (reviewed.kind === 'refused') return reviewed;
  const { login, userId, environment, runId, comment, expires } = event.body;
  if (!workflow.approvers.some((approver) => approver.toLowerCase() === login.toLowerCase())) {
    return refused('not-an-approver', `${login} is not on the list of approvers (${workflow.approvers.join(', ') || 'empty'}).`);
  }
  if (expires <= event.at) return refused('expired', `The approval of ${event.body.patchSet} expired at ${expires}.`);
  const approval = { digest: event.body.digest, login, userId, environment, runId, comment, at: event.at, expires };
  const approved = withPatchSet(workflow, { ...reviewed.patchSet, approval });
  // In PATCHES_PROPOSED another PatchSet is being revised: this approval stands, and the set completes later.
  if (workflow.status !== 'PATCHES_PROPOSED' && isFullyApproved(approved)) {
    return next({ ...approved, status: 'APPLYING_PATCHES' }, { kind: 'write', patchSets: approved.patchSets.filter(({ pullRequest }) => !pullRequest).map(({ id }) => id) });
  }
  return next(approved);
}

/** The reviewer wants it otherwise: only this PatchSet gets a new revision, the other approvals stand. */
export function onChangesRequested(workflow: Workflow, event: EventOf<'E_CHANGES_REQUESTED'>): Outcome {
  const reviewed = reviewedPatchSet(workflow, event);
  if (reviewed.kind === 'refused') return reviewed;
  const { login, comment, patchSet } = event.body;
  if (reviewed.patchSet.revision >= workflow.limits.revisionsMax) return refused('limit-reached', `${patchSet} has used its ${workflow.limits.revisionsMax} revisions.`);
  const changed = withPatchSet(workflow, { ...reviewed.patchSet, approval: null, changesRequested: { login, comment } });
  return next({ ...changed, status: 'PATCHES_PROPOSED' }, { kind: 'propose', patchSets: [patchSet] });
}

/** Rejected means rejected: the workflow fails. */
export function onPatchSetRejected(workflow: Workflow, event: EventOf<'E_PATCH_SET_REJECTED'>): Outcome {
  const reviewed = reviewedPatchSet(workflow, event);
  if (reviewed.kind === 'refused') return reviewed;
  return next({ ...workflow, status: 'FAILED' }, { kind: 'finish' });
}

type Review = EventOf<'E_APPROVAL_RECORDED'> | EventOf<'E_CHANGES_REQUESTED'> | EventOf<'E_PATCH_SET_REJECTED'>;

/** A review counts only for the current revision and only when it was given in the run that asked for it. */
function reviewedPatchSet(workflow: Workflow, { body }: Review): { kind: 'found'; patchSet: PatchSetState } | Extract<Outcome, { kind: 'refused' }> {
  const found = currentPatchSet(workflow, body);
  if (found.kind === 'refused') return found;
  const asked = found.patchSet.request?.runId ?? null;
  if (asked === null) return { kind: 'refused', code: 'not-requested', reason: `Nobody was asked to approve ${body.patchSet} r${body.revision}.` };
  if (asked !== body.runId) return { kind: 'refused', code: 'superseded', reason: `${body.patchSet} r${body.revision} is reviewed in run ${asked}, not in run ${body.runId}.` };
  return found;
}

import type { PatchSetState, Workflow } from '../../../src/domain/workflow.ts';
import { findPatchSet } from '../../../src/domain/workflow.ts';
import { statusText } from '../lib/turn.ts';
import type { PatchSetView } from './patch-set-view.ts';

/** What the decision bar may say. Only `open` carries a way to approve. */
export type Decision =
  | { readonly kind: 'open'; readonly runId: number }
  | { readonly kind: 'approved'; readonly login: string; readonly waitsFor: readonly string[] }
  | { readonly kind: 'closed'; readonly reason: string; readonly newer: boolean };

const closed = (reason: string, newer = false): Decision => ({ kind: 'closed', reason, newer });

/** Decides whether this page may lead to an approval. Fails closed: any doubt is a reason not to. */
export function decisionOf(workflow: Workflow, view: PatchSetView): Decision {
  const patchSet = findPatchSet(workflow, view.body.patchSet);
  if (!patchSet || !view.current) return closed(`Revision ${patchSet?.revision ?? '?'} replaced this one. It can no longer be approved.`, true);
  if (patchSet.approval) return { kind: 'approved', login: patchSet.approval.login, waitsFor: waitingFor(workflow) };
  if (patchSet.changesRequested) return closed(`${patchSet.changesRequested.login} asked for changes: a new revision will come.`);
  if (!isReviewable(workflow)) return closed(`Nothing is to be decided: the workflow is "${statusText(workflow.status)}".`);
  if (view.shown.kind === 'not-whole') return closed(`This page cannot show the whole change, so it offers no approval. ${view.shown.reason}`);
  return openOrNot(patchSet, view);
}

// While another PatchSet is being revised, this one can still be reviewed.
const isReviewable = ({ status }: Workflow): boolean => status === 'WAITING_USER_APPROVAL' || status === 'PATCHES_PROPOSED';

function openOrNot(patchSet: PatchSetState, view: PatchSetView): Decision {
  if (!view.policy) return closed('The policy result is not in the ledger.');
  if (view.policy.block > 0) return closed(`${view.policy.block} BLOCK violation${view.policy.block === 1 ? '' : 's'}: this revision cannot be approved.`);
  if (patchSet.gate3?.outcome !== 'PASS') return closed('Gate 3 (Patch) has not passed.');
  if (!patchSet.request) return closed('The review run has not asked for a countersignature yet.');
  return { kind: 'open', runId: patchSet.request.runId };
}

const waitingFor = (workflow: Workflow): readonly string[] => workflow.patchSets.filter(({ approval }) => !approval).map(({ id }) => id);

/** What an approval of this PatchSet lets happen, in one sentence. */
export function releases(workflow: Workflow, view: PatchSetView): string {
  const branch = `countersign/${workflow.id}/${view.body.patchSet}`;
  const others = waitingFor(workflow).filter((id) => id !== view.body.patchSet);
  const write = `creates the branch ${branch} and one pull request in ${view.body.repo}, nothing else`;
  return others.length === 0 ? `Approval ${write}.` : `Approval counts for ${view.body.repo}; once ${others.join(' and ')} ${others.length === 1 ? 'is' : 'are'} approved too, it ${write}.`;
}

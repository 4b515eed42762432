import type { WorkflowEvent } from '../domain/event.ts';
import type { Sha256 } from '../domain/ids.ts';
import { isFinal } from '../domain/status.ts';
import type { PatchSetState, Workflow } from '../domain/workflow.ts';
import type { ReviewView } from '../ports/github-reader.ts';
import { ENVIRONMENT, policyChanged } from './authorize.ts';
import { humanActor, type Draft } from './draft.ts';
import { followUp } from './follow-up.ts';
import { policyHash } from './policy-hash.ts';
import type { Ports, StepReport } from './ports.ts';
import { record, requireWorkflow } from './record.ts';
import { inline, storable } from './text.ts';
import { refusedRun } from './think-call.ts';

type SettlePorts = Pick<Ports, 'job' | 'ledger' | 'control' | 'writer'>;

/** A review run that ended without success. Its title says which workflow it claims to be about. */
export interface EndedRun {
  readonly id: number;
  readonly title: string;
}

/** The workflow that a review run's title names: a hint, to be checked against the ledger. */
export const workflowInTitle = (title: string): string | null => /(?:^|[\s·])(wf-\d{8}-[0-9a-z]{6})$/.exec(title)?.[1] ?? null;

/** Only the review history tells a rejection from a crash. Both are put on the record, and the workflow goes where they say. */
export async function settle(ports: SettlePorts, run: EndedRun): Promise<StepReport> {
  const id = workflowInTitle(run.title);
  if (!id) return nothing(null, 'The run names no workflow: nothing to settle.');
  const { workflow } = await requireWorkflow(ports, id);
  if (!isReview(workflow, run)) return recordForeign(ports, workflow, run);
  const reviews = (await ports.control.readReviews(run.id)).filter(({ environments }) => environments.includes(ENVIRONMENT));
  const recorded = await record(ports, id, (draft, { events }) => {
    const current = draft.workflow.patchSets.find(({ request }) => request?.runId === run.id);
    const rejection = reviews.find(({ state }) => state === 'rejected') ?? null;
    if (current) recordEnd(draft, { patchSet: current, runId: run.id, policy: policyHash(ports.job.config), rejection, refusal: refusalOf(events, run.id) });
  });
  return followUp(ports, { workflow: recorded.workflow ?? workflow });
}

const nothing = (workflow: Workflow | null, summary: string): StepReport => ({ ok: true, workflow: workflow?.id ?? null, state: workflow?.status ?? null, next: '', summary });

const isReview = ({ patchSets }: Workflow, run: EndedRun): boolean => patchSets.some(({ request }) => request?.runId === run.id);

/** Why the run's own write job refused, if it came so far. */
const refusalOf = (events: readonly WorkflowEvent[], runId: number): string | null =>
  events.flatMap(({ type, body, run }) => (type === 'E_RUN_RECORDED' && run.id === runId && body.outcome === 'refused' ? [body.reason ?? ''] : [])).at(-1) ?? null;

/** A run that reviews nothing current changes nothing; that it was there is on the record all the same. */
async function recordForeign(ports: SettlePorts, workflow: Workflow, run: EndedRun): Promise<StepReport> {
  const reason = `Run ${run.id} (${JSON.stringify(run.title.slice(0, 300))}) is not the review of a current PatchSet: it was dispatched by hand, or a newer review took its place. It ended without success, and nothing follows from it.`;
  await record(ports, workflow.id, (draft, { events }) => {
    if (!isFinal(draft.workflow.status) && refusalOf(events, run.id) === null) draft.record('E_RUN_RECORDED', refusedRun('review-run', reason));
  });
  return nothing(workflow, inline(reason, 1_000));
}

interface End {
  readonly patchSet: PatchSetState;
  readonly runId: number;
  /** Hash of the policy as it stands now. */
  readonly policy: Sha256;
  readonly rejection: ReviewView | null;
  /** Why the run's own write job refused, if it did. */
  readonly refusal: string | null;
}

function recordEnd(draft: Draft, { patchSet, runId, policy, rejection, refusal }: End): void {
  const { status } = draft.workflow;
  if (status !== 'WAITING_USER_APPROVAL' && status !== 'PATCHES_PROPOSED' && status !== 'APPLYING_PATCHES') return;
  if (patchSet.changesRequested) return;
  if (!rejection && status !== 'PATCHES_PROPOSED' && patchSet.policy?.policy !== policy) return recordStalePolicy(draft);
  if (!rejection) return recordCrash(draft, { patchSet, runId, refusal });
  const listed = draft.workflow.approvers.some((approver) => approver.toLowerCase() === rejection.login.toLowerCase());
  if (!listed || rejection.userType !== 'User') {
    return draft.record('E_NEEDS_HUMAN', { code: 'not-an-approver', reason: `${patchSet.id} was rejected by ${rejection.login}, who is not on the list of approvers.`, questions: [], resumes: status });
  }
  recordRejection(draft, { patchSet, runId, rejection });
}

function recordRejection(draft: Draft, { patchSet, runId, rejection }: { patchSet: PatchSetState; runId: number; rejection: ReviewView }): void {
  const { status } = draft.workflow;
  if (status === 'APPLYING_PATCHES') {
    // A retry's review was rejected after the set had been approved: what is written stays, the rest waits.
    return draft.record('E_NEEDS_HUMAN', { code: 'retry-rejected', reason: `The retry of ${patchSet.id} was rejected by ${rejection.login}. /retry asks again, /cancel ends the workflow.`, questions: [], resumes: status });
  }
  const comment = storable(rejection.comment).slice(0, 65_536);
  const ref = { patchSet: patchSet.id, revision: patchSet.revision, digest: patchSet.digest, login: rejection.login, runId };
  const actor = humanActor(rejection.login, rejection.userId);
  const wish = /^\s*changes:\s*/i.exec(comment);
  if (!wish) {
    draft.record('E_PATCH_SET_REJECTED', { ...ref, comment }, { actor });
    return draft.close(`${patchSet.id} r${patchSet.revision} was rejected by ${rejection.login}${comment.trim() === '' ? '.' : `: ${comment.trim()}`}`.slice(0, 2_000));
  }
  if (patchSet.revision >= draft.workflow.limits.revisionsMax) {
    return draft.record('E_NEEDS_HUMAN', { code: 'limit-reached', reason: `${patchSet.id} has used its ${draft.workflow.limits.revisionsMax} revisions. /retry asks for the review again, /cancel ends the workflow.`, questions: [], resumes: status });
  }
  draft.record('E_CHANGES_REQUESTED', { ...ref, comment: comment.slice(wish[0].length) }, { actor });
}

// Asking for the same review again would only fail again: the run shows nothing that was judged under another policy.
function recordStalePolicy(draft: Draft): void {
  const { status } = draft.workflow;
  const reason = policyChanged(draft.workflow);
  draft.record('E_RUN_RECORDED', refusedRun('review-run', reason));
  draft.record('E_NEEDS_HUMAN', { code: 'policy-changed', reason, questions: [], resumes: status === 'APPLYING_PATCHES' ? status : 'PATCHES_PROPOSED' });
}

function recordCrash(draft: Draft, { patchSet, runId, refusal }: Pick<End, 'patchSet' | 'runId' | 'refusal'>): void {
  const { status } = draft.workflow;
  const reason = refusal ?? `Review run ${runId} ended without success and without a rejection: it crashed, was cancelled or timed out. Its log says why. /retry asks for a new review; what was already written is found again and not written twice.`;
  if (refusal === null) draft.record('E_RUN_RECORDED', refusedRun('review-run', reason));
  // Its approval is on the record and stands; while others are waited for there is nothing to ask again.
  if (patchSet.approval?.runId === runId && status !== 'APPLYING_PATCHES') return;
  draft.record('E_NEEDS_HUMAN', { code: 'review-run-failed', reason: reason.slice(0, 2_000), questions: [], resumes: status });
}

import type { EventBodies } from '../domain/event.ts';
import { CountersignError, refusedError } from '../domain/errors.ts';
import { isFullyApproved, type PatchSetState, type Workflow } from '../domain/workflow.ts';
import { evaluateGate4 } from '../gates/gate-4-approval.ts';
import type { EnvironmentView, ReviewView } from '../ports/github-reader.ts';
import { sha256 } from '../ledger/canonical-json.ts';
import { branchOf } from './branch.ts';
import { requireBytes } from './documents.ts';
import { humanActor, type Draft } from './draft.ts';
import { policyHash } from './policy-hash.ts';
import type { Ports, StepReport } from './ports.ts';
import { record, requireWorkflow } from './record.ts';
import { requireCurrent, type ReviewInput } from './review-input.ts';
import { stateLine } from './say.ts';
import { storable } from './text.ts';
import { refusedRun } from './think-call.ts';

/** The one environment whose review counts. Hard-coded here and in apply.yml: a name that can be chosen can be chosen wrongly. */
export const ENVIRONMENT = 'countersign-approval';

export const POLICY_CHANGED = 'The policy in countersign.yml changed since this PatchSet was judged. Comment /retry: it is judged again under the new one.';

/** After the set was complete a new revision could leave a half-written one behind, so the way out is a person's choice. */
export const POLICY_CHANGED_WHILE_WRITING =
  'The policy in countersign.yml changed after all PatchSets had been approved, and a part of them may be written. Either put the policy back as it was when they were approved and comment /retry: the write is finished under it. Or comment /cancel and start the issue anew: it is judged under the new policy.';

export const policyChanged = ({ status }: Pick<Workflow, 'status'>): string => (status === 'APPLYING_PATCHES' ? POLICY_CHANGED_WHILE_WRITING : POLICY_CHANGED);

type AuthorizePorts = Pick<Ports, 'job' | 'ledger' | 'control'>;

/** What was looked up about this run's review, once, before anything is decided. */
interface Facts {
  readonly environment: EnvironmentView;
  readonly reviews: readonly ReviewView[];
  /** Each manifest's hash, computed again from its bytes. */
  readonly digests: Readonly<Record<string, string>>;
}

/**
 * First step of the write job: is there, right now, a valid approval of exactly this digest? Records it, and when it
 * completes the set also Gate 4 and the intended writes. Refuses with a reason that is itself on the record.
 */
export async function authorize(ports: AuthorizePorts, input: ReviewInput): Promise<StepReport> {
  const { workflow } = await requireWorkflow(ports, input.workflow);
  try {
    assertRun(ports, workflow, input);
    const facts = await lookUp(ports, workflow);
    const approver = findApprover(facts, workflow);
    const recorded = await record(ports, workflow.id, (draft) => recordApproval(ports, draft, { input, approver, facts }));
    return report(ports, recorded.workflow ?? workflow);
  } catch (error) {
    if (!(error instanceof CountersignError) || error.kind !== 'refused') throw error;
    return await recordRefusal(ports, workflow, error);
  }
}

async function lookUp({ job, control, ledger }: AuthorizePorts, workflow: Workflow): Promise<Facts> {
  const [environment, reviews, manifests] = await Promise.all([
    control.readEnvironment(ENVIRONMENT),
    control.readReviews(job.run.id),
    ledger.readEvidence(workflow.id, workflow.patchSets.map(({ digest }) => digest)),
  ]);
  const digests = workflow.patchSets.map(({ id, digest }) => [id, sha256(requireBytes(manifests, digest, workflow.id))] as const);
  return { environment, reviews, digests: Object.fromEntries(digests) };
}

/** Everything about the run that must hold whoever approved it. */
function assertRun({ job }: AuthorizePorts, workflow: Workflow, input: ReviewInput): void {
  if (job.run.attempt !== 1) throw refusedError('run-attempt', `This is attempt ${job.run.attempt} of the run. An approval is good for one attempt; comment /retry for a new review.`);
  const patchSet = requireCurrent(workflow, input);
  if (workflow.status !== 'WAITING_USER_APPROVAL' && workflow.status !== 'PATCHES_PROPOSED' && workflow.status !== 'APPLYING_PATCHES') {
    throw refusedError('not-waiting', `${workflow.id} is ${workflow.status}: it does not wait for an approval now.`);
  }
  if (patchSet.request?.runId !== job.run.id) throw refusedError('superseded', `${patchSet.id} r${patchSet.revision} is reviewed in run ${patchSet.request?.runId ?? '(none)'}, not in this one.`);
  if (patchSet.policy?.policy !== policyHash(job.config)) throw refusedError('policy-changed', policyChanged(workflow));
}

function findApprover({ environment, reviews }: Facts, workflow: Workflow): ReviewView {
  if (!environment.exists || environment.reviewers === 0) {
    throw refusedError('unprotected-environment', `The environment ${ENVIRONMENT} has no required reviewers, so nobody was asked. Add them under Settings → Environments, then comment /retry.`);
  }
  const approvals = reviews.filter(({ state, environments }) => state === 'approved' && environments.includes(ENVIRONMENT));
  if (approvals.length === 0) throw refusedError('no-approval', `The run's review history holds no approval for ${ENVIRONMENT}.`);
  const listed = approvals.find(({ login, userType }) => userType === 'User' && isListed(workflow, login));
  if (listed) return listed;
  const [first] = approvals;
  const who = first?.login ?? 'someone';
  if (first && first.userType !== 'User') throw refusedError('not-a-person', `The run was approved by ${who}, which is not a person's account (${first.userType}).`);
  throw refusedError('not-an-approver', `The run was approved by ${who}, who is not on the list of approvers (${workflow.approvers.join(', ') || 'empty'}).`);
}

const isListed = (workflow: Workflow, login: string): boolean => workflow.approvers.some((approver) => approver.toLowerCase() === login.toLowerCase());

interface Approval {
  readonly input: ReviewInput;
  readonly approver: ReviewView;
  readonly facts: Facts;
}

function recordApproval({ job }: AuthorizePorts, draft: Draft, { input, approver, facts }: Approval): void {
  const patchSet = requireCurrent(draft.workflow, input);
  const isRerun = patchSet.approval?.runId === job.run.id;
  if (!isRerun) {
    const body = approvalBody(job.run.id, { input, approver, expires: expiry(job.clock.now(), draft.workflow) });
    draft.record('E_APPROVAL_RECORDED', body, { actor: humanActor(approver.login, approver.userId) });
  }
  if (draft.workflow.status === 'PATCHES_PROPOSED') return;
  if (isRerun && draft.workflow.gates[4]?.outcome === 'PASS') return intendWrites(draft);
  const gate = evaluateGate4(gateEvidence(job, draft.workflow, facts));
  const result = draft.attachJson('gate-4.json', gate);
  const reasons = gate.checks.filter(({ outcome }) => outcome !== 'PASS').map(({ reason }) => reason);
  draft.record('E_GATE_EVALUATED', { gate: 4, subject: null, outcome: gate.outcome, failure: gate.failure, reasons, result }, { evidence: [result] });
  if (gate.outcome === 'FAIL') throw refusedError('gate-4', `Gate 4 refuses: ${reasons.join(' ')}`);
  intendWrites(draft);
}

function gateEvidence(job: Ports['job'], workflow: Workflow, facts: Facts): Parameters<typeof evaluateGate4>[0] {
  const policy = policyHash(job.config);
  return {
    workflow,
    currentDigests: facts.digests,
    environment: { name: ENVIRONMENT, ...facts.environment },
    approvers: job.config.approvers,
    currentPolicies: Object.fromEntries(workflow.repos.map(({ repo }) => [repo, policy])),
    now: job.clock.now(),
  };
}

function approvalBody(runId: number, { input, approver, expires }: { input: ReviewInput; approver: ReviewView; expires: string }): EventBodies['E_APPROVAL_RECORDED'] {
  const { patchSet, revision, digest } = input;
  return { patchSet, revision, digest, login: approver.login, userId: approver.userId, environment: ENVIRONMENT, runId, comment: storable(approver.comment).slice(0, 4_000), expires };
}

const expiry = (now: string, { limits }: Workflow): string => new Date(Date.parse(now) + limits.approvalExpiresHours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');

/** The bracket's first half, in the same commit as the approval that completes the set. */
function intendWrites(draft: Draft): void {
  const { workflow } = draft;
  if (workflow.status !== 'APPLYING_PATCHES' || workflow.gates[4]?.outcome !== 'PASS') return;
  for (const patchSet of workflow.patchSets) {
    if (patchSet.write) continue;
    const pinned = workflow.repos.find(({ repo }) => repo === patchSet.repo);
    if (!pinned) throw refusedError('unknown-repository', `${patchSet.repo} is not pinned.`);
    draft.record('E_WRITE_INTENDED', { ...refOf(patchSet), repo: patchSet.repo, branch: branchOf(workflow.id, patchSet), baseCommit: pinned.baseCommit, resultTree: patchSet.resultTree });
  }
}

const refOf = ({ id, revision, digest }: PatchSetState): { patchSet: string; revision: number; digest: string } => ({ patchSet: id, revision, digest });

function report({ job }: AuthorizePorts, workflow: Workflow): StepReport {
  const go = workflow.status === 'APPLYING_PATCHES' && isFullyApproved(workflow);
  const waiting = workflow.patchSets.filter(({ approval }) => !approval).map(({ id }) => id);
  const summary = go ? `Approved, and the set is complete. Next: the approved PatchSets are written.` : `Approved, waiting for the others (${waiting.join(', ')}). Nothing has been written.`;
  return { ok: true, workflow: workflow.id, state: workflow.status, next: go ? 'write' : '', summary: `${summary}\n\n${stateLine(workflow, job)}` };
}

/** A refusal is evidence too. Where a person must mend something, the workflow pauses; where the run is simply not the one, it goes on. */
async function recordRefusal(ports: AuthorizePorts, workflow: Workflow, error: CountersignError): Promise<StepReport> {
  const recorded = await record(ports, workflow.id, (draft) => {
    if (draft.workflow.outcome || isEnded(draft.workflow)) return;
    draft.record('E_RUN_RECORDED', refusedRun('authorize', error.message));
    if (!PAUSES.has(error.code) || draft.workflow.status === 'NEEDS_HUMAN') return;
    const anew = error.code === 'policy-changed' && draft.workflow.status === 'WAITING_USER_APPROVAL';
    draft.record('E_NEEDS_HUMAN', { code: error.code, reason: error.message, questions: [], resumes: anew ? 'PATCHES_PROPOSED' : draft.workflow.status });
  });
  const state = recorded.workflow?.status ?? workflow.status;
  return { ok: false, workflow: workflow.id, state, next: '', summary: `**Refused.** ${error.message} Nothing was written to any target repository.` };
}

const isEnded = ({ status }: Workflow): boolean => ['DONE', 'FAILED', 'BLOCKED_POLICY', 'DECLINED'].includes(status);
const PAUSES: ReadonlySet<string> = new Set(['policy-changed', 'unprotected-environment', 'no-approval', 'not-a-person', 'not-an-approver', 'gate-4', 'expired']);

import type { EventBodies } from '../domain/event.ts';
import type { GateResult } from '../domain/gate.ts';
import type { PatchSetState, Workflow } from '../domain/workflow.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { evaluateGate5 } from '../gates/gate-5-verification.ts';
import type { CheckView, PullRequestView, RequiredCheck } from '../ports/github-reader.ts';
import type { Draft } from './draft.ts';
import { followUp, report } from './follow-up.ts';
import { policyHash } from './policy-hash.ts';
import type { Ports, StepReport } from './ports.ts';
import { record, requireWorkflow } from './record.ts';
import { doneReason } from './say.ts';

type ObservePorts = Pick<Ports, 'job' | 'ledger' | 'targets' | 'control' | 'writer'>;

/** What was seen of one pull request at one moment. */
interface Seen {
  readonly patchSet: PatchSetState;
  readonly pull: PullRequestView;
  readonly required: readonly RequiredCheck[];
  readonly checks: readonly CheckView[];
}

/** Watches one workflow's pull requests until Gate 5 has an answer, or until `patienceSeconds` are over and a later run goes on. */
export async function observe(ports: ObservePorts, input: { readonly workflow: WorkflowId; readonly patienceSeconds: number }): Promise<StepReport> {
  const { job } = ports;
  let { workflow } = await requireWorkflow(ports, input.workflow);
  if (workflow.status === 'PR_OPEN') await job.clock.sleep(msUntilFirstLook(job, workflow));
  const before = workflow.status;
  const start = job.clock.monotonicMs();
  const required: RequiredByRepo = new Map();
  while (isObserved(workflow)) {
    workflow = await observeOnce(ports, workflow, required);
    if (!isObserved(workflow) || job.clock.monotonicMs() - start > input.patienceSeconds * 1_000) break;
    await job.clock.sleep(job.config.ci.pollSeconds * 1_000);
  }
  return workflow.status === before ? report(ports, workflow) : followUp(ports, { workflow });
}

/** Checks of a pull request that has just been opened cannot have passed: looking at once would only cost requests, and put "pending" on the record. */
function msUntilFirstLook({ clock, config }: ObservePorts['job'], { observedSince }: Workflow): number {
  const pauseMs = config.ci.pollSeconds * 1_000;
  const openForMs = observedSince === null ? pauseMs : Date.parse(clock.now()) - Date.parse(observedSince);
  return Math.max(0, Math.min(pauseMs, pauseMs - openForMs));
}

export const isObserved = ({ status }: Pick<Workflow, 'status'>): boolean => status === 'PR_OPEN' || status === 'VERIFYING_CI';

/** Required checks of each repository, read once a run: they are the owner's settings and do not change from poll to poll. */
type RequiredByRepo = Map<string, Promise<readonly RequiredCheck[]>>;

async function observeOnce(ports: ObservePorts, workflow: Workflow, required: RequiredByRepo): Promise<Workflow> {
  const seen = await look(ports, workflow, required);
  const recorded = await record(ports, workflow.id, (draft) => {
    for (const each of seen) if (isObserved(draft.workflow)) judge(ports, draft, each);
    if (isObserved(draft.workflow)) pauseWhenOverdue(ports, draft, seen);
    draft.close(endReason(draft.workflow));
  });
  return recorded.workflow ?? workflow;
}

const endReason = (workflow: Workflow): string =>
  workflow.status === 'DONE' ? doneReason(workflow) : 'The policy under which the change was approved no longer holds. The pull requests stay open: close them, or start a new workflow under the new policy.';

async function look({ targets }: ObservePorts, workflow: Workflow, known: RequiredByRepo): Promise<readonly Seen[]> {
  const open = workflow.patchSets.filter(({ pullRequest, gate5 }) => pullRequest && gate5?.outcome !== 'PASS');
  const baseOf = (repo: string): string => workflow.repos.find((pinned) => pinned.repo === repo)?.baseBranch ?? '';
  const pulls = await targets.readPullRequests(open.map(({ repo, pullRequest }) => ({ repo, number: pullRequest?.number ?? 0, base: baseOf(repo) })));
  return Promise.all(
    open.map(async (patchSet, index) => {
      const pull = pulls[index];
      if (!pull) throw new TypeError(`${patchSet.id} has no pull request to look at`);
      const asked = known.get(patchSet.repo) ?? targets.readRequiredChecks(patchSet.repo, baseOf(patchSet.repo), pull.rules);
      known.set(patchSet.repo, asked);
      return { patchSet, pull, required: await asked, checks: pull.checks };
    }),
  );
}

function judge({ job }: ObservePorts, draft: Draft, { patchSet, pull, required, checks }: Seen): void {
  const { id, revision, digest, repo } = patchSet;
  const ref = { patchSet: id, revision, digest };
  const target = job.config.targets.find((candidate) => candidate.repo.toLowerCase() === repo.toLowerCase());
  const configured = target?.checks ?? [];
  const gate = evaluateGate5({
    subject: ref,
    approvedTree: patchSet.resultTree,
    headTree: pull.tree,
    requiredChecks: required,
    observedChecks: checks,
    configuredChecks: configured,
    verification: target?.verification ?? 'required',
    isPolicyCurrent: patchSet.policy?.policy === policyHash(job.config),
  });
  const observed = { ...ref, repo, head: pull.head, tree: pull.tree, conclusion: conclusionOf(gate, required.length + configured.length > 0), checks: listChecks(required, checks) };
  if (!isNews(draft.workflow, observed)) return;
  draft.record('E_CI_OBSERVED', observed);
  const result = draft.attachJson(`${id}-gate-5.json`, gate);
  const reasons = gate.checks.filter(({ outcome }) => outcome !== 'PASS').map(({ reason }) => reason).slice(0, 50);
  draft.record('E_GATE_EVALUATED', { gate: 5, subject: ref, outcome: gate.outcome, failure: gate.failure, reasons, result }, { evidence: [result] });
}

/** Gate 5 passes without any check where the config asks for none: then nothing was verified, and the record says so. */
function conclusionOf({ outcome, failure }: GateResult, hasChecks: boolean): 'passed' | 'failed' | 'pending' | 'none' {
  if (outcome === 'PASS') return hasChecks ? 'passed' : 'none';
  if (outcome === 'WAITING') return 'pending';
  return failure === 'unverified' ? 'none' : 'failed';
}

function listChecks(required: readonly RequiredCheck[], checks: readonly CheckView[]): EventBodies['E_CI_OBSERVED']['checks'] {
  const missing = required.filter(({ context }) => !checks.some((check) => check.context === context)).map(({ context }) => ({ context, required: true, state: 'not reported' }));
  return [...checks.map(({ context, state }) => ({ context, required: required.some((each) => each.context === context), state })), ...missing].slice(0, 200);
}

/** An observation that says what the last one said is not recorded again. */
function isNews(workflow: Workflow, observed: EventBodies['E_CI_OBSERVED']): boolean {
  const last = workflow.patchSets.find(({ id }) => id === observed.patchSet)?.ci;
  return last?.conclusion !== observed.conclusion || last.head !== observed.head;
}

function pauseWhenOverdue({ job }: ObservePorts, draft: Draft, seen: readonly Seen[]): void {
  const { limits, observedSince, status } = draft.workflow;
  if (status !== 'VERIFYING_CI' || observedSince === null || Date.parse(job.clock.now()) < Date.parse(observedSince) + limits.ciTimeoutSeconds * 1_000) return;
  const missing = seen.flatMap(({ patchSet, required, checks }) => listChecks(required, checks).filter(({ required: needed, state }) => needed && state !== 'passed').map(({ context, state }) => `${context} on ${patchSet.repo} (${state})`));
  const reason = `After ${limits.ciTimeoutSeconds} s these required checks have not passed: ${missing.join(', ') || 'unknown'}. See why they do not report, then comment /retry.`;
  draft.record('E_NEEDS_HUMAN', { code: 'ci-timeout', reason: reason.slice(0, 2_000), questions: [], resumes: 'VERIFYING_CI' });
}

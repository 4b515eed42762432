import { EVENT_TYPES, type DomainEvent, type EventBodies, type EventType, type PatchSetRef } from '../event.ts';
import { transition } from '../transition.ts';
import { patchSetIdOf, type PatchSetState, type Workflow } from '../workflow.ts';

export const ID = 'wf-20261122-k3v9q2';
export const AT = '2026-11-22T10:00:00Z';
export const REPOS = ['octo/api', 'octo/web'] as const;

export const oid = (digit: string): string => digit.repeat(40);
export const hash = (digit: string): string => digit.repeat(64);
/** The digest of revision `revision` of the PatchSet at `index`: every one differs. */
export const digestOf = (index: number, revision: number): string => `${index + 1}${revision.toString(16)}`.padEnd(64, 'd');

export const event = <T extends EventType>(type: T, body: EventBodies[T], at = AT): DomainEvent => ({ type, body, at }) as DomainEvent;
export const refOf = ({ id, revision, digest }: PatchSetState): PatchSetRef => ({ patchSet: id, revision, digest });

export const created = (changes: Partial<EventBodies['E_WORKFLOW_CREATED']> = {}): DomainEvent =>
  event('E_WORKFLOW_CREATED', {
    source: { kind: 'issue', repo: 'octo/api', number: 1, url: 'https://github.test/octo/api/issues/1', title: 'A title', author: 'hubot', revision: hash('1') },
    issueText: hash('1'),
    repos: REPOS.map((repo, index) => ({ repo, role: index === 0 ? 'primary' : 'secondary', baseBranch: 'main', baseCommit: oid(String(index + 1)), baseTree: oid(String(index + 3)) })),
    approvers: ['octocat', 'monalisa'],
    limits: { regenerationsMax: 1, ciRegenerationsMax: 1, revisionsMax: 4, ciTimeoutSeconds: 60, approvalExpiresHours: 72, costMicroUsdMax: null },
    trackingIssue: { repo: 'octo/control', number: 4 },
    ...changes,
  });
export const ingested = (): DomainEvent =>
  event('E_CONTEXT_INGESTED', { contextHash: hash('2'), manifest: hash('2'), repos: REPOS.map((repo, index) => ({ repo, commit: oid(String(index + 1)), tree: oid(String(index + 3)), files: 3, cutOff: 0 })) });
export const decided = (verdict: 'GO' | 'NO_GO' | 'DEFER' = 'GO', questions: { id: string; question: string }[] = []): DomainEvent =>
  event('E_DECISION_RECORDED', { verdict, document: hash('3'), reasons: ['Because.'], questions });
export const artifact = (kind: 'architecture' | 'scope' | 'plan' | 'gates'): DomainEvent => event('E_ARTIFACT_RECORDED', { artifact: kind, document: hash('4') });
export const gate = (number: 0 | 1 | 2 | 3 | 4 | 5, outcome: 'PASS' | 'FAIL' | 'WAITING' = 'PASS', options: { subject?: PatchSetState; failure?: EventBodies['E_GATE_EVALUATED']['failure'] } = {}): DomainEvent =>
  event('E_GATE_EVALUATED', { gate: number, subject: options.subject ? refOf(options.subject) : null, outcome, failure: options.failure ?? null, reasons: ['It was seen.'], result: hash('5') });

/** The next revision of the PatchSet at `index`. */
export function proposed(workflow: Workflow, index: number): DomainEvent {
  const id = patchSetIdOf(index);
  const revision = (workflow.patchSets.find((patchSet) => patchSet.id === id)?.revision ?? 0) + 1;
  const stats = { files: 1, added: 1, removed: 1 };
  return event('E_PATCH_SET_PROPOSED', { patchSet: id, revision, digest: digestOf(index, revision), repo: REPOS[index] ?? 'octo/none', resultTree: oid(String(5 + index)), diff: hash('6'), proposal: hash('7'), patches: [], stats });
}
export const policy = (patchSet: PatchSetState, block = 0): DomainEvent => event('E_POLICY_EVALUATED', { ...refOf(patchSet), policy: hash('8'), result: hash('9'), block, warn: 0 });
export const requested = (patchSet: PatchSetState, runId = 7): DomainEvent => event('E_APPROVAL_REQUESTED', { ...refOf(patchSet), runId, url: `https://github.test/runs/${runId}` });
export const approved = (patchSet: PatchSetState, { login = 'octocat', expires = '2026-11-25T10:00:00Z', runId = patchSet.request?.runId ?? 7 } = {}): DomainEvent =>
  event('E_APPROVAL_RECORDED', { ...refOf(patchSet), login, userId: 1, environment: 'countersign-approval', runId, comment: '', expires });
const review = (patchSet: PatchSetState) => ({ ...refOf(patchSet), login: 'octocat', runId: patchSet.request?.runId ?? 7, comment: 'Otherwise, please.' });
export const changes = (patchSet: PatchSetState): DomainEvent => event('E_CHANGES_REQUESTED', review(patchSet));
export const rejected = (patchSet: PatchSetState): DomainEvent => event('E_PATCH_SET_REJECTED', review(patchSet));
export const intended = (workflow: Workflow, { id, repo, resultTree, ...rest }: PatchSetState): DomainEvent =>
  event('E_WRITE_INTENDED', { ...refOf({ id, repo, resultTree, ...rest }), repo, branch: `countersign/${ID}/${id}`, baseCommit: workflow.repos.find((each) => each.repo === repo)?.baseCommit ?? oid('0'), resultTree });
export const applied = (patchSet: PatchSetState, repo = patchSet.repo): DomainEvent =>
  event('E_PATCH_SET_APPLIED', { ...refOf(patchSet), repo, branch: `countersign/${ID}/${patchSet.id}`, commit: oid('c'), tree: patchSet.resultTree, verified: true });
export const opened = (patchSet: PatchSetState, repo = patchSet.repo): DomainEvent =>
  event('E_PR_OPENED', { ...refOf(patchSet), repo, number: 9, url: `https://github.test/${repo}/pull/9`, head: oid('c') });
export const observed = (patchSet: PatchSetState, conclusion: 'passed' | 'failed' | 'pending' | 'none' = 'passed', repo = patchSet.repo): DomainEvent =>
  event('E_CI_OBSERVED', { ...refOf(patchSet), repo, head: oid('c'), tree: patchSet.resultTree, conclusion, checks: [] });
export const provided = (answers: { id: string; answer: string }[] = [], login = 'octocat'): DomainEvent => event('E_CONTEXT_PROVIDED', { login, answers });
export const needsHuman = (resumes: EventBodies['E_NEEDS_HUMAN']['resumes'], code = 'asked'): DomainEvent => event('E_NEEDS_HUMAN', { code, reason: 'Please look.', questions: [], resumes });
export const cancelled = (login = 'octocat'): DomainEvent => event('E_CANCELLED', { login, reason: 'No longer wanted.' });
export const finished = (outcome: EventBodies['E_WORKFLOW_FINISHED']['outcome']): DomainEvent => event('E_WORKFLOW_FINISHED', { outcome, reason: 'It ended.' });
export const run = (costMicroUsd: number | null = 5): DomainEvent =>
  event('E_RUN_RECORDED', { role: 'triage', outcome: 'succeeded', reason: null, inputs: [], outputs: [], contextHash: null, promptTemplate: null, prompt: null, model: null, parameters: null, tokensIn: null, tokensOut: null, costMicroUsd, durationMs: 1 });

export type Step = DomainEvent | ((workflow: Workflow) => DomainEvent);

/** Folds the steps; throws, with the refusal, at the first that is refused. */
export function play(from: Workflow | null, ...steps: readonly Step[]): Workflow {
  let workflow = from;
  for (const step of steps) {
    const next = typeof step === 'function' ? step(workflow ?? missing()) : step;
    const outcome = transition(workflow, next, ID);
    if (outcome.kind === 'refused') throw new Error(`${next.type} in ${workflow?.status ?? 'nothing'}: ${outcome.code}: ${outcome.reason}`);
    workflow = outcome.workflow;
  }
  return workflow ?? missing();
}

function missing(): never {
  throw new Error('The story begins with E_WORKFLOW_CREATED.');
}

/** The PatchSet at `index`, which must exist. */
export const at = (workflow: Workflow, index: number): PatchSetState => workflow.patchSets[index] ?? missing();
/** A step about the PatchSet at `index` as it then stands. */
export const on = (index: number, make: (patchSet: PatchSetState) => DomainEvent): Step => (workflow) => make(at(workflow, index));

const DESIGN: readonly Step[] = [created(), ingested(), decided(), artifact('architecture'), artifact('scope'), artifact('plan'), artifact('gates'), gate(0), gate(1), gate(2)];
const propose = (index: number): readonly Step[] => [(workflow) => proposed(workflow, index), on(index, policy), on(index, (subject) => gate(3, 'PASS', { subject }))];
const write = (index: number): readonly Step[] => [(workflow) => intended(workflow, at(workflow, index)), on(index, (patchSet) => applied(patchSet)), on(index, (patchSet) => opened(patchSet))];

export const designed = (): Workflow => play(null, ...DESIGN);
export const revise = (workflow: Workflow, index: number): Workflow => play(workflow, ...propose(index));
export const waiting = (): Workflow => play(designed(), ...propose(0), ...propose(1), on(0, (patchSet) => requested(patchSet, 7)), on(1, (patchSet) => requested(patchSet, 8)));
export const applying = (): Workflow => play(waiting(), on(0, approved), on(1, approved));
export const prOpen = (): Workflow => play(applying(), gate(4), ...write(0), ...write(1));
export const verifying = (): Workflow => play(prOpen(), on(0, observed), on(1, observed));

export const ALL_TYPES: readonly EventType[] = EVENT_TYPES;

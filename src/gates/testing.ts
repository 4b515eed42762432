import type { Architecture, Decision, GatesDocument, Plan, Scope } from '../domain/documents.ts';
import type { GateResult } from '../domain/gate.ts';
import type { PatchSetState, Workflow } from '../domain/workflow.ts';

// Evidence that passes every gate, for the tests of this folder: each test spoils one thing.

export const SHA = 'a'.repeat(64);
export const OTHER_SHA = 'c'.repeat(64);
export const OID = 'b'.repeat(40);
export const subject = { patchSet: 'ps-1', revision: 1, digest: SHA };

const envelope = <Stage extends string>(stage: Stage) => ({ schemaVersion: 1 as const, workflow: 'wf-20261122-k3v9q2', stage, author: 'recipe', inputHashes: [SHA], contextHash: SHA, evidence: [{ id: 'E1', repo: 'octo/api', commit: OID, path: 'src/a.ts', lines: null, blob: OID }], unknowns: [], assumptions: [] });
export const unknown = { id: 'U1', question: 'Which port?', whyItMatters: 'Clients break.', blocking: true, options: [], answer: null, answeredBy: null };

export const decision: Decision = { ...envelope('decision'), verdict: 'GO', reasons: [{ text: 'It is clear.', evidenceIds: ['E1'] }], risk: 'low', missingContext: [], duplicates: [], deferUntil: null };
export const architecture: Architecture = {
  ...envelope('architecture'),
  components: [{ id: 'client', repo: 'octo/api', paths: ['src/**'], role: 'calls' }, { id: 'page', repo: 'octo/web', paths: ['app/**'], role: 'shows' }],
  interfaces: [{ id: 'I1', description: '', providers: ['client'], consumers: ['page'] }],
  decisions: [],
  invariants: [],
  crossRepoOrder: ['octo/api', 'octo/web'],
  risks: [],
};
export const scope: Scope = {
  ...envelope('scope'),
  goals: ['Honour Retry-After.'],
  nonGoals: ['No new dependency.'],
  allowedPaths: [{ repo: 'octo/api', paths: ['src/**'] }, { repo: 'octo/web', paths: ['app/**'] }],
  forbiddenPaths: [{ repo: 'octo/api', paths: ['src/generated/**'] }],
  acceptanceCriteria: [
    { id: 'C1', sentence: 'When told to wait, the client shall wait.', given: 'g', when: 'w', then: 't', verification: 'client.test.ts' },
    { id: 'C2', sentence: 'The page shall say so.', given: 'g', when: 'w', then: 't', verification: 'page.test.ts' },
  ],
};
export const plan: Plan = {
  ...envelope('plan'),
  tasks: [
    { id: 'T1', title: 'Wait', criteriaIds: ['C1'], repo: 'octo/api', files: [{ path: 'src/a.ts', operation: 'modify' }, { path: 'src/b.ts', operation: 'add' }], dependsOn: [], verification: 'run the tests' },
    { id: 'T2', title: 'Show', criteriaIds: ['C2'], repo: 'octo/web', files: [{ path: 'app/page.ts', operation: 'modify' }], dependsOn: ['T1'], verification: 'run the tests' },
  ],
  budget: { files: 3, lines: 40 },
  rollback: 'Revert.',
};
export const gates: GatesDocument = { ...envelope('gates'), gates: ([0, 1, 2, 3, 4, 5] as const).map((gate) => ({ gate, requires: ['what it says'] })) };

const patchSet = (id: string, repo: string): PatchSetState => ({
  id,
  repo,
  revision: 1,
  digest: SHA,
  resultTree: OID,
  proposal: SHA,
  diff: SHA,
  patches: [],
  stats: { files: 1, added: 1, removed: 1 },
  policy: { policy: SHA, result: SHA, block: 0, warn: 1 },
  gate3: null,
  request: { runId: 1, url: 'https://github.com/x' },
  approval: { digest: SHA, login: 'Octocat', userId: 1, environment: 'countersign-approval', runId: 1, comment: '', at: '2026-11-22T10:00:00Z', expires: '2026-12-06T10:00:00Z' },
  changesRequested: null,
  write: null,
  applied: null,
  pullRequest: null,
  ci: null,
  gate5: null,
});

export const workflow: Workflow = {
  id: 'wf-20261122-k3v9q2',
  status: 'INGESTED',
  createdAt: '2026-11-22T09:00:00Z',
  source: { kind: 'issue', repo: 'octo/api', number: 1, url: 'https://github.com/octo/api/issues/1', title: 't', author: 'a', revision: SHA },
  repos: [
    { repo: 'octo/api', role: 'primary', baseBranch: 'main', baseCommit: OID, baseTree: OID },
    { repo: 'octo/web', role: 'secondary', baseBranch: 'main', baseCommit: OID, baseTree: OID },
  ],
  approvers: ['octocat'],
  limits: { regenerationsMax: 1, ciRegenerationsMax: 0, revisionsMax: 5, ciTimeoutSeconds: 1800, approvalExpiresHours: 336, costMicroUsdMax: 1_000_000 },
  trackingIssue: null,
  contextHash: SHA,
  decision: null,
  artifacts: {},
  answers: [],
  unanswered: [],
  gates: { 0: null, 1: null, 2: null, 4: null },
  patchSets: [patchSet('ps-1', 'octo/api'), patchSet('ps-2', 'octo/web')],
  pause: null,
  regenerationsUsed: 0,
  ciRegenerationsUsed: 0,
  costMicroUsd: 10,
  observedSince: null,
  outcome: null,
};

/** Outcome, cause and the reasons of everything that did not pass. */
export const summaryOf = ({ outcome, failure, checks }: GateResult) => ({ outcome, failure, reasons: checks.filter((check) => check.outcome !== 'PASS').map(({ reason }) => reason).join(' | ') });

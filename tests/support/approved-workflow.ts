import type { PatchSetState, Workflow, WorkflowRepo } from '../../src/domain/workflow.ts';

const oid = (digit: string): string => digit.repeat(40);
const hash = (digit: string): string => digit.repeat(64);

export const WORKFLOW_ID = 'wf-20261122-k3v9q2';
export const CONTROL = 'octo/control';

const repoOf = (repo: string, role: WorkflowRepo['role'], digit: string): WorkflowRepo => ({ repo, role, baseBranch: 'main', baseCommit: oid(digit), baseTree: oid('b') });

/** A PatchSet whose current digest is approved and whose write is intended. */
export function approvedPatchSet(id: string, repo: string, digit: string): PatchSetState {
  const gate3 = { outcome: 'PASS', failure: null, result: hash('3') } as const;
  const approval = { digest: hash(digit), login: 'octocat', userId: 1, environment: 'countersign-approval', runId: 7, comment: '', at: '2026-11-22T10:00:00Z', expires: '2026-11-29T10:00:00Z' };
  return {
    id,
    repo,
    revision: 1,
    digest: hash(digit),
    resultTree: oid(digit),
    diff: hash('d'),
    proposal: hash('6'),
    patches: [],
    stats: { files: 1, added: 1, removed: 0 },
    policy: { policy: hash('e'), result: hash('f'), block: 0, warn: 0 },
    gate3,
    request: { runId: 7, url: 'http://github.localhost/octo/control/actions/runs/7' },
    approval,
    changesRequested: null,
    write: { branch: `countersign/${WORKFLOW_ID}/${id}` },
    applied: null,
    pullRequest: null,
    ci: null,
    gate5: null,
  };
}

/** Two repositories, both approved, Gate 4 passed, both writes intended: everything may be written. */
export function approvedWorkflow(changes: Partial<Workflow> = {}): Workflow {
  return {
    id: WORKFLOW_ID,
    status: 'APPLYING_PATCHES',
    createdAt: '2026-11-22T09:00:00Z',
    source: { kind: 'issue', repo: 'octo/api', number: 1, url: 'http://github.localhost/octo/api/issues/1', title: 'A title', author: 'octocat', revision: hash('9') },
    repos: [repoOf('octo/api', 'primary', '1'), repoOf('octo/web', 'secondary', '2')],
    approvers: ['octocat'],
    limits: { regenerationsMax: 2, ciRegenerationsMax: 0, revisionsMax: 5, ciTimeoutSeconds: 60, approvalExpiresHours: 72, costMicroUsdMax: null },
    trackingIssue: { repo: CONTROL, number: 4 },
    contextHash: hash('8'),
    decision: { verdict: 'GO', document: hash('7') },
    artifacts: {},
    answers: [],
    unanswered: [],
    gates: { 0: null, 1: null, 2: null, 4: { outcome: 'PASS', failure: null, result: hash('4') } },
    patchSets: [approvedPatchSet('ps-1', 'octo/api', 'a'), approvedPatchSet('ps-2', 'octo/web', 'c')],
    pause: null,
    observedSince: null,
    regenerationsUsed: 0,
    ciRegenerationsUsed: 0,
    costMicroUsd: 0,
    outcome: null,
    ...changes,
  };
}

/** The same workflow with one PatchSet changed. */
export function withPatchSetOf(workflow: Workflow, id: string, changes: Partial<PatchSetState>): Workflow {
  return { ...workflow, patchSets: workflow.patchSets.map((patchSet) => (patchSet.id === id ? { ...patchSet, ...changes } : patchSet)) };
}

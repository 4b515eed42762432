import { describe, expect, test } from 'vitest';

import { approvedWorkflow, CONTROL, WORKFLOW_ID, withPatchSetOf } from '../../tests/support/approved-workflow.ts';
import { workflowDirectory } from './ids.ts';
import { approvalTrailer, type Intent } from './intent.ts';
import { mayWrite } from './may-write.ts';
import type { Workflow } from './workflow.ts';

const workflow = approvedWorkflow();
const branch = `countersign/${WORKFLOW_ID}/ps-1`;
const ref = { patchSet: 'ps-1', revision: 1, digest: 'a'.repeat(64) };
const commit = {
  kind: 'target-commit',
  repo: 'octo/api',
  branch,
  baseCommit: '1'.repeat(40),
  baseTree: 'b'.repeat(40),
  resultTree: 'a'.repeat(40),
  changes: [],
  message: `Subject\n\n${approvalTrailer(ref.digest)}\n`,
  ...ref,
} as const satisfies Intent;
const pull = { kind: 'pull-request', repo: 'octo/api', branch, baseBranch: 'main', commit: 'e'.repeat(40), title: 'T', body: 'B', ...ref } as const satisfies Intent;
const mint = { kind: 'mint-token', repo: 'octo/api' } as const satisfies Intent;
const review = { kind: 'review-dispatch', repo: CONTROL, targetRepo: 'octo/api', ...ref } as const satisfies Intent;
const update = { kind: 'tracking-issue-update', repo: CONTROL, number: 4, body: '', close: false } as const satisfies Intent;
const create = { kind: 'tracking-issue-create', repo: CONTROL, workflow: WORKFLOW_ID, title: '', body: '' } as const satisfies Intent;
const resume = { kind: 'continue-dispatch', repo: CONTROL, workflow: WORKFLOW_ID, stage: 'patch' } as const satisfies Intent;
const ledger = (...paths: string[]): Intent => ({ kind: 'ledger-commit', repo: CONTROL, workflow: WORKFLOW_ID, paths });
const directory = workflowDirectory(WORKFLOW_ID);

const codeOf = (intent: Intent, of: Workflow | null = workflow): string => {
  const decision = mayWrite(intent, of);
  if (decision.kind === 'refused') expect(decision.reason).toMatch(/\S.*\S$/);
  return decision.kind === 'allowed' ? 'allowed' : decision.code;
};

describe('allowed', () => {
  test.each<[string, Intent, Workflow | null]>([
    ['the first ledger commit', { kind: 'ledger-genesis', repo: CONTROL }, null],
    ['events and evidence', ledger(`${directory}/0001-workflow-created.json`, `${directory}/evidence/${'0'.repeat(64)}.diff`), workflow],
    ['a tracking issue before the workflow exists', create, null],
    ['its update', update, workflow],
    ['a review of the current revision', review, { ...workflow, status: 'WAITING_USER_APPROVAL' }],
    ['the same again, as a retry', review, workflow],
    ['a continuation', resume, { ...workflow, status: 'PATCHES_PROPOSED' }],
    ['a token', mint, workflow],
    ['the commit', commit, workflow],
    ['the pull request before the commit is recorded', pull, workflow],
    ['the pull request after it', pull, withPatchSetOf(workflow, 'ps-1', { applied: { branch, commit: pull.commit, tree: commit.resultTree, verified: true } })],
  ])('%s', (_name, intent, of) => expect(codeOf(intent, of)).toBe('allowed'));
});

describe('control repository', () => {
  test('nothing goes to a target, however it is spelled', () => {
    expect(codeOf({ ...update, repo: 'Octo/API' })).toBe('not-the-control-repo');
    expect(codeOf({ ...review, repo: 'octo/web' }, { ...workflow, trackingIssue: null })).toBe('not-the-control-repo');
    expect(codeOf({ kind: 'ledger-genesis', repo: 'OCTO/web' }, { ...workflow, trackingIssue: null })).toBe('not-the-control-repo');
  });
  test('a source issue in the control repository makes it no stranger', () => {
    const own: Workflow = { ...workflow, trackingIssue: null, source: { ...workflow.source, repo: 'octo/api', number: 4 } };
    expect(codeOf({ ...update, repo: 'octo/api' }, own)).toBe('allowed');
    expect(codeOf({ ...update, repo: 'octo/api', number: 5 }, own)).toBe('not-the-tracking-issue');
  });
  test.each([
    ['ledger.json'],
    ['README.md'],
    [`${directory}/../x.json`],
    [`${directory}/evidence/x.json`],
    [`${directory}/evidence/${'0'.repeat(64)}.exe`],
    [`${directory}/1-workflow-created.json`],
    [`workflows/2026/11/22/wf-20261122-aaaaaa/0001-workflow-created.json`],
    [`.github/workflows/x.yml`],
  ])('no ledger path: %s', (path) => expect(codeOf(ledger(`${directory}/0001-workflow-created.json`, path))).toBe('not-a-ledger-path'));
  test('an empty ledger commit, a foreign workflow', () => {
    expect(codeOf(ledger())).toBe('nothing-to-write');
    expect(codeOf({ kind: 'ledger-commit', repo: CONTROL, workflow: 'wf-20261122-aaaaaa', paths: ['x'] })).toBe('foreign-workflow');
    expect(codeOf({ ...create, workflow: 'wf-20261122-aaaaaa' }, { ...workflow, trackingIssue: null })).toBe('foreign-workflow');
    expect(codeOf({ ...resume, workflow: 'wf-20261122-aaaaaa' })).toBe('foreign-workflow');
  });
  test('a second tracking issue, another issue, no workflow', () => {
    expect(codeOf(create)).toBe('already-tracked');
    expect(codeOf({ ...update, number: 5 })).toBe('not-the-tracking-issue');
    for (const intent of [update, review, resume, mint, commit, pull]) expect(codeOf(intent, null)).toBe('no-workflow');
  });
  test('a review out of its state, of an old revision, before Gate 3, for another repository', () => {
    expect(codeOf(review, { ...workflow, status: 'NEEDS_HUMAN' })).toBe('not-in-this-state');
    expect(codeOf({ ...review, revision: 2 })).toBe('superseded');
    expect(codeOf({ ...review, patchSet: 'ps-9' })).toBe('unknown-patch-set');
    expect(codeOf(review, withPatchSetOf(workflow, 'ps-1', { gate3: null }))).toBe('gate-not-passed');
    expect(codeOf({ ...review, targetRepo: 'octo/web' })).toBe('mismatch');
  });
  test('an ended workflow goes on nowhere', () => expect(codeOf(resume, { ...workflow, status: 'DONE' })).toBe('final'));
});

describe('target repositories', () => {
  const targets = [mint, commit, pull] as const;
  const refusedWith = (code: string, of: Workflow): void => {
    for (const intent of targets) expect(codeOf(intent, of), intent.kind).toBe(code);
  };
  test('only while patches are applied', () => {
    for (const status of ['INGESTED', 'WAITING_USER_APPROVAL', 'PR_OPEN', 'NEEDS_HUMAN', 'DONE', 'FAILED'] as const) refusedWith('not-in-this-state', { ...workflow, status });
  });
  test('only repositories of the workflow, spelled as there', () => {
    for (const intent of targets) for (const repo of ['octo/other', 'OCTO/API', CONTROL]) expect(codeOf({ ...intent, repo }, workflow)).toBe('not-a-target');
  });
  test('not while any PatchSet lacks its approval', () => {
    refusedWith('not-approved', withPatchSetOf(workflow, 'ps-2', { approval: null }));
    refusedWith('not-approved', withPatchSetOf(workflow, 'ps-2', { digest: 'd'.repeat(64) }));
    refusedWith('not-approved', { ...workflow, patchSets: workflow.patchSets.slice(0, 1) });
    refusedWith('not-approved', withPatchSetOf(workflow, 'ps-2', { repo: 'octo/api' }));
    refusedWith('not-approved', withPatchSetOf(workflow, 'ps-2', { changesRequested: { login: 'octocat', comment: 'no' } }));
  });
  test('not by an approval of somebody who is not listed', () => refusedWith('not-an-approver', { ...workflow, approvers: ['hubot'] }));
  test('not before Gate 3 and Gate 4', () => {
    refusedWith('gate-not-passed', withPatchSetOf(workflow, 'ps-2', { gate3: null }));
    refusedWith('gate-not-passed', { ...workflow, gates: { ...workflow.gates, 4: null } });
  });
  test('not before the write is recorded, nor to another branch', () => {
    const unrecorded = withPatchSetOf(workflow, 'ps-1', { write: null });
    expect(codeOf(commit, unrecorded)).toBe('write-not-intended');
    expect(codeOf(pull, unrecorded)).toBe('write-not-intended');
    expect(codeOf({ ...commit, branch: 'main' })).toBe('mismatch');
    expect(codeOf({ ...commit, branch: 'main' }, withPatchSetOf(workflow, 'ps-1', { write: { branch: 'main' } }))).toBe('foreign-branch');
    const hostile = `countersign/${WORKFLOW_ID}/../../main`;
    expect(codeOf({ ...commit, branch: hostile }, withPatchSetOf(workflow, 'ps-1', { write: { branch: hostile } }))).toBe('foreign-branch');
  });
  test('not another tree, base, revision, digest, repository or base branch than approved', () => {
    expect(codeOf({ ...commit, resultTree: 'f'.repeat(40) })).toBe('mismatch');
    expect(codeOf({ ...commit, baseTree: 'f'.repeat(40) })).toBe('mismatch');
    expect(codeOf({ ...commit, baseCommit: 'f'.repeat(40) })).toBe('mismatch');
    expect(codeOf({ ...commit, revision: 2 })).toBe('superseded');
    expect(codeOf({ ...pull, digest: 'f'.repeat(64) })).toBe('superseded');
    expect(codeOf({ ...commit, repo: 'octo/web' })).toBe('mismatch');
    expect(codeOf({ ...pull, baseBranch: 'release' })).toBe('mismatch');
  });
  test('not without the approval trailer, nor with two', () => {
    expect(codeOf({ ...commit, message: 'Subject\n' })).toBe('no-approval-trailer');
    expect(codeOf({ ...commit, message: `${commit.message}Countersign-Approval: sha256:${'f'.repeat(64)}\n` })).toBe('no-approval-trailer');
  });
  test('not twice', () => {
    const applied = withPatchSetOf(workflow, 'ps-1', { applied: { branch, commit: 'f'.repeat(40), tree: commit.resultTree, verified: true } });
    expect(codeOf(commit, applied)).toBe('already-written');
    expect(codeOf(pull, applied)).toBe('mismatch');
    const opened = withPatchSetOf(workflow, 'ps-1', { pullRequest: { number: 3, url: '', head: pull.commit, openedAt: '2026-11-22T10:00:00Z' } });
    expect(codeOf(pull, opened)).toBe('already-written');
    expect(codeOf(mint, opened)).toBe('already-written');
  });
});

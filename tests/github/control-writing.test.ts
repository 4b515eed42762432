import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Intent } from '../../src/domain/intent.ts';
import { git } from '../../src/local/server/test-server.ts';
import type { Fault } from '../../src/local/server/world.ts';
import { createControlWriter } from '../../src/write-gate/control-writer.ts';
import { createLedgerBranch } from '../../src/write-gate/ledger-genesis.ts';
import { approvedWorkflow, WORKFLOW_ID } from '../support/approved-workflow.ts';
import { accessOf, CONTROL, startTestServer, TARGET, type TestServer } from './local-github.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  expect(server.services.violations).toEqual([]);
  await server.close();
});

const writer = (permissions: Parameters<typeof accessOf>[1]) => createControlWriter({ ...accessOf(server, permissions), repo: CONTROL, defaultBranch: 'main' });
const tracked = (number: number) => approvedWorkflow({ trackingIssue: { repo: CONTROL, number } });
const mutations = () => server.log().filter(({ mutating }) => mutating).map(({ method, path }) => `${method} ${path.replace('/api/v3', '')}`);
/** Lets this happen to the first `times` mutations. */
function breakFirst(fault: Fault, times = 1): void {
  let left = times;
  server.services.faults = ({ mutating }) => (mutating && left-- > 0 ? fault : 'pass');
}

describe('the tracking issue', () => {
  const create: Extract<Intent, { kind: 'tracking-issue-create' }> = { kind: 'tracking-issue-create', repo: CONTROL, workflow: WORKFLOW_ID, title: `${WORKFLOW_ID}: A title`, body: 'First' };
  const update = (number: number, close = false): Extract<Intent, { kind: 'tracking-issue-update' }> => ({ kind: 'tracking-issue-update', repo: CONTROL, number, body: 'Second', close });
  const issues = () => server.state.issues.filter(({ repo }) => repo === CONTROL);

  test('is opened, edited in place, and closed with the workflow', async () => {
    const control = writer({ issues: 'write' });
    const { number, url } = await control.createTrackingIssue(create);
    expect(url).toBe(`${server.url}/${CONTROL}/issues/${number}`);
    await control.updateTrackingIssue(update(number), tracked(number));
    expect(issues()).toMatchObject([{ number, body: 'Second', state: 'open', user: 'github-actions[bot]' }]);
    await control.updateTrackingIssue(update(number, true), tracked(number));
    expect(issues()).toMatchObject([{ state: 'closed' }]);
    expect(mutations()).toEqual([`POST /repos/${CONTROL}/issues`, `PATCH /repos/${CONTROL}/issues/1`, `PATCH /repos/${CONTROL}/issues/1`]);
  });

  test('whose opening was not acknowledged is not opened twice', async () => {
    breakFirst({ kind: 'kill-after' });
    await expect(writer({ issues: 'write' }).createTrackingIssue(create)).rejects.toMatchObject({ kind: 'outside', code: 'outcome-unknown' });
    expect(issues()).toHaveLength(1);
  });

  test.each([{ kind: 'kill-before' }, { kind: 'kill-after' }, { kind: 'status', status: 503 }] as const)('is edited again after %j', async (fault) => {
    const control = writer({ issues: 'write' });
    const { number } = await control.createTrackingIssue(create);
    breakFirst(fault, 2);
    await control.updateTrackingIssue(update(number), tracked(number));
    expect(issues()).toMatchObject([{ body: 'Second' }]);
  });

  test.each([
    ['in a target repository', () => writer({ issues: 'write' }).createTrackingIssue({ ...create, repo: TARGET }), 'not-the-control-repo'],
    ['that is another workflow’s', () => writer({ issues: 'write' }).updateTrackingIssue(update(9), tracked(1)), 'not-the-tracking-issue'],
  ] as const)('%s: refused before any request', async (_name, write, code) => {
    await expect(write()).rejects.toMatchObject({ kind: 'refused', code });
    expect(mutations()).toEqual([]);
  });

  test('a job without the permission is told so', async () => {
    await expect(writer({ contents: 'read' }).createTrackingIssue(create)).rejects.toMatchObject({ kind: 'outside', code: 'github-permission' });
  });
});

describe('dispatches', () => {
  const review = { kind: 'review-dispatch', repo: CONTROL, targetRepo: 'octo/api', patchSet: 'ps-1', revision: 1, digest: 'a'.repeat(64) } as const;
  const next = { kind: 'continue-dispatch', repo: CONTROL, workflow: WORKFLOW_ID, stage: 'patch' } as const;

  test('a review run carries the digest and gives back its id', async () => {
    const { runId, url } = await writer({ actions: 'write' }).dispatchReview(review, tracked(1));
    expect(server.state.runs).toMatchObject([{ id: runId, workflowFile: 'apply.yml', headBranch: 'main', inputs: { workflow: WORKFLOW_ID, 'patch-set': 'ps-1', revision: '1', digest: review.digest, repo: 'octo/api' } }]);
    expect(url).toBe(`${server.url}/${CONTROL}/actions/runs/${runId}`);
  });

  test('the next stage is started by an event that names it', async () => {
    const workflow = { ...tracked(1), status: 'PATCHES_PROPOSED' as const };
    await writer({ contents: 'write' }).dispatchContinue(next, workflow);
    await server.services.settled();
    expect(server.events.at(-1)).toMatchObject({ name: 'repository_dispatch', payload: { action: 'countersign-continue', client_payload: { workflow: WORKFLOW_ID, stage: 'patch' } } });
  });

  test.each([{ kind: 'kill-after' }, { kind: 'status', status: 502 }] as const)('after %j neither is sent twice: nobody pays or is asked twice', async (fault) => {
    breakFirst(fault, 2);
    await expect(writer({ actions: 'write' }).dispatchReview(review, tracked(1))).rejects.toMatchObject({ code: 'outcome-unknown' });
    await expect(writer({ contents: 'write' }).dispatchContinue(next, { ...tracked(1), status: 'PATCHES_PROPOSED' })).rejects.toMatchObject({ code: 'outcome-unknown' });
    expect(mutations()).toHaveLength(2);
  });

  test('of another digest than the current one: refused before any request', async () => {
    await expect(writer({ actions: 'write' }).dispatchReview({ ...review, digest: 'b'.repeat(64) }, tracked(1))).rejects.toMatchObject({ kind: 'refused' });
    expect(mutations()).toEqual([]);
  });

  test('a job without the permission is told so', async () => {
    await expect(writer({ contents: 'read' }).dispatchReview(review, tracked(1))).rejects.toMatchObject({ code: 'github-permission' });
  });
});

describe('the ledger’s beginning', () => {
  const begin = () => createLedgerBranch(accessOf(server, { contents: 'write' }), { kind: 'ledger-genesis', repo: CONTROL }, '{"format":"countersign/ledger@1"}');
  const gitDir = () => server.services.gitDir(CONTROL);

  test('an orphan commit with one file, and a second time it is there', async () => {
    const first = await begin();
    expect(first).toEqual({ kind: 'created', commit: git(gitDir(), 'rev-parse', 'ledger') });
    expect(git(gitDir(), 'ls-tree', '-r', '--format=%(objectmode) %(path)', 'ledger')).toBe('100644 ledger.json');
    expect(git(gitDir(), 'show', 'ledger:ledger.json')).toBe('{"format":"countersign/ledger@1"}');
    expect(await begin()).toEqual({ kind: 'exists' });
  });

  test.each(['kill-before', 'kill-after'] as const)('a fault (%s) at each of its requests leaves exactly one', async (kind) => {
    for (const broken of [0, 1, 2]) {
      let index = 0;
      server.services.faults = ({ mutating }) => (mutating && index++ === broken ? { kind } : 'pass');
      const result = await begin();
      // After a lost acknowledgement the branch is found, and it is the one that was just made.
      expect(result.kind).toBe(kind === 'kill-after' && broken === 2 ? 'exists' : 'created');
      expect(git(gitDir(), 'rev-list', '--count', 'ledger')).toBe('1');
      git(gitDir(), 'update-ref', '-d', 'refs/heads/ledger');
    }
  });

  test('a token that may only read begins nothing', async () => {
    const reader = accessOf(server, { contents: 'read' });
    await expect(createLedgerBranch(reader, { kind: 'ledger-genesis', repo: CONTROL }, '{}')).rejects.toMatchObject({ code: 'github-permission' });
    expect(git(gitDir(), 'for-each-ref', 'refs/heads/ledger')).toBe('');
  });
});

import { expect, test } from 'vitest';
import { approvedWorkflow } from '../../tests/support/approved-workflow.ts';
import { doneReason, stateLine } from './say.ts';

const job = { serverUrl: 'http://github.localhost:4180', controlRepo: 'local/control', siteUrl: null } as const;

test('why a workflow is DONE is said once, and any other reason for its end beside the state', () => {
  const base = approvedWorkflow();
  const done = stateLine({ ...base, status: 'DONE', outcome: { status: 'DONE', reason: doneReason(base) } }, job);
  expect(done.split(doneReason(base))).toHaveLength(2);
  expect(stateLine({ ...base, status: 'FAILED', outcome: { status: 'FAILED', reason: 'ps-1 r1 was rejected by octocat.' } }, job)).toContain('ps-1 r1 was rejected by octocat.');
});

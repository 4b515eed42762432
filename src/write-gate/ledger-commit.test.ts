import { afterEach, expect, test } from 'vitest';

import { CONTROL, WORKFLOW_ID } from '../../tests/support/approved-workflow.ts';
import { fakeClock, fakeRandom, startLoopback, type Loopback, type LoopbackAnswer } from '../../tests/support/loopback-server.ts';
import { workflowDirectory } from '../domain/ids.ts';
import { commitToLedger } from './ledger-commit.ts';

const TIP = '1'.repeat(40);
const NEW = '2'.repeat(40);
const path = `${workflowDirectory(WORKFLOW_ID)}/0001-workflow-created.json`;
const commit = { expectedTip: TIP, message: 'wf: created\n\nCountersign-Events: 1\n', files: [{ path, bytes: new TextEncoder().encode('{}') }] };

let server: Loopback | undefined;
afterEach(() => server?.close());

async function append(body: unknown, fault?: 'before' | 'after' | number) {
  server = await startLoopback((): LoopbackAnswer => ({ status: 200, body }));
  if (fault !== undefined) server.faults.set(0, fault);
  return commitToLedger({ apiUrl: server.url, graphqlUrl: `${server.url}/graphql`, token: 'ghs_secret', userAgent: 'test', clock: fakeClock(), random: fakeRandom }, CONTROL, commit);
}

const done = { data: { createCommitOnBranch: { commit: { oid: NEW } } } };

test('one request with the expected tip, the files as base64, the message in two parts', async () => {
  expect(await append(done)).toEqual({ kind: 'committed', commit: NEW });
  expect(server?.requests).toHaveLength(1);
  expect(server?.requests[0]?.body).toMatchObject({
    variables: { input: { expectedHeadOid: TIP, branch: { repositoryNameWithOwner: CONTROL, branchName: 'ledger' }, message: { headline: 'wf: created', body: 'Countersign-Events: 1' }, fileChanges: { additions: [{ path, contents: 'e30=' }] } } },
  });
});

test('a moved branch is a lost race, not an error', async () => {
  const stale = { data: { createCommitOnBranch: null }, errors: [{ type: 'STALE_DATA', message: `Expected branch to point to "${TIP}" but it did not.  Pull and try again.` }] };
  expect(await append(stale)).toEqual({ kind: 'lost-race' });
});

test.each(['before', 'after', 502] as const)('%s: not repeated, the append protocol has to look', async (fault) => {
  await expect(append(done, fault)).rejects.toMatchObject({ kind: 'outside', code: 'outcome-unknown' });
  expect(server?.requests).toHaveLength(1);
});

test('GitHub’s own words, without the token', async () => {
  const refusal = append({ data: null, errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by ghs_secret' }] });
  await expect(refusal).rejects.toThrow(/FORBIDDEN: Resource not accessible by \*\*\*/);
});

test('paths outside the workflow’s records never leave the machine', async () => {
  const access = { apiUrl: 'http://127.0.0.1:1', graphqlUrl: 'http://127.0.0.1:1', token: '', userAgent: 'test', clock: fakeClock(), random: fakeRandom };
  const stray = { ...commit, files: [...commit.files, { path: 'README.md', bytes: new Uint8Array() }] };
  await expect(commitToLedger(access, CONTROL, stray)).rejects.toMatchObject({ kind: 'refused', code: 'not-a-ledger-path' });
});

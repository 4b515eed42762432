import { afterEach, describe, expect, test } from 'vitest';

import { fakeClock, fakeRandom, startLoopback, type Loopback } from '../../tests/support/loopback-server.ts';
import { createGitHubClient } from './client.ts';
import { checksOfRollup } from './check-rollup.ts';
import { readPullRequests } from './pull-requests.ts';

const HEAD = 'a'.repeat(40);
const TREE = 'b'.repeat(40);

type Rollup = NonNullable<Parameters<typeof checksOfRollup>[0]>;
type Context = Rollup['contexts']['nodes'][number];
const run = (conclusion: string | null, startedAt: string | null, { name = 'test', suite = 'CS_1', app = 15368 }: { name?: string; suite?: string; app?: number | null } = {}): Context => ({
  __typename: 'CheckRun', name, status: conclusion === null ? 'QUEUED' : 'COMPLETED', conclusion, startedAt, detailsUrl: null, checkSuite: { id: suite, app: app === null ? null : { databaseId: app } },
});
const rollup = (nodes: Context[], hasNextPage = false): Rollup => ({ contexts: { pageInfo: { hasNextPage }, nodes } });
const states = (...nodes: Context[]) => checksOfRollup(rollup(nodes))?.map(({ state }) => state);

describe('a rollup', () => {
  test('a run that was repeated counts as its repetition, begun or not', () => {
    expect(states(run('FAILURE', '2026-01-01T00:00:00Z'), run('SUCCESS', '2026-01-01T00:05:00Z'))).toEqual(['passed']);
    expect(states(run('SUCCESS', '2026-01-01T00:05:00Z'), run('FAILURE', '2026-01-01T00:00:00Z'))).toEqual(['passed']);
    expect(states(run('SUCCESS', '2026-01-01T00:00:00Z'), run(null, null))).toEqual(['pending']);
  });

  test('runs of one name from two suites both count', () => {
    expect(states(run('SUCCESS', '2026-01-01T00:05:00Z'), run('FAILURE', '2026-01-01T00:00:00Z', { suite: 'CS_2' }))).toEqual(['passed', 'failed']);
  });

  test('a conclusion that is not known counts as failed, one without an App as nobody’s', () => {
    expect(states(run('STALE', '2026-01-01T00:00:00Z'), run('SOMETHING_NEW', '2026-01-01T00:00:00Z', { name: 'new' }))).toEqual(['failed', 'failed']);
    expect(checksOfRollup(rollup([run('SUCCESS', null, { app: null })]))?.[0]?.integrationId).toBeNull();
  });

  test('one that was cut off is not taken for the whole', () => expect(checksOfRollup(rollup([run('SUCCESS', null)], true))).toBeNull());
  test('none is an empty list', () => expect(checksOfRollup(null)).toEqual([]));
});

describe('a token that GraphQL refuses the checks, as it does every fine-grained one', () => {
  let server: Loopback | undefined;
  afterEach(() => server?.close());

  async function read(rest: number) {
    server = await startLoopback(({ path, body }) => {
      if (path === '/graphql') {
        const refused = JSON.stringify(body).includes('statusCheckRollup');
        const rule = { type: 'REQUIRED_STATUS_CHECKS', parameters: { requiredStatusChecks: [{ context: 'test', integrationId: -1 }] } };
        const base = { rules: { pageInfo: { hasNextPage: false }, nodes: [rule] } };
        const commit = { oid: HEAD, tree: { oid: TREE } };
        const pull0 = { nameWithOwner: 'octo/api', base, pullRequest: { number: 1, state: 'OPEN', headRefOid: HEAD, commits: { nodes: [{ commit }] } } };
        return { status: 200, body: { data: { pull0 }, ...(refused ? { errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by personal access token' }] } : {}) } };
      }
      if (rest !== 200) return { status: rest };
      if (path.endsWith('/check-runs')) return { status: 200, body: { check_runs: [{ name: 'test', head_sha: HEAD, status: 'completed', conclusion: 'success', html_url: null, app: { id: 15368 } }] } };
      return { status: 200, body: { sha: HEAD, statuses: [] } };
    });
    const client = createGitHubClient({ apiUrl: server.url, graphqlUrl: `${server.url}/graphql`, token: 't', userAgent: 'test', clock: fakeClock(), random: fakeRandom });
    return readPullRequests(client, [{ repo: 'octo/api', number: 1, base: 'main' }]);
  }

  test('reads them over REST, which shows a public repository’s to anybody', async () => {
    expect(await read(200)).toEqual([{ number: 1, state: 'open', head: HEAD, tree: TREE, rules: [{ context: 'test', integrationId: null }], checks: [{ context: 'test', integrationId: 15368, state: 'passed', url: null }] }]);
    expect(server?.requests.map(({ path }) => path)).toEqual(['/graphql', '/graphql', `/repos/octo/api/commits/${HEAD}/check-runs`, `/repos/octo/api/commits/${HEAD}/status`]);
  });

  test('is refused where REST refuses too', async () => {
    await expect(read(403)).rejects.toMatchObject({ code: 'github-permission' });
  });
});

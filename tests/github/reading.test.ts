import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { LocalCheck } from '../../src/local/contract.ts';
import { git } from '../../src/local/server/test-server.ts';
import { createControlReader } from '../../src/github/control-reader.ts';
import { createTargetReader } from '../../src/github/target-reader.ts';
import type { CheckView } from '../../src/ports/github-reader.ts';
import { clientOf, CONTROL, startTestServer, TARGET, type TestServer } from './local-github.ts';

const ACTIONS = 15368;
const READING = { contents: 'read', issues: 'read', pull_requests: 'read', checks: 'read', statuses: 'read' } as const;

let server: TestServer;
let head = '';
beforeAll(async () => {
  server = await startTestServer();
  head = await openPullRequest();
});
afterAll(async () => {
  expect(server.services.violations).toEqual([]);
  await server.close();
});

/** A branch with one commit and a pull request from it: number 2, after the issue. Gives its head. */
async function openPullRequest(): Promise<string> {
  const gitDir = server.services.gitDir(TARGET);
  const tree = git(gitDir, 'rev-parse', 'main^{tree}');
  const commit = git(gitDir, 'commit-tree', tree, '-p', 'main', '-m', 'Change');
  git(gitDir, 'update-ref', 'refs/heads/countersign/x', commit);
  expect((await server.api(`/repos/${TARGET}/pulls`, { method: 'POST', body: { title: 'T', head: 'countersign/x', base: 'main' } })).status).toBe(201);
  return commit;
}

const check = (name: string, more: Partial<LocalCheck> = {}): LocalCheck => ({
  repo: TARGET, sha: head, id: server.services.nextId(), name, appId: ACTIONS, status: 'completed', conclusion: 'success', url: `https://ci.example/${name}`, startedAt: '2026-01-01T00:00:00Z', completedAt: '2026-01-01T00:01:00Z', ...more,
});
function report(...checks: LocalCheck[]): void {
  server.state.checks.splice(0, server.state.checks.length, ...checks);
}
const setStatus = (context: string, state: 'pending' | 'success' | 'failure' | 'error'): void => void server.state.statuses.push({ repo: TARGET, sha: head, context, state, url: null, at: '2026-01-01T00:00:00Z' });
const targets = (permissions = READING as Readonly<Record<string, 'read' | 'write' | 'none'>>) => createTargetReader(clientOf(server, permissions));
const control = (permissions: Readonly<Record<string, 'read' | 'write' | 'none'>>) => createControlReader(clientOf(server, permissions, CONTROL), CONTROL);
const readPull = async (reader = targets()) => (await reader.readPullRequests([{ repo: TARGET, number: 2, base: 'main' }]))[0];
const statesOf = (checks: readonly CheckView[] = []): Record<string, string> => Object.fromEntries(checks.map(({ context, state }) => [context, state]));
const requestsOf = async (work: () => Promise<unknown>): Promise<string[]> => {
  const before = server.log().length;
  await work();
  return server.log().slice(before).map(({ method, path }) => `${method} ${path.replace('/api/v3', '')}`);
};

describe('an issue, and what is none', () => {
  const readIssue = async (number: number, repo = TARGET) => targets().readIssue(repo, number);

  test('an issue says whether it is open', async () => {
    const { number } = (await server.api(`/repos/${TARGET}/issues`, { method: 'POST', body: { title: 'Closed soon' } })).body as { number: number };
    expect(await readIssue(number)).toMatchObject({ number, title: 'Closed soon', state: 'open' });
    await server.api(`/repos/${TARGET}/issues/${number}`, { method: 'PATCH', body: { state: 'closed' } });
    expect(await readIssue(number)).toMatchObject({ state: 'closed' });
  });

  test('a pull request, nothing, and a repository that is not to be seen are each a sentence of their own', async () => {
    await expect(readIssue(2)).rejects.toMatchObject({ kind: 'input', code: 'is-a-pull-request', message: expect.stringContaining('open one that says what is to change') });
    await expect(readIssue(4_711)).rejects.toMatchObject({ kind: 'input', code: 'no-issue', message: expect.stringContaining('deleted or moved') });
    await expect(readIssue(1, 'octo/private')).rejects.toMatchObject({ kind: 'input', code: 'no-repo', message: expect.stringContaining('octo/private does not exist, or the token may not see it') });
  });
});

describe('pull requests and the checks of their heads', () => {
  test('state, head, tree and every check in one request', async () => {
    report(check('test'), check('lint', { conclusion: 'failure' }));
    setStatus('legacy', 'pending');
    expect(await requestsOf(() => readPull())).toEqual(['POST /api/graphql']);
    const pull = await readPull();
    expect(pull).toMatchObject({ number: 2, state: 'open', head, tree: git(server.services.gitDir(TARGET), 'rev-parse', `${head}^{tree}`) });
    expect(pull?.checks).toEqual([
      { context: 'test', integrationId: ACTIONS, state: 'passed', url: 'https://ci.example/test' },
      { context: 'lint', integrationId: ACTIONS, state: 'failed', url: 'https://ci.example/lint' },
      { context: 'legacy', integrationId: null, state: 'pending', url: null },
    ]);
    server.state.statuses.length = 0;
  });

  test('several pull requests are one request too, in the order asked', async () => {
    const [first, second] = await targets().readPullRequests([{ repo: TARGET, number: 2, base: 'main' }, { repo: TARGET, number: 2, base: 'main' }]);
    expect(first).toEqual(second);
    expect(await targets().readPullRequests([])).toEqual([]);
  });

  test.each([
    ['queued', null, 'pending'], ['in_progress', null, 'pending'], ['completed', 'success', 'passed'], ['completed', 'neutral', 'passed'], ['completed', 'skipped', 'passed'], ['completed', 'failure', 'failed'],
    ['completed', 'cancelled', 'failed'], ['completed', 'timed_out', 'failed'], ['completed', 'action_required', 'action_required'],
  ] as const)('a check run %s %s counts as %s', async (status, conclusion, state) => {
    report(check('test', { status, conclusion }));
    expect(statesOf((await readPull())?.checks)).toEqual({ test: state });
  });

  test.each([['pending', 'pending'], ['success', 'passed'], ['failure', 'failed'], ['error', 'failed']] as const)('a status %s counts as %s, and only the latest of a context', async (said, state) => {
    report();
    setStatus('legacy', 'failure');
    setStatus('legacy', said);
    expect(statesOf((await readPull())?.checks)).toEqual({ legacy: state });
    server.state.statuses.length = 0;
  });

  test('no check at all is an empty list; checks of other commits are none of ours', async () => {
    report(check('test', { sha: server.head }));
    expect((await readPull())?.checks).toEqual([]);
  });

  test('more checks than one answer holds are all read', async () => {
    report(...Array.from({ length: 230 }, (_, index) => check(`check-${index}`)), check('the-last', { conclusion: 'failure' }));
    const pull = await readPull();
    expect(pull?.checks).toHaveLength(231);
    expect(statesOf(pull?.checks)['the-last']).toBe('failed');
  });

  test('a token that may not read check runs is refused, not told that there are none', async () => {
    report(check('test'));
    const { checks: _none, ...rest } = READING;
    await expect(readPull(targets(rest))).rejects.toMatchObject({ kind: 'outside', code: 'github-permission' });
  });

  test('a head that was pushed away from under the answer is read by itself', async () => {
    report(check('test'));
    const pull = server.state.issues.find(({ number, repo }) => repo === TARGET && number === 2)?.pull;
    if (!pull) throw new Error('The pull request is missing.');
    // Its head lies on the base: GitHub then lists no commit of the pull request.
    pull.headSha = server.head;
    report(check('test', { sha: server.head }));
    expect(await readPull()).toMatchObject({ head: server.head, checks: [{ context: 'test', state: 'passed' }] });
    pull.headSha = head;
  });

  test('no such pull request, and an issue’s number', async () => {
    await expect(targets().readPullRequests([{ repo: TARGET, number: 99, base: 'main' }])).rejects.toMatchObject({ kind: 'input' });
    await expect(targets().readPullRequests([{ repo: TARGET, number: 1, base: 'main' }])).rejects.toMatchObject({ kind: 'input' });
  });
});

describe('required checks', () => {
  test('rulesets and classic protection, both, with the App where one is named', async () => {
    expect(await targets().readRequiredChecks(TARGET, 'main', null)).toEqual([{ context: 'test', integrationId: ACTIONS }, { context: 'lint', integrationId: null }]);
    expect(await requestsOf(() => targets().readRequiredChecks(TARGET, 'main', null))).toHaveLength(2);
  });

  test('rules that came with the pull request are not asked for again, and add up to the same', async () => {
    const rules = (await readPull())?.rules ?? null;
    expect(rules).toEqual([{ context: 'test', integrationId: ACTIONS }]);
    expect(await targets().readRequiredChecks(TARGET, 'main', rules)).toEqual(await targets().readRequiredChecks(TARGET, 'main', null));
    expect(await requestsOf(() => targets().readRequiredChecks(TARGET, 'main', rules))).toEqual([`GET /repos/${TARGET}/branches/main`]);
  });

  test('no rules in the answer are not taken for "none required": the REST API is asked', async () => {
    const [unknown] = await targets().readPullRequests([{ repo: TARGET, number: 2, base: 'gone' }]);
    expect(unknown?.rules).toBeNull();
  });

  test('a branch without any', async () => {
    expect(await createTargetReader(clientOf(server, READING, CONTROL)).readRequiredChecks(CONTROL, 'main', null)).toEqual([]);
  });

  test('a branch that is not there, and a token that may not look, are no "none required"', async () => {
    await expect(targets().readRequiredChecks(TARGET, 'gone', null)).rejects.toMatchObject({ kind: 'outside', code: 'github-not-found' });
    await expect(targets({ issues: 'read' }).readRequiredChecks(TARGET, 'main', null)).rejects.toMatchObject({ code: 'github-permission' });
  });
});

describe('the control repository', () => {
  const ENVIRONMENT = 'countersign-approval';

  test('an environment shows how many reviewers it requires right now', async () => {
    const environment = server.state.repos.find(({ name }) => name === CONTROL)?.environments[0];
    if (!environment) throw new Error('The environment is missing.');
    expect(await control({ actions: 'read' }).readEnvironment(ENVIRONMENT)).toEqual({ exists: true, reviewers: 1 });
    environment.reviewers = [];
    expect(await control({ actions: 'read' }).readEnvironment(ENVIRONMENT)).toEqual({ exists: true, reviewers: 0 });
    environment.reviewers = ['octocat'];
    expect(await control({ actions: 'read' }).readEnvironment('no-such')).toEqual({ exists: false, reviewers: 0 });
    await expect(control({ contents: 'read' }).readEnvironment(ENVIRONMENT)).rejects.toMatchObject({ code: 'github-permission' });
  });

  test('reviews come with the person and the environment they were given for', async () => {
    const dispatched = await server.api(`/repos/${CONTROL}/actions/workflows/ci.yml/dispatches`, { method: 'POST', body: { ref: 'main', return_run_details: true } });
    const run = dispatched.body.workflow_run_id;
    expect(await control({ actions: 'read' }).readReviews(run)).toEqual([]);
    const environments = (await server.api(`/repos/${CONTROL}/environments`)).body.environments.map(({ id }: { id: number }) => id);
    await server.api(`/repos/${CONTROL}/actions/runs/${run}/pending_deployments`, { method: 'POST', body: { environment_ids: environments, state: 'rejected', comment: 'changes: smaller' } });
    const octocat = server.state.users.find(({ login }) => login === 'octocat');
    expect(await control({ actions: 'read' }).readReviews(run)).toEqual([{ state: 'rejected', comment: 'changes: smaller', login: 'octocat', userId: octocat?.id, userType: 'User', environments: [ENVIRONMENT] }]);
    await expect(control({ actions: 'read' }).readReviews(999_999)).rejects.toMatchObject({ code: 'github-not-found' });
  });

  test('of the open issues those that name a workflow, and no pull request', async () => {
    const post = async (body: string) => (await server.api(`/repos/${CONTROL}/issues`, { method: 'POST', body: { title: 'T', body } })).body.number as number;
    const named = await post('<!-- countersign:begin wf-20261122-k3v9q2 -->');
    await post('nothing of ours');
    const closed = await post('wf-20261122-aaaaaa');
    await server.api(`/repos/${CONTROL}/issues/${closed}`, { method: 'PATCH', body: { state: 'closed' } });
    expect(await control({ issues: 'read' }).readOpenIssues()).toEqual([{ number: named, body: '<!-- countersign:begin wf-20261122-k3v9q2 -->' }]);
  });

  test('an issue, and the settings that are not there', async () => {
    expect(await targets().readIssue(TARGET, 1)).toMatchObject({ title: 'Retry-After is ignored', author: 'octocat' });
    expect(await control({ contents: 'read' }).readConfig()).toBeNull();
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSign } from 'node:crypto';
import { Agent, request } from 'node:http';
import { EVERYTHING, git, sampleRun, startTestServer } from './test-server.ts';
import type { TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  expect(server.services.violations.filter((text) => !text.startsWith('request:') && !text.includes('outside the served slice'))).toEqual([]);
  await server.close();
});

const REPO = '/repos/local/api';
const jwtFor = (issuer: number, key: string): string => {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const unsigned = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iss: issuer, iat: now - 30, exp: now + 500 })}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(key, 'base64url')}`;
};

/** Posts one after the other over one connection of its own, as a job's process does; gives the last answer's `token`. */
async function post(requests: { path: string; token: string; body: unknown }[]): Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let answer = '';
  for (const one of requests) {
    answer = await new Promise<string>((resolve, reject) => {
      const sent = request(`${server.services.url.api}${one.path}`, { method: 'POST', agent, headers: { authorization: `Bearer ${one.token}` } }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve(text));
      });
      sent.on('error', reject);
      sent.end(JSON.stringify(one.body));
    });
  }
  agent.destroy();
  return JSON.parse(answer).token;
}

describe('reading', () => {
  test.each([
    REPO, `${REPO}/branches/main`, `${REPO}/branches`, `${REPO}/rules/branches/main`, `${REPO}/rulesets`, `${REPO}/git/ref/heads/main`, `${REPO}/git/matching-refs/heads`, `${REPO}/contents/src/a.ts`, `${REPO}/contents/src`,
    `${REPO}/issues`, `${REPO}/issues/1`, `${REPO}/issues/1/comments`, `${REPO}/pulls`, `${REPO}/commits/main`, `${REPO}/commits/main/check-runs`, `${REPO}/commits/main/status`, `${REPO}/actions/runs`, `${REPO}/actions/secrets`, `${REPO}/pages`,
    '/repos/local/control/environments', '/repos/local/control/environments/countersign-approval', '/repos/local/control/environments/countersign-approval/deployment-branch-policies',
    '/repos/local/control/environments/countersign-approval/secrets', '/user', '/rate_limit', `${REPO}/git/trees/main?recursive=1`,
  ])('%s answers as GitHub describes it', async (path) => {
    const { status, body } = await server.api(path);
    expect(body?.message).toBeUndefined();
    expect(status).toBe(200);
  });

  test('a branch names its required contexts', async () => {
    const { body } = await server.api(`${REPO}/branches/main`);
    expect(body.protection.required_status_checks.contexts).toEqual(['lint']);
    const rules = await server.api(`${REPO}/rules/branches/main`);
    expect(rules.body[0].parameters.required_status_checks).toEqual([{ context: 'test', integration_id: 15368 }]);
  });

  test('an environment shows its reviewers and the bypass, and never a secret', async () => {
    const { body } = await server.api('/repos/local/control/environments/countersign-approval');
    expect(body.can_admins_bypass).toBe(false);
    expect(body.protection_rules[0].reviewers[0].reviewer.login).toBe('octocat');
    expect(JSON.stringify(body)).not.toContain('PRIVATE');
    const secrets = await server.api('/repos/local/control/environments/countersign-approval/secrets');
    expect(secrets.body.secrets.map((secret: { name: string }) => secret.name)).toEqual(['WRITER_KEY']);
  });

  test('lists come in pages with links', async () => {
    for (let index = 0; index < 3; index += 1) await server.api(`${REPO}/issues`, { method: 'POST', body: { title: `Page ${index}` } });
    const first = await server.api(`${REPO}/issues?per_page=2`);
    expect(first.body).toHaveLength(2);
    expect(first.headers.get('link')).toContain('rel="next"');
  });

  test('what is not served is a 501 and is recorded', async () => {
    const { status } = await server.api(`${REPO}/stargazers`);
    expect(status).toBe(501);
    expect(server.services.violations.some((text) => text.includes('stargazers'))).toBe(true);
  });

  test('a body that breaks the description is a 422 and is recorded', async () => {
    const { status, body } = await server.api(`${REPO}/issues`, { method: 'POST', body: { body: 'no title' } });
    expect(status).toBe(422);
    expect(body.message).toContain('title');
  });
});

describe('issues', () => {
  test('a comment starts issue_comment and an edit starts edited', async () => {
    const { status, body } = await server.api(`${REPO}/issues/1/comments`, { method: 'POST', body: { body: '/answer 1: yes' } });
    expect(status).toBe(201);
    expect(body.user.login).toBe('octocat');
    await server.services.settled();
    expect(server.events.at(-1)).toMatchObject({ name: 'issue_comment', action: 'created', byJobToken: false, actor: 'octocat' });
    const edited = await server.api(`${REPO}/issues/1`, { method: 'PATCH', token: server.job({ issues: 'write' }).token, body: { body: 'New' } });
    expect(edited.body.body).toBe('New');
    await server.services.settled();
    expect(server.events.at(-1)).toMatchObject({ name: 'issues', action: 'edited', byJobToken: true });
  });
});

describe('git data', () => {
  test('a commit by an installation token on a new branch is verified and becomes a pull request', async () => {
    const app = server.state.apps[0];
    const jwt = jwtFor(app?.id ?? 0, server.privateKey);
    const installation = await server.api(`${REPO}/installation`, { token: jwt });
    expect(installation.status).toBe(200);
    const minted = await server.api(`/app/installations/${installation.body.id}/access_tokens`, { method: 'POST', token: jwt, body: { repositories: ['api'], permissions: { contents: 'write', pull_requests: 'write' } } });
    expect(minted.status).toBe(201);
    const { token } = minted.body;
    const base = await server.api(`${REPO}/git/commits/${server.head}`, { token });
    const blob = await server.api(`${REPO}/git/blobs`, { method: 'POST', token, body: { content: Buffer.from('two').toString('base64'), encoding: 'base64' } });
    const tree = await server.api(`${REPO}/git/trees`, {
      method: 'POST', token,
      body: { base_tree: base.body.tree.sha, tree: [{ path: 'src/b.ts', mode: '100755', type: 'blob', sha: blob.body.sha }, { path: 'src/a.ts', mode: '100644', type: 'blob', sha: null }, { path: 'c/d.txt', mode: '100644', type: 'blob', content: 'é' }] },
    });
    expect(tree.status).toBe(201);
    const commit = await server.api(`${REPO}/git/commits`, { method: 'POST', token, body: { message: 'Change', tree: tree.body.sha, parents: [server.head] } });
    expect(commit.body.verification).toMatchObject({ verified: true, reason: 'valid' });
    expect(commit.body.author.name).toBe('writer[bot]');
    const ref = { ref: 'refs/heads/countersign/wf-1/ps-1', sha: commit.body.sha };
    expect((await server.api(`${REPO}/git/refs`, { method: 'POST', token, body: ref })).status).toBe(201);
    expect((await server.api(`${REPO}/git/refs`, { method: 'POST', token, body: ref })).body.message).toBe('Reference already exists');
    expect(git(server.services.gitDir('local/api'), 'ls-tree', '-r', '--name-only', commit.body.sha).split('\n')).toEqual(['.github/workflows/ci.yml', 'README.md', 'c/d.txt', 'src/b.ts']);
    expect(git(server.services.gitDir('local/api'), 'fsck', '--strict')).toBe('');
    const pull = { title: 'Change', head: 'countersign/wf-1/ps-1', base: 'main', body: 'Why' };
    const opened = await server.api(`${REPO}/pulls`, { method: 'POST', token, body: pull });
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({ commits: 1, changed_files: 3, head: { sha: commit.body.sha } });
    const again = await server.api(`${REPO}/pulls`, { method: 'POST', token, body: pull });
    expect(again.status).toBe(422);
    expect(again.body.errors[0].message).toBe('A pull request already exists for local:countersign/wf-1/ps-1.');
    const listed = await server.api(`${REPO}/pulls?head=local:countersign/wf-1/ps-1`, { token });
    expect(listed.body).toHaveLength(1);
    for (const path of ['files', 'commits']) expect((await server.api(`${REPO}/pulls/${opened.body.number}/${path}`, { token })).status).toBe(200);
    const custom = await server.api(`${REPO}/git/commits`, { method: 'POST', token, body: { message: 'Own name', tree: tree.body.sha, parents: [], author: { name: 'A', email: 'a@b.c' } } });
    expect(custom.body.verification).toMatchObject({ verified: false, reason: 'unsigned' });
    expect((await server.api('/installation/token', { method: 'DELETE', token })).status).toBe(204);
    expect((await server.api(REPO, { token })).status).toBe(401);
  });

  test('a ref moves only forward unless forced', async () => {
    const tree = (await server.api(`${REPO}/git/commits/${server.head}`)).body.tree.sha;
    const make = async (parents: string[], message: string): Promise<string> => (await server.api(`${REPO}/git/commits`, { method: 'POST', body: { message, tree, parents } })).body.sha;
    const [next, orphan] = [await make([server.head], 'next'), await make([], 'orphan')];
    await server.api(`${REPO}/git/refs`, { method: 'POST', body: { ref: 'refs/heads/moving', sha: server.head } });
    expect((await server.api(`${REPO}/git/refs/heads/moving`, { method: 'PATCH', body: { sha: next, force: false } })).status).toBe(200);
    const refused = await server.api(`${REPO}/git/refs/heads/moving`, { method: 'PATCH', body: { sha: orphan } });
    expect(refused).toMatchObject({ status: 422, body: { message: 'Update is not a fast forward' } });
    expect((await server.api(`${REPO}/git/refs/heads/moving`, { method: 'PATCH', body: { sha: orphan, force: true } })).status).toBe(200);
    expect((await server.api(`${REPO}/git/refs/heads/moving`, { method: 'DELETE' })).status).toBe(204);
    expect((await server.api(`${REPO}/git/ref/heads/moving`)).status).toBe(404);
  });

  test('a bot without the workflows permission cannot bring in a changed workflow file', async () => {
    const { token } = server.job({ contents: 'write' });
    const base = await server.api(`${REPO}/git/commits/${server.head}`, { token });
    const tree = await server.api(`${REPO}/git/trees`, { method: 'POST', token, body: { base_tree: base.body.tree.sha, tree: [{ path: '.github/workflows/ci.yml', mode: '100644', type: 'blob', content: 'on: push' }] } });
    const commit = await server.api(`${REPO}/git/commits`, { method: 'POST', token, body: { message: 'Change', tree: tree.body.sha, parents: [server.head] } });
    const refused = await server.api(`${REPO}/git/refs`, { method: 'POST', token, body: { ref: 'refs/heads/evil', sha: commit.body.sha } });
    expect(refused.status).toBe(403);
    expect(refused.body.message).toContain('without `workflows` permission');
  });

  test.each(['../x', '.git/config', 'a/.GIT/hooks', 'a//b', ''])('a tree refuses the path %j', async (path) => {
    const refused = await server.api(`${REPO}/git/trees`, { method: 'POST', body: { tree: [{ path, mode: '100644', type: 'blob', content: 'x' }] } });
    expect(refused.status).toBe(422);
  });
});

describe('permissions', () => {
  test('a job token has exactly its permissions', async () => {
    const { token } = server.job({ contents: 'read' });
    expect((await server.api(`${REPO}/contents/README.md`, { token })).status).toBe(200);
    expect(await server.api(`${REPO}/issues`, { token })).toMatchObject({ status: 403, body: { message: 'Resource not accessible by integration' } });
    expect(await server.api(`${REPO}/git/blobs`, { method: 'POST', token, body: { content: 'x' } })).toMatchObject({ status: 403, body: { message: 'Resource not accessible by integration' } });
    expect((await server.api('/repos/local/control', { token })).status).toBe(404);
    expect((await server.api(REPO, { token: null })).status).toBe(404);
    expect(await server.api(REPO, { token: 'ghs_no' })).toMatchObject({ status: 401, body: { message: 'Bad credentials' } });
  });

  test('a revoked job token is nothing any more', async () => {
    const jobId = server.services.nextId();
    const { token } = server.services.issueJobToken({ repo: 'local/api', runId: 8, jobId, workflowFile: 'start.yml', jobKey: 'design', permissions: { contents: 'read' } });
    expect((await server.api(REPO, { token })).status).toBe(200);
    server.services.revokeJobTokens(jobId);
    expect((await server.api(REPO, { token })).status).toBe(401);
    expect(server.services.mask(`key ${token}`)).toBe('key ***');
  });

  test('a token that a gated job minted bears that job, told by its connection or by the key it alone holds', async () => {
    const app = server.state.apps[0];
    const jwt = jwtFor(app?.id ?? 0, server.privateKey);
    const { body: installation } = await server.api(`${REPO}/installation`, { token: jwt });
    const run = sampleRun(4242, { repo: 'local/control', workflowFile: 'apply.yml', inputs: {}, actor: 'octocat' });
    for (const job of run.jobs) job.status = 'in_progress';
    server.state.runs.push(run);
    const mint = { path: `/app/installations/${installation.id}/access_tokens`, body: { repositories: ['api'], permissions: { contents: 'write' } } };
    const blob = { path: `${REPO}/git/blobs`, body: { content: 'x' } };
    const byKey = await post([{ ...mint, token: jwt }]);
    await post([{ ...blob, token: byKey }]);
    expect(server.log().at(-1)).toMatchObject({ job: 'apply.yml/write#4242', token: expect.stringMatching(/^installation-writer-/), permissions: { contents: 'write', metadata: 'read' } });
    const { token } = server.job({ contents: 'write' });
    const byConnection = await post([{ ...blob, token }, { ...mint, token: jwt }]);
    await post([{ ...blob, token: byConnection }]);
    expect(server.log().at(-1)).toMatchObject({ job: 'start.yml/design#7' });
    server.state.runs.pop();
  });

  test.each([{ permissions: { workflows: 'write' } }, { repositories: ['control'] }])('an installation token never has more than the App: %j', async (body) => {
    const jwt = jwtFor(server.state.apps[0]?.id ?? 0, server.privateKey);
    const { body: installation } = await server.api(`${REPO}/installation`, { token: jwt });
    expect((await server.api(`/app/installations/${installation.id}/access_tokens`, { method: 'POST', token: jwt, body })).status).toBe(422);
  });

  test('a forged App JWT is refused', async () => {
    const jwt = jwtFor(server.state.apps[0]?.id ?? 0, server.privateKey);
    expect((await server.api('/app', { token: jwt })).status).toBe(200);
    expect((await server.api('/app', { token: `${jwt.slice(0, -6)}AAAAAA` })).status).toBe(401);
  });
});

describe('reviews', () => {
  test('only a required reviewer reviews, and never GITHUB_TOKEN', async () => {
    const control = '/repos/local/control';
    const dispatched = await server.api(`${control}/actions/workflows/apply.yml/dispatches`, { method: 'POST', body: { ref: 'main', inputs: { digest: 'x' }, return_run_details: true } });
    expect(dispatched.status).toBe(200);
    const run = `${control}/actions/runs/${dispatched.body.workflow_run_id}`;
    for (const path of [run, `${run}/jobs`, `${run}/approvals`, `${run}/artifacts`, `${control}/actions/workflows/apply.yml/runs`]) expect((await server.api(path)).status).toBe(200);
    const pending = await server.api(`${run}/pending_deployments`);
    expect(pending.body[0]).toMatchObject({ current_user_can_approve: true, environment: { name: 'countersign-approval' } });
    const review = { environment_ids: [pending.body[0].environment.id], state: 'approved', comment: 'Good' };
    const byJob = await server.api(`${run}/pending_deployments`, { method: 'POST', token: server.job({ ...EVERYTHING }, 'local/control').token, body: review });
    expect(byJob).toMatchObject({ status: 403, body: { message: 'Resource not accessible by integration' } });
    const byPerson = await server.api(`${run}/pending_deployments`, { method: 'POST', body: review });
    expect(byPerson.status).toBe(200);
    expect((await server.api(`${run}/approvals`)).body).toMatchObject([{ state: 'approved', comment: 'Good', user: { login: 'octocat' }, environments: [{ name: 'countersign-approval' }] }]);
    expect((await server.api(`${run}/pending_deployments`, { method: 'POST', body: review })).status).toBe(422);
  });

  test('a dispatch without return_run_details answers 204, and repository_dispatch is an event', async () => {
    const control = '/repos/local/control';
    expect((await server.api(`${control}/actions/workflows/start.yml/dispatches`, { method: 'POST', body: { ref: 'main' } })).status).toBe(204);
    expect((await server.api(`${control}/dispatches`, { method: 'POST', body: { event_type: 'go', client_payload: { a: 1 } } })).status).toBe(204);
    await server.services.settled();
    expect(server.events.at(-1)).toMatchObject({ name: 'repository_dispatch', action: 'go' });
  });
});

test('statuses and checks are read together with their App', async () => {
  expect((await server.api(`${REPO}/statuses/${server.head}`, { method: 'POST', body: { state: 'success', context: 'lint' } })).status).toBe(201);
  server.state.checks.push({ repo: 'local/api', sha: server.head, id: 55, name: 'test', appId: 15368, status: 'completed', conclusion: 'success', url: `${server.url}/x`, startedAt: '2026-01-01T00:00:00Z', completedAt: '2026-01-01T00:00:00Z' });
  expect((await server.api(`${REPO}/commits/${server.head}/status`)).body).toMatchObject({ state: 'success', statuses: [{ context: 'lint' }] });
  expect((await server.api(`${REPO}/commits/main/check-runs`)).body.check_runs[0]).toMatchObject({ name: 'test', app: { id: 15368 }, conclusion: 'success' });
});

test('every request is logged with its job, and never a token', async () => {
  const { token } = server.job({ issues: 'read' });
  await server.api(`${REPO}/issues/1`, { token });
  const line = server.log().at(-1);
  expect(line).toMatchObject({ method: 'GET', status: 200, job: 'start.yml/design#7', kind: 'rest', mutating: false, repo: 'local/api' });
  expect(JSON.stringify(server.log())).not.toMatch(/ghs_|github_pat_/);
});

// A local GitHub for tests: two repositories, people, an App, and tokens of each kind.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LocalRun, LocalState, Permissions, RepoEvent } from '../contract.ts';
import { addApp, addIssue, addRepo, addToken, addUser } from './seed.ts';
import { startServer } from './start-server.ts';
import type { RunningServer } from './start-server.ts';
import { createState } from './state.ts';

const GIT_ENV = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0', GIT_AUTHOR_NAME: 'Dev', GIT_AUTHOR_EMAIL: 'dev@example.com', GIT_COMMITTER_NAME: 'Dev', GIT_COMMITTER_EMAIL: 'dev@example.com' };
/** Runs git synchronously and gives its output. For what must not wait on the server. */
export const git = (cwd: string, ...args: string[]): string => execFileSync('git', args, { cwd, env: GIT_ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
export const gitEnvironment = GIT_ENV;

/** What an API answered. Its shape is the server's own validation's business; a test asks only for what it is about. */
// oxlint-disable-next-line typescript/no-explicit-any -- a test asks only for what it is about
type Answer = any;

export interface TestServer extends RunningServer {
  readonly dir: string;
  readonly state: LocalState;
  readonly events: RepoEvent[];
  readonly head: string;
  readonly privateKey: string;
  /** A fine-grained token of `octocat` that may do everything in both repositories. */
  readonly personal: string;
  job(permissions: Permissions, repo?: string): { token: string; runtimeToken: string };
  api(path: string, options?: { method?: string; token?: string | null; body?: unknown }): Promise<{ status: number; body: Answer; headers: Headers }>;
  graphql(query: string, variables: unknown, token: string): Promise<Answer>;
  log(): { method: string; path: string; status: number; job: string | null; token: string | null; kind: string; mutating: boolean; repo: string | null }[];
}

export const EVERYTHING: Permissions = { contents: 'write', issues: 'write', pull_requests: 'write', actions: 'write', checks: 'read', statuses: 'write', deployments: 'write', pages: 'read', workflows: 'write', secrets: 'read', environments: 'read' };

/** A working copy with two files and a workflow, pushed straight into the bare repository. */
function fill(dir: string, gitDir: string): string {
  const work = path.join(dir, 'work');
  mkdirSync(path.join(work, 'src'), { recursive: true });
  mkdirSync(path.join(work, '.github/workflows'), { recursive: true });
  writeFileSync(path.join(work, 'README.md'), '# api\n');
  writeFileSync(path.join(work, 'src/a.ts'), 'export const a = 1;\n');
  writeFileSync(path.join(work, '.github/workflows/ci.yml'), 'name: CI\non: push\njobs: {}\n');
  git(work, 'init', '-q', '-b', 'main');
  git(work, 'add', '-A');
  git(work, 'commit', '-q', '-m', 'First');
  git(work, 'push', '-q', gitDir, 'main');
  return git(work, 'rev-parse', 'HEAD');
}

export async function startTestServer(): Promise<TestServer> {
  const dir = mkdtempSync(path.join(tmpdir(), 'local-github-'));
  const state = createState();
  addUser(state, 'octocat');
  const { app, privateKey } = addApp(state, { slug: 'writer', permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' } });
  await addRepo(state, dir, { name: 'local/api', installedApps: [app.slug], requiredChecks: [{ context: 'test', integrationId: 15368 }], protectedContexts: ['lint'] });
  await addRepo(state, dir, { name: 'local/control', environments: [{ name: 'countersign-approval', reviewers: ['octocat'], secrets: { WRITER_KEY: privateKey } }] });
  addIssue(state, { repo: 'local/api', title: 'Retry-After is ignored', body: 'It is.', user: 'octocat', labels: ['bug'], at: '2026-01-01T00:00:00Z' });
  const personal = addToken(state, { id: 'octocat-pat', login: 'octocat', repos: ['local/api', 'local/control'], permissions: EVERYTHING });
  const events: RepoEvent[] = [];
  const running = await startServer({ dir, port: 0, state });
  const head = fill(dir, running.services.gitDir('local/api'));
  git(path.join(dir, 'work'), 'push', '-q', running.services.gitDir('local/control'), 'main');
  running.services.runs = {
    dispatch: (request) => {
      const run = sampleRun(running.services.nextId(), request);
      state.runs.push(run);
      return Promise.resolve(run);
    },
    trigger: (event) => Promise.resolve(void events.push(event)),
    review: (request) => {
      const run = state.runs.find((candidate) => candidate.id === request.runId);
      run?.reviews.push({ ...request, at: running.services.now() });
      for (const job of run?.jobs ?? []) if (job.environment === request.environment) job.status = 'queued';
      return Promise.resolve();
    },
    rerun: () => Promise.resolve(),
  };
  const api: TestServer['api'] = async (target, options = {}) => {
    const token = options.token === undefined ? personal : options.token;
    const response = await fetch(target.startsWith('http') ? target : `${running.services.url.api}${target}`, {
      method: options.method ?? 'GET', headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), 'content-type': 'application/json' }, ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers };
  };
  return {
    ...running, dir, state, events, head, privateKey, personal, api,
    job: (permissions, repo = 'local/api') => running.services.issueJobToken({ repo, runId: 7, jobId: running.services.nextId(), workflowFile: 'start.yml', jobKey: 'design', permissions }),
    graphql: async (query, variables, token) => (await api(running.services.url.graphql, { method: 'POST', token, body: { query, variables } })).body,
    log: () => readFileSync(path.join(dir, 'requests.jsonl'), 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line)),
    close: async () => {
      await running.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A run with one job that waits for the environment. */
export function sampleRun(id: number, request: { repo: string; workflowFile: string; inputs: Record<string, string>; actor: string }): LocalRun {
  return {
    id, repo: request.repo, workflowFile: request.workflowFile, workflowName: 'Apply', displayTitle: 'Review ps-1 r1', event: 'workflow_dispatch', payload: {}, inputs: request.inputs, actor: request.actor, headBranch: 'main',
    headSha: '0'.repeat(40), attempt: 1, status: 'waiting', conclusion: null, concurrencyGroup: null, reviews: [], createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z',
    jobs: [{
      id: id + 100_000, runId: id, key: 'write', name: 'write', status: 'waiting', conclusion: null, environment: 'countersign-approval', permissions: {}, outputs: {}, steps: [{ number: 1, name: 'Authorize', status: 'queued', conclusion: null }],
      summary: '', log: 'write.log', startedAt: null, completedAt: null,
    }],
  };
}

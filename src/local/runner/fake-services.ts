// Test support: real bare repositories in a temporary folder behind in-memory services. Checkouts go over file://.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LocalEnvironment, LocalJob, LocalRepo, LocalRun, LocalState, Permissions, RepoEvent, ServerServices } from '../contract.ts';
import type { RunnerOptions } from './options.ts';
import type { Runner } from './runner.ts';
import { createRunner } from './runner.ts';

export interface FakeGitHub {
  dir: string;
  services: ServerServices;
  state: LocalState;
  repo: LocalRepo;
  /** Tokens in the order they were issued, with their job and permissions. */
  issued: { jobKey: string; jobId: number; token: string; permissions: Permissions }[];
  revoked: number[];
  runner: Runner;
  /** Starts another runner on the same state, as a new process would. */
  restart: (options?: Partial<RunnerOptions>) => Runner;
  /** Commits files (path → text) to a branch of the control repository; the commit's id. */
  commit: (files: Record<string, string>, branch?: string) => string;
  dispatch: (workflowFile: string, inputs?: Record<string, string>) => Promise<LocalRun>;
  event: (event: Partial<RepoEvent> & { name: string }) => Promise<void | 'closing'>;
  log: (job: LocalJob | undefined) => string;
  close: () => Promise<void>;
}

const REPO = 'local/control';
const AUTHOR = { GIT_AUTHOR_NAME: 'Test', GIT_AUTHOR_EMAIL: 'test@example.com', GIT_COMMITTER_NAME: 'Test', GIT_COMMITTER_EMAIL: 'test@example.com' };

/** A repository `local/control` with these workflow files (name → text) on `main`. */
export function fakeGitHub(workflows: Record<string, string>, options: Partial<RunnerOptions> = {}): FakeGitHub {
  const dir = mkdtempSync(join(tmpdir(), 'runner-test-'));
  const state = emptyState();
  const issued: FakeGitHub['issued'] = [];
  const revoked: number[] = [];
  const gitDir = (repo: string): string => join(dir, 'git', `${repo}.git`);
  mkdirSync(gitDir(REPO), { recursive: true });
  git(['init', '-q', '--bare', '-b', 'main', gitDir(REPO)]);
  const repo: LocalRepo = {
    id: 1, name: REPO, private: false, defaultBranch: 'main', requiredChecks: [], protectedContexts: [], environments: [], secrets: {}, variables: {}, installedApps: [], ciCommand: null,
  };
  state.repos.push(repo);
  let clock = Date.parse('2026-11-22T00:00:00Z');
  const services: ServerServices = {
    state, dir, gitDir, revokeJobTokens: (jobId) => void revoked.push(jobId), changed: () => undefined,
    nextId: () => state.nextId++,
    issueJobToken({ jobKey, jobId, permissions }) {
      const token = `ghs_token_of_${jobKey}_${jobId}`;
      issued.push({ jobKey, jobId, token, permissions });
      return { token, runtimeToken: `runtime_token_of_${jobKey}_${jobId}` };
    },
    mask: (text) => text,
    url: { server: `file://${join(dir, 'git')}`, api: 'http://127.0.0.1:1/api', graphql: 'http://127.0.0.1:1/graphql', results: 'http://127.0.0.1:1/results' },
    now: () => new Date((clock += 1000)).toISOString(),
  };
  const base: RunnerOptions = { environment: { PATH: process.env['PATH'], LEAK: 'must-not-be-seen' }, pagesUrl: () => 'http://pages.test/', ...options };
  const runners: Runner[] = [];
  const restart = (extra: Partial<RunnerOptions> = {}): Runner => {
    const runner = createRunner(services, { ...base, ...extra });
    runners.push(runner);
    return runner;
  };
  const commit = (files: Record<string, string>, branch = 'main'): string => commitFiles(gitDir(REPO), files, branch);
  commit(Object.fromEntries(Object.entries(workflows).map(([name, text]) => [`.github/workflows/${name}`, text])));
  const runner = restart();
  return {
    dir, services, state, repo, issued, revoked, runner, restart, commit,
    dispatch: (workflowFile, inputs = {}) => runner.dispatch({ repo: REPO, workflowFile, ref: 'main', inputs, actor: 'octocat' }),
    event: (event) => runner.trigger({ repo: REPO, action: null, payload: {}, ref: null, sha: null, actor: 'octocat', byJobToken: false, ...event }),
    log: (job) => readFileSync(join(dir, 'logs', job?.log ?? 'none'), 'utf8'),
    async close() {
      await Promise.all(runners.map((each) => each.close()));
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** An environment that octocat reviews. */
export const reviewedEnvironment = (name: string, secrets: Record<string, string> = {}): LocalEnvironment => ({
  id: 500, name, reviewers: ['octocat'], preventSelfReview: false, canAdminsBypass: false, secrets, variables: {},
});

function emptyState(): LocalState {
  return { version: 1, nextId: 1000, users: [{ id: 7, login: 'octocat', type: 'User' }], repos: [], apps: [], issues: [], runs: [], checks: [], statuses: [], tokens: [] };
}

function git(args: string[], cwd = tmpdir()): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'], ...AUTHOR, GIT_CONFIG_NOSYSTEM: '1', HOME: tmpdir() }, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

function commitFiles(gitDir: string, files: Record<string, string>, branch: string): string {
  const work = mkdtempSync(join(tmpdir(), 'runner-commit-'));
  const exists = git(['--git-dir', gitDir, 'branch', '--list', branch]) !== '';
  git(['init', '-q', '-b', branch, work]);
  if (exists) git(['pull', '-q', gitDir, branch], work);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), text);
  }
  git(['add', '-A'], work);
  git(['commit', '-q', '--allow-empty', '-m', 'Change files'], work);
  git(['push', '-q', gitDir, `HEAD:refs/heads/${branch}`], work);
  const sha = git(['rev-parse', 'HEAD'], work);
  rmSync(work, { recursive: true, force: true });
  return sha;
}

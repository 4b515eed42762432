import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { CONTROL_REPO, plant, SAMPLES, sampleTargets, type SeedTarget } from '../../../src/cli/up/seed.ts';
import { readIssueFile } from '../../../src/cli/up/issue-file.ts';
import { openLedger, listWorkflows } from '../../../src/cli/ledger-place.ts';
import { verifyPlace } from '../../../src/cli/commands/ledger.ts';
import { loadWorkflow } from '../../../src/ledger/load.ts';
import { locateLedger } from '../../../src/git/ledger-store-inspect.ts';
import type { EventOf, EventType, WorkflowEvent } from '../../../src/domain/event.ts';
import type { FinalStatus } from '../../../src/domain/status.ts';
import type { Workflow } from '../../../src/domain/workflow.ts';
import { startLocalGitHub, type LocalGitHub } from '../../../src/local/local-github.ts';
import type { LocalIssue, LocalRun, LocalState } from '../../../src/local/contract.ts';
import type { RunnerOptions } from '../../../src/local/runner/options.ts';
import { addToken, addUser, gitDirOf } from '../../../src/local/server/seed.ts';
import { loadState } from '../../../src/local/server/state.ts';

// A whole control repo on the local GitHub, for one scenario: the real workflow files, the real built bundle.

/** The control repo without the site: scenarios judge the ledger and the target repositories. */
const CONTROL_FILES = ['start', 'apply', 'settle', 'answer', 'observe'].map((name) => `.github/workflows/${name}.yml`).concat('action.yml', 'action/dist');

export interface WorldOptions {
  /** Which of the sample targets take part. Default: both. */
  readonly targets?: readonly ('local/api' | 'local/web')[];
  /** The issue's Markdown. Default: the sample issue. */
  readonly issue?: string;
  /** Members of countersign.yml that differ from the usual ones. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Changes to the seeded state before anything runs. */
  readonly prepare?: (state: LocalState) => void;
  readonly runner?: Partial<RunnerOptions>;
}

export interface LoggedRequest {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly job: string | null;
  readonly token: string | null;
  readonly kind: string;
  readonly mutating: boolean;
  readonly repo: string | null;
}

export const LOGIN = 'octocat';

export class World {
  readonly dir: string;
  readonly github: LocalGitHub;
  readonly targets: readonly string[];
  readonly issueUrl: string;
  readonly #people = new Map<string, string>();

  private constructor(dir: string, github: LocalGitHub, { targets, issueUrl }: { targets: readonly string[]; issueUrl: string }) {
    this.dir = dir;
    this.github = github;
    this.targets = targets;
    this.issueUrl = issueUrl;
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const dir = await newDirectory();
    const targets: readonly SeedTarget[] = sampleTargets().filter(({ repo }) => (options.targets ?? ['local/api', 'local/web']).some((name) => name === repo));
    const issue = options.issue === undefined ? await readIssueFile(join(SAMPLES, 'issue.md')) : splitIssue(options.issue);
    const config = { approvers: [LOGIN], targets: targets.map(({ repo, branch }) => ({ repo, base: branch })), ci: { pollSeconds: 1, timeoutSeconds: 60 }, ...options.config };
    const seeded = await plant(dir, { targets, issue, login: LOGIN, ciCommand: null, model: null, config: stringify(config), controlFiles: CONTROL_FILES });
    options.prepare?.(seeded.state);
    const github = await bringUp(dir, seeded.state, options.runner);
    const { repo, number } = seeded.issue;
    return new World(dir, github, { targets: seeded.targets, issueUrl: `${github.url}/${repo}/issues/${number}` });
  }

  /** Goes on in a copy of a stopped world's directory, so that many scenarios can share what led up to them. */
  static async openCopy(stopped: string, runner?: Partial<RunnerOptions>): Promise<World> {
    const dir = await newDirectory();
    // The jobs' folders are the runner's own, and it makes them anew.
    await cp(stopped, dir, { recursive: true, filter: (path) => path !== join(stopped, 'work') });
    const state = loadState(dir);
    if (!state) throw new Error(`${stopped} holds no stopped world`);
    const github = await bringUp(dir, state, runner);
    const [issue] = state.issues;
    return new World(dir, github, { targets: state.repos.map(({ name }) => name).filter((name) => name !== CONTROL_REPO), issueUrl: `${github.url}/${issue?.repo}/issues/${issue?.number}` });
  }

  /** Ends everything and leaves the directory as it is, for copies. The caller removes it. */
  async stop(): Promise<string> {
    await this.github.close();
    expect(this.github.services.violations, "requests or answers outside GitHub's published description").toEqual([]);
    return this.dir;
  }

  async close(): Promise<void> {
    try {
      await this.stop();
    } finally {
      if (process.env['KEEP_SCENARIO']) process.stderr.write(`kept ${this.dir}\n`);
      else await rm(this.dir, { recursive: true, force: true });
    }
  }

  get state(): LocalState {
    return this.github.services.state;
  }

  /** Starts the workflow for the issue and waits until nothing runs: waiting for a review, paused, or ended. */
  async start(): Promise<Workflow> {
    await this.post(`/repos/${CONTROL_REPO}/actions/workflows/start.yml/dispatches`, { ref: 'main', inputs: { issue: this.issueUrl } });
    return this.settled();
  }

  /** Looks at the pull requests once more, as the schedule's next run does. */
  async observe(): Promise<Workflow> {
    await this.github.runner.tick('observe.yml', CONTROL_REPO);
    return this.settled();
  }

  /** Waits until nothing runs and nothing is about to. */
  async settled(): Promise<Workflow> {
    await this.github.services.settled();
    await this.github.runner.idle();
    return this.workflow();
  }

  async workflow(): Promise<Workflow> {
    const { workflow } = await this.#load();
    if (!workflow) throw new Error(`no workflow was recorded; logs: ${await this.logs()}`);
    return workflow;
  }

  async events(): Promise<readonly WorkflowEvent[]> {
    return (await this.#load()).events;
  }

  async eventsOf<T extends EventType>(type: T): Promise<readonly (WorkflowEvent & EventOf<T>)[]> {
    return (await this.events()).filter((event): event is WorkflowEvent & EventOf<T> => event.type === type);
  }

  async #load() {
    const gitDir = gitDirOf(this.dir, CONTROL_REPO);
    const id = (await listWorkflows(gitDir)).at(-1);
    if (!id) throw new Error(`no workflow is in the ledger; logs: ${await this.logs()}`);
    return loadWorkflow(openLedger(gitDir), id);
  }

  /** The review run of a PatchSet's current revision. */
  async reviewRun(patchSet: string): Promise<LocalRun> {
    const workflow = await this.workflow();
    const runId = workflow.patchSets.find(({ id }) => id === patchSet)?.request?.runId;
    const run = this.state.runs.find(({ id }) => id === runId);
    if (!run) throw new Error(`${patchSet} has no review run`);
    return run;
  }

  async approve(patchSet: string, login = LOGIN): Promise<Workflow> {
    await this.review((await this.reviewRun(patchSet)).id, { state: 'approved', comment: '', login });
    return this.settled();
  }

  async reject(patchSet: string, comment: string, login = LOGIN): Promise<Workflow> {
    await this.review((await this.reviewRun(patchSet)).id, { state: 'rejected', comment, login });
    return this.settled();
  }

  async review(runId: number, { state, comment, login }: { state: 'approved' | 'rejected'; comment: string; login: string }): Promise<void> {
    const environment = this.control.environments.find(({ name }) => name === 'countersign-approval');
    await this.post(`/repos/${CONTROL_REPO}/actions/runs/${runId}/pending_deployments`, { environment_ids: [environment?.id ?? 0], state, comment }, login);
  }

  get control(): LocalState['repos'][number] {
    const control = this.state.repos.find(({ name }) => name === CONTROL_REPO);
    if (!control) throw new Error('there is no control repo');
    return control;
  }

  async trackingIssue(): Promise<LocalIssue> {
    const { trackingIssue } = await this.workflow();
    const issue = this.state.issues.find(({ repo, number }) => repo === trackingIssue?.repo && number === trackingIssue.number);
    if (!issue) throw new Error('there is no tracking issue');
    return issue;
  }

  /** A comment on the tracking issue, and what it sets off. */
  async comment(body: string, login = LOGIN): Promise<Workflow> {
    const issue = await this.trackingIssue();
    await this.post(`/repos/${issue.repo}/issues/${issue.number}/comments`, { body }, login);
    return this.settled();
  }

  /** A call to the API as a person, with that person's own token. */
  async post(path: string, body: object, login = LOGIN): Promise<unknown> {
    return this.send('POST', path, { body, login });
  }

  async send(method: 'POST' | 'PATCH', path: string, { body, login = LOGIN }: { body: object; login?: string }): Promise<unknown> {
    const response = await fetch(`${this.github.services.url.api}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token(login)}`, 'content-type': 'application/json', accept: 'application/vnd.github+json', 'user-agent': 'scenario' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  #token(login: string): string {
    const known = this.#people.get(login);
    if (known) return known;
    addUser(this.state, login, login.endsWith('[bot]') ? 'Bot' : 'User');
    const token = addToken(this.state, { id: `person-${login}`, login, repos: [CONTROL_REPO, ...this.targets], permissions: { actions: 'write', contents: 'write', issues: 'write', metadata: 'read', deployments: 'write' } });
    this.#people.set(login, token);
    return token;
  }

  /** A file of a target repository at a branch or commit, by real git. */
  async git(repo: string, ...args: readonly string[]): Promise<string> {
    const { execFile } = await import('node:child_process');
    const { promisify } = await import('node:util');
    const { stdout } = await promisify(execFile)('git', [`--git-dir=${gitDirOf(this.dir, repo)}`, '-c', 'user.name=someone', '-c', 'user.email=someone@example.com', ...args]);
    return stdout.trim();
  }

  /** Puts one file on a branch of a repository, as a person's push would. Gives the new commit. */
  async commitFile(repo: string, { branch, path, content }: { branch: string; path: string; content: string }): Promise<string> {
    const { spawnSync } = await import('node:child_process');
    const gitDir = gitDirOf(this.dir, repo);
    const work = await mkdtemp(join(tmpdir(), 'countersign-push-'));
    const run = (args: readonly string[], input?: string): string => {
      const result = spawnSync('git', [`--git-dir=${gitDir}`, '-c', 'user.name=someone', '-c', 'user.email=someone@example.com', ...args], { input, encoding: 'utf8', env: { ...process.env, GIT_INDEX_FILE: join(work, 'index') } });
      if (result.status !== 0) throw new Error(result.stderr);
      return result.stdout.trim();
    };
    run(['read-tree', branch]);
    run(['update-index', '--add', '--cacheinfo', `100644,${run(['hash-object', '-w', '--stdin'], content)},${path}`]);
    const commit = run(['commit-tree', run(['write-tree']), '-p', branch, '-m', `Change ${path}`]);
    run(['update-ref', `refs/heads/${branch}`, commit]);
    await rm(work, { recursive: true, force: true });
    return commit;
  }

  /** Puts one file on a branch by a push over HTTP, as a person with write access does it: GitHub takes notice. */
  async pushFile(repo: string, { branch, path, content, login = LOGIN }: { branch: string; path: string; content: string; login?: string }): Promise<string> {
    const before = await this.git(repo, 'rev-parse', branch);
    const commit = await this.commitFile(repo, { branch, path, content });
    await this.git(repo, 'update-ref', `refs/heads/${branch}`, before);
    const url = new URL(`/${repo}.git`, this.github.services.url.server);
    url.username = 'x';
    url.password = this.#token(login);
    await this.git(repo, 'push', '--quiet', url.href, `${commit}:refs/heads/${branch}`);
    return commit;
  }

  async requests(): Promise<readonly LoggedRequest[]> {
    const text = await readFile(join(this.dir, 'requests.jsonl'), 'utf8');
    return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as LoggedRequest);
  }

  /** Requests that changed a target repository, by whoever, in their order. A scenario's own person is not meant. */
  async targetWrites(): Promise<readonly LoggedRequest[]> {
    return (await this.requests()).filter(({ mutating, status, repo, token }) => mutating && status < 400 && repo !== null && this.targets.includes(repo) && !(token ?? '').startsWith('person'));
  }

  async assertNothingWritten(): Promise<void> {
    expect(await this.targetWrites()).toEqual([]);
    for (const repo of this.targets) expect(await this.git(repo, 'for-each-ref', '--format=%(refname)', 'refs/heads/countersign')).toBe('');
  }

  /**
   * What every scenario proves from the request log and the ledger: the plan was committed before the patch job's first
   * request, nothing was written to a target before all approvals, everything after by the gated job's minted token, and the
   * ledger verifies.
   */
  async assertInvariants(): Promise<void> {
    const requests = await this.requests();
    const firstPatch = requests.findIndex(({ job }) => job?.startsWith('start.yml/patch') === true);
    const planned = requests.findIndex(({ job, mutating, kind }) => job?.startsWith('start.yml/record-design') === true && mutating && kind === 'graphql');
    if (firstPatch >= 0) expect(planned, 'the plan is in the ledger before the patch job asks for anything').toSatisfy((index: number) => index >= 0 && index < firstPatch);
    const isWrite = ({ mutating, status, repo, token }: LoggedRequest): boolean => mutating && status < 400 && repo !== null && this.targets.includes(repo) && !(token ?? '').startsWith('person');
    const writes = requests.flatMap((request, index) => (isWrite(request) ? [{ request, index }] : []));
    const lastReview = requests.findLastIndex(({ method, path, status }) => method === 'POST' && status < 400 && /\/pending_deployments$|\/actions\/runs\/\d+\/review$/.test(path));
    const needed = new Set((await this.eventsOf('E_APPROVAL_RECORDED')).map(({ body }) => body.patchSet)).size;
    if (writes.length > 0) {
      expect(needed, 'every PatchSet is approved').toBe(this.targets.length);
      expect(lastReview).toBeGreaterThanOrEqual(0);
    }
    for (const { request } of writes) {
      expect(request.job, `${request.method} ${request.path}`).toMatch(/^apply\.yml\/write#/);
      expect(request.token, `${request.method} ${request.path}`).toMatch(/^installation-/);
    }
    const [firstWrite] = writes;
    const complete = requests.findIndex(({ job, mutating, kind }) => mutating && kind === 'graphql' && job === firstWrite?.request.job);
    if (firstWrite) expect(complete, 'the approvals are in the ledger before the first write').toSatisfy((index: number) => index >= 0 && index < firstWrite.index);
    await this.assertLedgerHolds();
  }

  /** The workflow waits for a person: for this reason, which is on the record and which the tracking issue says. */
  async assertAsks({ code, reason }: { code: string; reason: RegExp }): Promise<void> {
    const { status, pause } = await this.workflow();
    expect(status, await this.logs()).toBe('NEEDS_HUMAN');
    expect(pause).toMatchObject({ code, reason: expect.stringMatching(reason) });
    const said = (await this.events()).flatMap(({ body }) => reasonsIn(body));
    expect(said, 'the reason is on the record').toContain(pause?.reason);
    const { body, state } = await this.trackingIssue();
    expect(state).toBe('open');
    expect(body).toContain('**NEEDS_HUMAN**');
  }

  /** The workflow has ended so, with this reason in its last event and on the tracking issue. */
  async assertEnded(status: FinalStatus, reason: RegExp): Promise<void> {
    const workflow = await this.workflow();
    expect(workflow.status, await this.logs()).toBe(status);
    const last = (await this.events()).at(-1);
    expect(last).toMatchObject({ type: 'E_WORKFLOW_FINISHED', body: { outcome: status, reason: expect.stringMatching(reason) } });
    expect((await this.trackingIssue()).body).toContain(`**${status}**`);
  }

  async assertLedgerHolds(): Promise<void> {
    const report = await verifyPlace(await locateLedger(this.dir, null));
    expect(report.problems).toEqual([]);
    expect(report.ok).toBe(true);
  }

  /** The ends of all failed jobs' logs, for messages. */
  async logs(): Promise<string> {
    const failed = this.state.runs.flatMap((run) => run.jobs.filter(({ conclusion }) => conclusion === 'failure').map((job) => ({ run, job })));
    const texts = await Promise.all(failed.map(async ({ run, job }) => `--- ${run.workflowFile}/${job.key}\n${(await readFile(join(this.dir, 'logs', job.log), 'utf8').catch(() => '')).slice(-2_000)}`));
    return texts.join('\n') || 'no job failed';
  }
}

const newDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'countersign-scenario-'));

async function bringUp(dir: string, state: LocalState, runner: Partial<RunnerOptions> = {}): Promise<LocalGitHub> {
  const github = await startLocalGitHub({ dir, port: 0, state, runner: { environment: process.env, requirePinned: (repo) => repo === CONTROL_REPO, ...runner } });
  await github.runner.resume();
  return github;
}

const reasonsIn = (body: object): readonly unknown[] => {
  const { reason, reasons } = body as { reason?: unknown; reasons?: readonly unknown[] };
  return [reason, ...(reasons ?? [])];
};

function splitIssue(markdown: string): { title: string; body: string } {
  const [first = '', ...rest] = markdown.trim().split('\n');
  return { title: first.replace(/^#\s*/, ''), body: rest.join('\n').trim() };
}

/** Loses the machine of the first job of a workflow file (or of the first such job), before its first step. */
export function losingFirst(name: string, job: string | null = null): NonNullable<RunnerOptions['killStep']> {
  let isLost = false;
  return ({ workflowFile, jobKey }) => {
    if (isLost || !workflowFile.endsWith(name) || (job !== null && jobKey !== job)) return false;
    isLost = true;
    return true;
  };
}

/** Opens a world, hands it over, and closes it whatever happens. */
export async function inWorld(options: WorldOptions, scenario: (world: World) => Promise<void>): Promise<void> {
  return within(await World.open(options), scenario);
}

/** The same in a copy of a stopped world. */
export async function inCopy(stopped: string, scenario: (world: World) => Promise<void>, runner?: Partial<RunnerOptions>): Promise<void> {
  return within(await World.openCopy(stopped, runner), scenario);
}

async function within(world: World, scenario: (world: World) => Promise<void>): Promise<void> {
  try {
    await scenario(world);
  } finally {
    await world.close();
  }
}


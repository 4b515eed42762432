// The workflow runner of the local GitHub: it starts runs for events and dispatches, and carries out their jobs on this machine.
import { brokenError, inputError } from '../../domain/errors.ts';
import type { LocalCheck, LocalRepo, LocalRun, LocalState, RepoEvent, RunService, ServerServices } from '../contract.ts';
import { createActivity } from './activity.ts';
import type { Activity } from './activity.ts';
import { changedPaths, resolveCommit } from './bare-git.ts';
import { prepareCi } from './ci.ts';
import type { CiRun } from './ci.ts';
import { resolveInputs } from './dispatch-inputs.ts';
import type { RunnerChange, RunnerOptions } from './options.ts';
import { jsonObject, repositoryFields, workflowPath, workflowRunEvent } from './payloads.ts';
import type { RunCause } from './run-record.ts';
import { onProcessEnd } from './process-end.ts';
import { createRun, resetJob } from './run-record.ts';
import { Scheduler } from './scheduler.ts';
import { killOrphans } from './orphans.ts';
import { asksPaths, startsOn } from './triggers.ts';
import type { EventFacts } from './triggers.ts';
import type { WorkflowModel } from './workflow-model.ts';
import { createWorkflowStore } from './workflow-store.ts';
import type { WorkflowStore } from './workflow-store.ts';
import { errorMessage } from './error-message.ts';

export interface Runner extends RunService {
  /** Goes on with what an earlier process left unfinished. Call it once, before any event. */
  resume(): Promise<void>;
  /** Resolves when nothing runs and nothing is about to; runs that wait for a review may remain. Rejects if the runner itself failed. */
  idle(): Promise<void>;
  /** Something that runs depend on has failed: `idle` rejects with it. */
  fail(error: unknown): void;
  /** Kills all jobs; they stay unfinished in the state, for `resume`. */
  close(): Promise<void>;
  /** The listener hears of every change of a run, job or check. Returns the way to stop it. */
  onChange(listener: (change: RunnerChange) => void): () => void;
  /** Starts the workflow files of this name that have a `schedule`, in one repository or in all. */
  tick(workflowFile: string, repo?: string): Promise<LocalRun[]>;
  /** Ends a run; steps and jobs with `always()` still run. */
  cancel(runId: number): void;
  /** SIGKILL to everything a job runs: it fails as if its machine were lost. False when it is not running. */
  killJob(jobId: number): boolean;
}

/** Events by a job's own token start nothing else, so that workflows cannot set each other off without end. */
const STARTED_BY_JOB_TOKEN = new Set(['repository_dispatch', 'workflow_run']);
const PULL_ACTIONS_FOR_CI = new Set(['opened', 'synchronize', 'reopened']);
/** GitHub follows at most three levels of workflow_run. */
const CHAIN_MAX = 3;

/** The runner of a local GitHub, on the state and repositories of `services`. */
export const createRunner = (services: ServerServices, options: RunnerOptions): Runner => new LocalRunner(services, options);

class LocalRunner implements Runner {
  readonly #services: ServerServices;
  readonly #state: LocalState;
  readonly #options: RunnerOptions;
  readonly #activity: Activity;
  readonly #workflows: WorkflowStore;
  readonly #scheduler: Scheduler;
  readonly #listeners = new Set<(change: RunnerChange) => void>();
  readonly #faults: unknown[] = [];
  readonly #ciRuns = new Set<CiRun>();
  readonly #unhook: () => void;
  #closing = false;

  constructor(services: ServerServices, options: RunnerOptions) {
    this.#services = services;
    this.#state = services.state;
    this.#options = options;
    this.#activity = createActivity(options.parallelJobs ?? 2, (error) => this.#faults.push(error));
    this.#workflows = createWorkflowStore(services);
    const notify = (change: RunnerChange): void => this.#notify(change);
    const completed = (run: LocalRun): void => this.#activity.track(this.#announce(run));
    this.#scheduler = new Scheduler({ services, options, activity: this.#activity, workflows: this.#workflows, notify, completed });
    this.#unhook = onProcessEnd(() => this.#abandon());
  }

  async dispatch(request: Parameters<RunService['dispatch']>[0]): Promise<LocalRun> {
    const repo = this.#repoOf(request.repo);
    const commit = await resolveCommit(this.#services.gitDir(repo.name), request.ref);
    if (commit === null) throw inputError('unknown-ref', `No ref found for: ${request.ref}`);
    const file = request.workflowFile.split('/').at(-1) ?? request.workflowFile;
    const model = repo.actionsEnabled === false ? null : await this.#workflows.find(repo.name, commit.sha, file);
    if (model === null) throw inputError('unknown-workflow', `${repo.name} has no workflow ${workflowPath(file)} at ${request.ref}.`);
    const trigger = model.on['workflow_dispatch'];
    if (trigger === undefined && model.errors.length === 0) throw inputError('workflow-not-dispatchable', `Workflow ${workflowPath(file)} does not have 'workflow_dispatch' trigger.`);
    const inputs = resolveInputs(request.inputs, trigger?.inputs ?? {});
    const payload = { inputs, ref: commit.ref, workflow: workflowPath(file) };
    return this.#startRun(model, { repo, event: { name: 'workflow_dispatch', payload, actor: request.actor }, branch: branchName(commit.ref), sha: commit.sha, inputs });
  }

  /** The run is in the state before this resolves; its jobs go on in the background. */
  async #startRun(model: WorkflowModel, cause: RunCause): Promise<LocalRun> {
    const run = await createRun(this.#services, model, cause);
    this.#state.runs.push(run);
    this.#services.changed();
    this.#notify({ kind: 'run', run });
    if (run.status === 'completed') this.#activity.track(this.#announce(run));
    else this.#activity.track(this.#begin(run));
    return run;
  }

  async #begin(run: LocalRun): Promise<void> {
    await this.#scheduler.advance(run);
    await this.trigger(workflowRunEvent(this.#services, this.#repoOf(run.repo), run, 'requested'));
  }

  async #announce(run: LocalRun): Promise<void> {
    if (this.#closing) return;
    await this.trigger(workflowRunEvent(this.#services, this.#repoOf(run.repo), run, 'completed'));
    run.announced = true;
    this.#services.changed();
  }

  async trigger(event: RepoEvent): Promise<void | 'closing'> {
    const repo = this.#repoOf(event.repo);
    if (this.#closing) return 'closing';
    if (event.byJobToken && !STARTED_BY_JOB_TOKEN.has(event.name)) return;
    if (event.name === 'pull_request') this.#startCi(repo, event);
    const place = repo.actionsEnabled === false ? null : await this.#placeOf(repo, event);
    if (place === null || this.#chainLength(event) > CHAIN_MAX) return;
    const models = await this.#workflows.all(repo.name, place.sha);
    const facts = factsOf(event);
    for (const model of models) {
      const paths = asksPaths(model, event.name) ? await this.#changedPathsOf(repo, event) : null;
      if (startsOn(model, event, { ...facts, changedPaths: paths })) await this.#startRun(model, { repo, event, inputs: {}, ...place });
    }
  }

  /** The commit whose workflow files count: the pushed one, the pull request's head, else the default branch's. Null: none. */
  async #placeOf(repo: LocalRepo, event: RepoEvent): Promise<{ branch: string; sha: string } | null> {
    const ownCommit = event.name === 'push' || event.name === 'pull_request';
    if (ownCommit && (event.ref?.startsWith('refs/tags/') === true || event.sha === null)) return null;
    if (ownCommit && event.sha !== null) return { branch: branchName(event.ref ?? repo.defaultBranch), sha: event.sha };
    const commit = await resolveCommit(this.#services.gitDir(repo.name), `refs/heads/${repo.defaultBranch}`);
    return commit === null ? null : { branch: repo.defaultBranch, sha: commit.sha };
  }

  #changedPathsOf(repo: LocalRepo, event: RepoEvent): Promise<string[] | null> {
    const payload = jsonObject(event.payload);
    const base = event.name === 'push' ? payload['before'] : jsonObject(jsonObject(payload['pull_request'])['base'])['sha'];
    return typeof base === 'string' && event.sha !== null ? changedPaths(this.#services.gitDir(repo.name), base, event.sha) : Promise.resolve(null);
  }

  #chainLength(event: Pick<RepoEvent, 'name' | 'payload'>): number {
    if (event.name !== 'workflow_run') return 0;
    const id = jsonObject(jsonObject(event.payload)['workflow_run'])['id'];
    const followed = this.#state.runs.find((run) => run.id === id);
    return followed === undefined ? 1 : 1 + this.#chainLength({ name: followed.event, payload: followed.payload });
  }

  #startCi(repo: LocalRepo, event: RepoEvent): void {
    if (repo.ciCommand === null || event.sha === null || !PULL_ACTIONS_FOR_CI.has(event.action ?? '')) return;
    if (!this.#state.checks.some((check) => isCiCheck(check) && check.repo === repo.name && check.sha === event.sha)) this.#runCi({ repo: repo.name, sha: event.sha, command: repo.ciCommand });
  }

  #runCi(request: Parameters<typeof prepareCi>[2], again?: LocalCheck): void {
    const ci = prepareCi(this.#services, this.#options, request, again);
    this.#notify({ kind: 'check', check: ci.check });
    this.#activity.inSlot('checks', async () => {
      if (this.#closing) return;
      this.#ciRuns.add(ci);
      await ci.run(() => this.#closing);
      this.#ciRuns.delete(ci);
      this.#notify({ kind: 'check', check: ci.check });
    });
  }

  async rerun(runId: number): Promise<void> {
    const run = this.#runOf(runId);
    if (run.status !== 'completed') throw inputError('run-not-completed', `Run ${runId} is still going: it can be re-run once it is completed.`);
    if (run.jobs.length === 0) throw inputError('run-has-no-jobs', `Run ${runId} has no jobs to run again.`);
    for (const job of run.jobs) resetJob(job);
    // A new attempt needs its own review: an approval never covers more than what waited for it.
    for (const job of run.jobs) job.reviewed = false;
    Object.assign(run, { attempt: run.attempt + 1, status: 'queued', conclusion: null, announced: false, updatedAt: this.#services.now() });
    this.#services.changed();
    this.#notify({ kind: 'run', run });
    this.#activity.track(this.#scheduler.advance(run));
  }

  async tick(workflowFile: string, repoName?: string): Promise<LocalRun[]> {
    const runs: LocalRun[] = [];
    for (const repo of this.#state.repos.filter((candidate) => (repoName === undefined || candidate.name === repoName) && candidate.actionsEnabled !== false)) {
      const commit = await resolveCommit(this.#services.gitDir(repo.name), `refs/heads/${repo.defaultBranch}`);
      const model = commit === null ? null : await this.#workflows.find(repo.name, commit.sha, workflowFile);
      if (commit === null || model === null || !Object.hasOwn(model.on, 'schedule')) continue;
      const payload = { schedule: '', workflow: workflowPath(workflowFile), repository: repositoryFields(this.#services, repo) };
      runs.push(await this.#startRun(model, { repo, event: { name: 'schedule', payload, actor: repo.name.split('/')[0] ?? '' }, branch: repo.defaultBranch, sha: commit.sha, inputs: {} }));
    }
    return runs;
  }

  async resume(): Promise<void> {
    const unfinished = this.#state.runs.filter((run) => run.status !== 'completed').toSorted((a, b) => a.id - b.id);
    await this.#takeLeftEvents();
    if (unfinished.some((run) => run.jobs.some((job) => job.status === 'in_progress'))) killOrphans(this.#services.dir);
    // Runs that were under way hold their groups; those that queued get in line behind them.
    for (const run of unfinished) if (run.status !== 'queued') await this.#scheduler.reclaim(run);
    for (const run of unfinished) this.#activity.track(this.#scheduler.advance(run));
    for (const run of this.#state.runs) if (run.status === 'completed' && run.announced === false) this.#activity.track(this.#announce(run));
    for (const check of this.#state.checks.filter((candidate) => isCiCheck(candidate) && candidate.status !== 'completed')) {
      const command = this.#state.repos.find((repo) => repo.name === check.repo)?.ciCommand ?? null;
      if (command !== null) this.#runCi({ repo: check.repo, sha: check.sha, command }, check);
    }
    this.#services.changed();
  }

  /** What happened just before an earlier process ended, and started nothing any more. */
  async #takeLeftEvents(): Promise<void> {
    const left = this.#state.events ?? [];
    for (const event of left) await this.trigger(event);
    this.#state.events = (this.#state.events ?? []).filter((event) => !left.includes(event));
  }

  async idle(): Promise<void> {
    await this.#activity.idle();
    const [fault] = this.#faults;
    if (fault !== undefined) throw brokenError('local-runner-failed', `The local runner failed: ${errorMessage(fault)}`, fault);
  }

  fail(error: unknown): void {
    this.#faults.push(error);
  }

  /** What runs is killed but not concluded, so that a later process runs it again. */
  #abandon(): void {
    this.#closing = true;
    this.#scheduler.abandon();
    for (const ci of this.#ciRuns) ci.processes.killAll();
  }

  async close(): Promise<void> {
    this.#abandon();
    await this.#activity.idle();
    this.#unhook();
  }

  #repoOf(name: string): LocalRepo {
    const repo = this.#state.repos.find((candidate) => candidate.name === name);
    if (repo === undefined) throw inputError('unknown-repository', `There is no repository ${name}.`);
    return repo;
  }

  #runOf(runId: number): LocalRun {
    const run = this.#state.runs.find((candidate) => candidate.id === runId);
    if (run === undefined) throw inputError('unknown-run', `There is no run ${runId}.`);
    return run;
  }

  review(request: Parameters<RunService['review']>[0]): Promise<void> {
    return this.#scheduler.review(request);
  }

  cancel(runId: number): void {
    this.#scheduler.cancel(this.#runOf(runId), 'The run was canceled.');
  }

  killJob(jobId: number): boolean {
    return this.#scheduler.killJob(jobId);
  }

  onChange(listener: (change: RunnerChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #notify(change: RunnerChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function factsOf(event: RepoEvent): EventFacts {
  const payload = jsonObject(event.payload);
  const workflowRun = jsonObject(payload['workflow_run']);
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const branches: Record<string, string | null> = {
    push: event.ref === null ? null : branchName(event.ref),
    pull_request: text(jsonObject(jsonObject(payload['pull_request'])['base'])['ref']),
    workflow_run: text(workflowRun['head_branch']),
  };
  return { branch: branches[event.name] ?? null, workflowName: text(workflowRun['name']), changedPaths: null };
}

const branchName = (ref: string): string => ref.replace(/^refs\/(heads|tags)\//, '');
const isCiCheck = (check: LocalCheck): boolean => check.name === 'ci' && check.url.includes(`/runs/${check.id}`) && !check.url.includes('/actions/runs/');

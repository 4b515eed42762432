// Decides which job of which run goes next. Everything it knows beyond the state can be rebuilt from it (see `reclaim`).
import { inputError } from '../../domain/errors.ts';
import type { Conclusion, LocalJob, LocalRun, RunService, ServerServices } from '../contract.ts';
import type { Activity, Pool } from './activity.ts';
import { reportJob, reportsChecks } from './checks.ts';
import { createConcurrencyGroups } from './concurrency.ts';
import type { ConcurrencyGroups } from './concurrency.ts';
import { assertMayReview, environmentForJob, findEnvironment } from './environments.ts';
import { errorMessage } from './error-message.ts';
import { evaluateCondition, evaluateText } from './expressions.ts';
import { cancelJob, executeJob, loseJob } from './job.ts';
import { needsAreDone } from './job-graph.ts';
import { environmentName, groupRequest } from './job-requests.ts';
import { environmentOf, isForgiven, jobScope, runScope, runStatus } from './job-scope.ts';
import type { Pass } from './job-scope.ts';
import { openJobSession } from './job-session.ts';
import type { JobSession } from './job-session.ts';
import type { RunnerChange, RunnerOptions } from './options.ts';
import { jsonObject } from './payloads.ts';
import { concludeRun, resetJob } from './run-record.ts';
import type { Json } from './template.ts';
import type { JobModel } from './workflow-model.ts';
import type { WorkflowStore } from './workflow-store.ts';

type ReviewRequest = Parameters<RunService['review']>[0];

export interface SchedulerParts {
  services: ServerServices;
  options: RunnerOptions;
  activity: Activity;
  workflows: WorkflowStore;
  notify: (change: RunnerChange) => void;
  /** Called once when a run is completed. */
  completed: (run: LocalRun) => void;
}

const PENDING_REPLACED = 'Canceling since a higher priority waiting request for its concurrency group exists.';

export class Scheduler {
  readonly #services: ServerServices;
  readonly #options: RunnerOptions;
  readonly #activity: Activity;
  readonly #workflows: WorkflowStore;
  readonly #notify: (change: RunnerChange) => void;
  readonly #completed: (run: LocalRun) => void;
  readonly #groups: ConcurrencyGroups;
  readonly #sessions = new Map<number, JobSession>();
  /** Runs past their concurrency group, jobs handed to a slot, runs that are being cancelled. */
  readonly #admitted = new Set<number>();
  readonly #started = new Set<number>();
  readonly #cancelled = new Set<number>();
  #closing = false;

  constructor({ services, options, activity, workflows, notify, completed }: SchedulerParts) {
    this.#services = services;
    this.#options = options;
    this.#activity = activity;
    this.#workflows = workflows;
    this.#notify = notify;
    this.#completed = completed;
    this.#groups = createConcurrencyGroups({ granted: (member) => this.#grant(member), cancel: (member) => this.#replace(member) });
  }

  #grant(member: string): void {
    const run = this.#runOfMember(member);
    if (run !== null) this.#activity.track(this.advance(run));
  }

  #replace(member: string): void {
    const run = this.#runOfMember(member);
    if (run === null) return;
    const job = run.jobs.find((candidate) => `job:${candidate.id}` === member);
    if (job === undefined) this.cancel(run, PENDING_REPLACED);
    else this.#cancelOne(run, job, PENDING_REPLACED);
    this.#activity.track(this.advance(run));
  }

  async #passOf(run: LocalRun): Promise<Pass | null> {
    const repo = this.#services.state.repos.find((candidate) => candidate.name === run.repo);
    const model = await this.#workflows.find(run.repo, run.headSha, run.workflowFile);
    return repo === undefined || model === null ? null : { run, repo, model };
  }

  #runOfMember(member: string): LocalRun | null {
    return this.#services.state.runs.find((run) => `run:${run.id}` === member || run.jobs.some((job) => `job:${job.id}` === member)) ?? null;
  }

  /** Lets a queued run go as far as its concurrency group, reviews and slots allow. */
  async advance(run: LocalRun): Promise<void> {
    const pass = await this.#passOf(run);
    if (pass === null || this.#closing || run.status === 'completed') return;
    if (!this.#cancelled.has(run.id) && !this.#admit(pass)) return;
    this.#admitted.add(run.id);
    // A job that is skipped or fails at once can make others ready: go on until nothing changes.
    while (run.jobs.some((job) => job.status === 'queued' && !this.#started.has(job.id) && this.#consider(pass, job)));
    this.#settle(pass);
  }

  #admit(pass: Pass): boolean {
    if (this.#admitted.has(pass.run.id)) return true;
    let request: ReturnType<typeof groupRequest>;
    try {
      request = groupRequest(pass.run.repo, pass.model.concurrency, runScope(this.#services, pass, 'success'));
    } catch (error) {
      pass.run.problem = `The run's concurrency group could not be evaluated: ${errorMessage(error)}`;
      for (const job of pass.run.jobs) this.#finish(pass.run, job, 'failure');
      return true;
    }
    if (request === null) return true;
    pass.run.concurrencyGroup = request.name;
    return this.#groups.request(`run:${pass.run.id}`, request) === 'held';
  }

  /** True when the job's state changed in a way that other jobs may depend on. */
  #consider(pass: Pass, job: LocalJob): boolean {
    const { run, model } = pass;
    const jobModel = model.jobs.find((candidate) => candidate.key === job.key);
    if (jobModel === undefined || !needsAreDone(jobModel, run.jobs)) return false;
    try {
      return this.#considerReady(pass, job, jobModel);
    } catch (error) {
      return this.#finishAtOnce(pass, job, { conclusion: 'failure', message: errorMessage(error) });
    }
  }

  #considerReady(pass: Pass, job: LocalJob, jobModel: JobModel): boolean {
    const { run, repo } = pass;
    const isCancelled = this.#cancelled.has(run.id);
    const scope = jobScope(this.#services, pass, jobModel, isCancelled);
    if (jobModel.name !== null) job.name = evaluateText(jobModel.name, scope);
    if (!evaluateCondition(jobModel.condition, scope)) return this.#finishAtOnce(pass, job, { conclusion: isCancelled ? 'cancelled' : 'skipped' });
    if (jobModel.unsupported.length > 0) {
      return this.#finishAtOnce(pass, job, { conclusion: 'failure', message: `The local runner does not support ${jobModel.unsupported.join(', ')} of the job '${job.key}'.` });
    }
    const request = groupRequest(run.repo, jobModel.concurrency, scope);
    if (request !== null && this.#groups.request(`job:${job.id}`, request) === 'pending') return false;
    job.environment = environmentName(jobModel.environment, scope);
    const environment = job.environment === null ? null : environmentForJob(this.#services, repo, job.environment);
    if (environment !== null && environment.reviewers.length > 0 && job.reviewed !== true) {
      job.status = 'waiting';
      this.#jobChanged(run, job);
      return false;
    }
    this.#started.add(job.id);
    this.#jobChanged(run, job);
    this.#activity.inSlot(this.#poolOf(run), () => this.#runInSlot(pass, job, jobModel));
    return false;
  }

  #poolOf(run: LocalRun): Pool {
    if (reportsChecks(run)) return 'checks';
    return this.#options.isBackground?.(run) === true ? 'background' : 'jobs';
  }

  #finishAtOnce({ run }: Pass, job: LocalJob, { conclusion, message }: { conclusion: Conclusion; message?: string }): boolean {
    if (message !== undefined) job.annotations = [...(job.annotations ?? []), { level: 'error', message, file: null, line: null }];
    this.#finish(run, job, conclusion);
    return true;
  }

  async #runInSlot(pass: Pass, job: LocalJob, jobModel: JobModel): Promise<void> {
    const { run, repo, model } = pass;
    if (this.#closing || job.status === 'completed') return;
    Object.assign(job, { status: 'in_progress', startedAt: this.#services.now() });
    const { permissions } = job;
    const { token, runtimeToken } = this.#services.issueJobToken({ repo: run.repo, runId: run.id, jobId: job.id, workflowFile: run.workflowFile, jobKey: job.key, permissions });
    const scope = jobScope(this.#services, pass, jobModel, false);
    const contexts: Record<string, Json> = { ...scope.contexts, github: { ...jsonObject(scope.contexts['github']), job: job.key }, vars: { ...repo.variables, ...environmentOf(repo, job)?.variables } };
    const session = openJobSession({ repo, run, job, model: jobModel, workflow: model, contexts, secrets: this.#secretsFor(pass, job), token, runtimeToken }, this.#services, this.#withKillHook(job.id));
    this.#sessions.set(job.id, session);
    this.#settle(pass);
    this.#jobChanged(run, job);
    const outcome = await executeJob(session).finally(() => {
      this.#sessions.delete(job.id);
      this.#services.revokeJobTokens(job.id);
    });
    // An abandoned job stays `in_progress` in the state, so that `resume` finds it.
    if (this.#closing) return;
    job.outputs = outcome.outputs;
    this.#finish(run, job, outcome.conclusion);
    await this.advance(run);
  }

  #withKillHook(jobId: number): RunnerOptions {
    const { killStep } = this.#options;
    if (killStep === undefined) return this.#options;
    return { ...this.#options, killStep: (info) => killStep(info) && this.killJob(jobId) };
  }

  /** Runs of pull requests get no secrets; an environment's secrets go to its own job alone, which is past its review here. */
  #secretsFor({ run, repo }: Pass, job: LocalJob): Record<string, string> {
    return run.event === 'pull_request' ? {} : { ...repo.secrets, ...environmentOf(repo, job)?.secrets };
  }

  #finish(run: LocalRun, job: LocalJob, conclusion: Conclusion): void {
    Object.assign(job, { status: 'completed', conclusion, completedAt: this.#services.now() });
    for (const step of job.steps) if (step.status !== 'completed') Object.assign(step, { status: 'completed', conclusion: conclusion === 'skipped' ? 'skipped' : (step.status === 'in_progress' ? conclusion : 'skipped') });
    this.#started.delete(job.id);
    this.#groups.release(`job:${job.id}`);
    this.#jobChanged(run, job);
  }

  #jobChanged(run: LocalRun, job: LocalJob): void {
    run.updatedAt = this.#services.now();
    const check = reportJob(this.#services, run, job);
    this.#services.changed();
    this.#notify({ kind: 'job', run, job });
    if (check !== null) this.#notify({ kind: 'check', check });
  }

  /** Brings the run's own status in line with its jobs', and ends it with the last of them. */
  #settle(pass: Pass): void {
    const { run } = pass;
    if (run.status === 'completed') return;
    const before = run.status;
    run.status = runStatus(run.jobs, (job) => this.#started.has(job.id));
    if (run.status === 'completed') {
      run.announced = false;
      run.conclusion = this.#cancelled.has(run.id) ? 'cancelled' : concludeRun(run.jobs.map((job) => ({ conclusion: job.conclusion, forgiven: isForgiven(this.#services, pass, job) })));
      this.#admitted.delete(run.id);
      this.#cancelled.delete(run.id);
      this.#groups.release(`run:${run.id}`);
    }
    if (run.status === before) return;
    run.updatedAt = this.#services.now();
    this.#services.changed();
    this.#notify({ kind: 'run', run });
    if (run.status === 'completed') this.#completed(run);
  }

  async review({ runId, environment, state, comment, user }: ReviewRequest): Promise<void> {
    const run = this.#services.state.runs.find((candidate) => candidate.id === runId);
    const repo = this.#services.state.repos.find((candidate) => candidate.name === run?.repo);
    if (run === undefined || repo === undefined) throw inputError('unknown-run', `There is no run ${runId}.`);
    assertMayReview(repo, run, { environment, user });
    const waiting = run.jobs.filter((job) => job.status === 'waiting' && job.environment?.toLowerCase() === environment.toLowerCase());
    if (waiting.length === 0) throw inputError('no-pending-deployment', `No job of run ${runId} waits for a review of ${environment}.`);
    run.reviews.push({ state, comment, user, environment: findEnvironment(repo, environment)?.name ?? environment, at: this.#services.now() });
    for (const job of waiting) {
      if (state === 'approved') Object.assign(job, { status: 'queued', reviewed: true });
      else this.#finishRejected(run, job, user);
    }
    this.#services.changed();
    this.#activity.track(this.advance(run));
  }

  #finishRejected(run: LocalRun, job: LocalJob, user: string): void {
    job.annotations = [{ level: 'error', message: `The deployment was rejected by ${user}.`, file: null, line: null }];
    this.#finish(run, job, 'failure');
  }

  cancel(run: LocalRun, reason: string): void {
    if (run.status === 'completed') return;
    // A run that never left the queue ends without its `always()` jobs.
    const wasQueued = !this.#admitted.has(run.id);
    this.#cancelled.add(run.id);
    for (const job of run.jobs) if (job.status !== 'completed' && (wasQueued || job.status !== 'queued' || this.#started.has(job.id))) this.#cancelOne(run, job, reason);
    if (wasQueued) this.#groups.release(`run:${run.id}`);
    this.#activity.track(this.advance(run));
  }

  #cancelOne(run: LocalRun, job: LocalJob, reason: string): void {
    const session = this.#sessions.get(job.id);
    if (session !== undefined) return cancelJob(session, reason);
    job.annotations = [{ level: 'error', message: reason, file: null, line: null }];
    this.#finish(run, job, 'cancelled');
  }

  killJob(jobId: number): boolean {
    const session = this.#sessions.get(jobId);
    if (session === undefined) return false;
    loseJob(session);
    return true;
  }

  /** Gives an unfinished run of an earlier process its concurrency groups back, and queues its interrupted jobs again. */
  async reclaim(run: LocalRun): Promise<void> {
    const pass = await this.#passOf(run);
    if (pass === null) {
      for (const job of run.jobs) if (job.status !== 'completed') this.#finish(run, job, 'failure');
      return;
    }
    const held = run.jobs.filter((job) => job.status === 'in_progress' || job.status === 'waiting');
    if (run.status !== 'queued' && this.#admit(pass)) this.#admitted.add(run.id);
    for (const job of held) {
      const jobModel = pass.model.jobs.find((candidate) => candidate.key === job.key);
      const request = jobModel === undefined ? null : groupRequest(run.repo, jobModel.concurrency, jobScope(this.#services, pass, jobModel, false));
      if (request !== null) this.#groups.request(`job:${job.id}`, request);
      // This machine is the runner: a job that it lost starts again, as the same attempt and under the review it already has.
      if (job.status === 'in_progress') resetJob(job);
    }
  }

  /** Kills all jobs without concluding them: a later process queues them again. */
  abandon(): void {
    this.#closing = true;
    for (const session of this.#sessions.values()) loseJob(session);
  }
}

// Decides which job of which run goes next. Everything it knows beyond `state` can be rebuilt from it (see `reclaim`).
import { inputError } from '../../domain/errors.ts';
import type { Conclusion, LocalJob, LocalRepo, LocalRun, ServerServices } from '../contract.ts';
import type { Activity } from './activity.ts';
import { reportJob, reportsChecks } from './checks.ts';
import { createConcurrencyGroups } from './concurrency.ts';
import { assertMayReview, environmentForJob, findEnvironment } from './environments.ts';
import { evaluate, evaluateCondition, evaluateText } from './expressions.ts';
import type { Scope } from './expressions.ts';
import { environmentName, groupRequest } from './job-requests.ts';
import { cancelJob, executeJob, loseJob } from './job.ts';
import { ancestorStatus, needsAreDone, needsContext } from './job-graph.ts';
import type { FinishedJob } from './job-graph.ts';
import { openJobSession } from './job-session.ts';
import type { JobSession } from './job-session.ts';
import type { RunnerChange, RunnerOptions } from './options.ts';
import { jsonObject } from './payloads.ts';
import { concludeRun, resetJob, runContexts } from './run-record.ts';
import type { Json } from './template.ts';
import type { JobModel, WorkflowModel } from './workflow-model.ts';
import type { WorkflowStore } from './workflow-store.ts';
import { errorMessage } from './error-message.ts';

export interface Scheduler {
  /** Lets a queued run go as far as its concurrency group, reviews and slots allow. */
  advance(run: LocalRun): Promise<void>;
  /** Gives an unfinished run of an earlier process its concurrency groups back, and queues its interrupted jobs again. */
  reclaim(run: LocalRun): Promise<void>;
  review(request: { runId: number; environment: string; state: 'approved' | 'rejected'; comment: string; user: string }): Promise<void>;
  cancel(run: LocalRun, reason: string): void;
  killJob(jobId: number): boolean;
  /** Kills all jobs without concluding them: a later process queues them again. */
  abandon(): void;
}

export interface SchedulerParts {
  services: ServerServices;
  options: RunnerOptions;
  activity: Activity;
  workflows: WorkflowStore;
  notify: (change: RunnerChange) => void;
  /** Called once when a run is completed. */
  completed: (run: LocalRun) => void;
}

interface Pass {
  run: LocalRun;
  repo: LocalRepo;
  model: WorkflowModel;
}

const PENDING_REPLACED = 'Canceling since a higher priority waiting request for its concurrency group exists.';

export function createScheduler({ services, options, activity, workflows, notify, completed }: SchedulerParts): Scheduler {
  const sessions = new Map<number, JobSession>();
  /** Runs past their concurrency group, jobs handed to a slot, runs that are being cancelled. */
  const admitted = new Set<number>();
  const started = new Set<number>();
  const cancelled = new Set<number>();
  let closing = false;

  const groups = createConcurrencyGroups({
    granted: (member) => {
      const run = runOfMember(member);
      if (run !== null) activity.track(advance(run));
    },
    cancel: (member) => {
      const run = runOfMember(member);
      if (run === null) return;
      const job = run.jobs.find((candidate) => `job:${candidate.id}` === member);
      if (job === undefined) cancel(run, PENDING_REPLACED);
      else cancelOne(run, job, PENDING_REPLACED);
      activity.track(advance(run));
    },
  });

  function runOfMember(member: string): LocalRun | null {
    return services.state.runs.find((run) => `run:${run.id}` === member || run.jobs.some((job) => `job:${job.id}` === member)) ?? null;
  }

  async function advance(run: LocalRun): Promise<void> {
    const pass = await passOf(run);
    if (pass === null || closing || run.status === 'completed') return;
    if (!cancelled.has(run.id) && !admit(pass)) return;
    admitted.add(run.id);
    // A job that is skipped or fails at once can make others ready: go on until nothing changes.
    while (run.jobs.some((job) => job.status === 'queued' && !started.has(job.id) && consider(pass, job)));
    settle(run, pass);
  }

  async function passOf(run: LocalRun): Promise<Pass | null> {
    const repo = services.state.repos.find((candidate) => candidate.name === run.repo);
    const model = await workflows.find(run.repo, run.headSha, run.workflowFile);
    return repo === undefined || model === null ? null : { run, repo, model };
  }

  function admit(pass: Pass): boolean {
    if (admitted.has(pass.run.id)) return true;
    let request: ReturnType<typeof groupRequest>;
    try {
      request = groupRequest(pass.run.repo, pass.model.concurrency, runScope(pass, 'success'));
    } catch (error) {
      pass.run.problem = `The run's concurrency group could not be evaluated: ${errorMessage(error)}`;
      for (const job of pass.run.jobs) finish(pass.run, job, 'failure');
      return true;
    }
    if (request === null) return true;
    pass.run.concurrencyGroup = request.name;
    return groups.request(`run:${pass.run.id}`, request) === 'held';
  }

  /** True when the job's state changed in a way that other jobs may depend on. */
  function consider(pass: Pass, job: LocalJob): boolean {
    const { run, model } = pass;
    const jobModel = model.jobs.find((candidate) => candidate.key === job.key);
    if (jobModel === undefined || !needsAreDone(jobModel, run.jobs)) return false;
    try {
      return considerReady(pass, job, jobModel);
    } catch (error) {
      return finishAtOnce(pass, job, { conclusion: 'failure', message: errorMessage(error) });
    }
  }

  function considerReady(pass: Pass, job: LocalJob, jobModel: JobModel): boolean {
    const { run, repo } = pass;
    const isCancelled = cancelled.has(run.id);
    const scope = jobScope(pass, jobModel, isCancelled);
    if (jobModel.name !== null) job.name = evaluateText(jobModel.name, scope);
    if (!evaluateCondition(jobModel.condition, scope)) return finishAtOnce(pass, job, { conclusion: isCancelled ? 'cancelled' : 'skipped' });
    if (jobModel.unsupported.length > 0) {
      return finishAtOnce(pass, job, { conclusion: 'failure', message: `The local runner does not support ${jobModel.unsupported.join(', ')} of the job '${job.key}'.` });
    }
    const request = groupRequest(run.repo, jobModel.concurrency, scope);
    if (request !== null && groups.request(`job:${job.id}`, request) === 'pending') return false;
    job.environment = environmentName(jobModel.environment, scope);
    const environment = job.environment === null ? null : environmentForJob(services, repo, job.environment);
    if (environment !== null && environment.reviewers.length > 0 && job.reviewed !== true) {
      job.status = 'waiting';
      jobChanged(run, job);
      return false;
    }
    started.add(job.id);
    jobChanged(run, job);
    activity.inSlot(reportsChecks(run) ? 'checks' : 'jobs', () => runInSlot(pass, job, jobModel));
    return false;
  }

  function finishAtOnce({ run }: Pass, job: LocalJob, { conclusion, message }: { conclusion: Conclusion; message?: string }): boolean {
    if (message !== undefined) job.annotations = [...(job.annotations ?? []), { level: 'error', message, file: null, line: null }];
    finish(run, job, conclusion);
    return true;
  }

  async function runInSlot(pass: Pass, job: LocalJob, jobModel: JobModel): Promise<void> {
    const { run, repo, model } = pass;
    if (closing || job.status === 'completed') return;
    Object.assign(job, { status: 'in_progress', startedAt: services.now() });
    const { permissions } = job;
    const { token, runtimeToken } = services.issueJobToken({ repo: run.repo, runId: run.id, jobId: job.id, workflowFile: run.workflowFile, jobKey: job.key, permissions });
    const scope = jobScope(pass, jobModel, false);
    const contexts: Record<string, Json> = { ...scope.contexts, github: { ...jsonObject(scope.contexts['github']), job: job.key }, vars: { ...repo.variables, ...environmentOf(repo, job)?.variables } };
    const session = openJobSession({ repo, run, job, model: jobModel, workflow: model, contexts, secrets: secretsFor(pass, job), token, runtimeToken }, services, withKillHook(job.id));
    sessions.set(job.id, session);
    settle(run, pass);
    jobChanged(run, job);
    const outcome = await executeJob(session);
    sessions.delete(job.id);
    services.revokeJobTokens(job.id);
    // An abandoned job stays `in_progress` in the state, so that `resume` finds it.
    if (closing) return;
    job.outputs = outcome.outputs;
    finish(run, job, outcome.conclusion);
    await advance(run);
  }

  function withKillHook(jobId: number): RunnerOptions {
    const { killStep } = options;
    if (killStep === undefined) return options;
    return { ...options, killStep: (info) => killStep(info) && killJob(jobId) };
  }

  /** Runs of pull requests get no secrets; an environment's secrets go to its own job alone, which is past its review here. */
  function secretsFor({ run, repo }: Pass, job: LocalJob): Record<string, string> {
    return run.event === 'pull_request' ? {} : { ...repo.secrets, ...environmentOf(repo, job)?.secrets };
  }

  const environmentOf = (repo: LocalRepo, job: LocalJob) => (job.environment === null ? undefined : findEnvironment(repo, job.environment));

  function finish(run: LocalRun, job: LocalJob, conclusion: Conclusion): void {
    Object.assign(job, { status: 'completed', conclusion, completedAt: services.now() });
    for (const step of job.steps) if (step.status !== 'completed') Object.assign(step, { status: 'completed', conclusion: conclusion === 'skipped' ? 'skipped' : (step.status === 'in_progress' ? conclusion : 'skipped') });
    started.delete(job.id);
    groups.release(`job:${job.id}`);
    jobChanged(run, job);
  }

  function jobChanged(run: LocalRun, job: LocalJob): void {
    run.updatedAt = services.now();
    const check = reportJob(services, run, job);
    services.changed();
    notify({ kind: 'job', run, job });
    if (check !== null) notify({ kind: 'check', check });
  }

  /** Brings the run's own status in line with its jobs', and ends it with the last of them. */
  function settle(run: LocalRun, { model }: Pass): void {
    if (run.status === 'completed') return;
    const before = run.status;
    run.status = runStatus(run);
    if (run.status === 'completed') {
      run.announced = false;
      run.conclusion = cancelled.has(run.id) ? 'cancelled' : concludeRun(run.jobs.map((job) => ({ conclusion: job.conclusion, forgiven: isForgiven(run, model, job) })));
      admitted.delete(run.id);
      cancelled.delete(run.id);
      groups.release(`run:${run.id}`);
    }
    if (run.status === before) return;
    run.updatedAt = services.now();
    services.changed();
    notify({ kind: 'run', run });
    if (run.status === 'completed') completed(run);
  }

  function runStatus(run: LocalRun): LocalRun['status'] {
    if (run.jobs.every((job) => job.status === 'completed')) return 'completed';
    if (run.jobs.some((job) => job.status === 'in_progress' || started.has(job.id))) return 'in_progress';
    if (run.jobs.some((job) => job.status === 'waiting')) return 'waiting';
    return run.jobs.some((job) => job.status === 'completed') ? 'in_progress' : 'queued';
  }

  function runScope({ run, repo, model }: Pass, status: Scope['status']): Scope {
    return { contexts: runContexts(services, model, { repo, run }), status, workspace: null };
  }

  function jobScope(pass: Pass, jobModel: JobModel, isCancelled: boolean): Scope {
    const finished = (key: string): FinishedJob | null => {
      const job = pass.run.jobs.find((candidate) => candidate.key === key);
      if (job === undefined || job.conclusion === null) return null;
      return { job, result: isForgiven(pass.run, pass.model, job) ? 'success' : job.conclusion };
    };
    const status = isCancelled ? 'cancelled' : ancestorStatus(jobModel, pass.model.jobs, finished);
    const scope = runScope(pass, status);
    return { ...scope, contexts: { ...scope.contexts, needs: needsContext(jobModel, finished), strategy: null, matrix: null } };
  }

  function isForgiven(run: LocalRun, model: WorkflowModel, job: LocalJob): boolean {
    const setting = model.jobs.find((candidate) => candidate.key === job.key)?.continueOnError ?? null;
    if (setting === null || job.conclusion !== 'failure') return false;
    const repo = services.state.repos.find((candidate) => candidate.name === run.repo);
    return repo !== undefined && evaluate(setting, runScope({ run, repo, model }, 'success')) === true;
  }

  async function review({ runId, environment, state, comment, user }: Parameters<Scheduler['review']>[0]): Promise<void> {
    const run = services.state.runs.find((candidate) => candidate.id === runId);
    const repo = services.state.repos.find((candidate) => candidate.name === run?.repo);
    if (run === undefined || repo === undefined) throw inputError('unknown-run', `There is no run ${runId}.`);
    assertMayReview(repo, run, { environment, user });
    const waiting = run.jobs.filter((job) => job.status === 'waiting' && job.environment?.toLowerCase() === environment.toLowerCase());
    if (waiting.length === 0) throw inputError('no-pending-deployment', `No job of run ${runId} waits for a review of ${environment}.`);
    run.reviews.push({ state, comment, user, environment: findEnvironment(repo, environment)?.name ?? environment, at: services.now() });
    for (const job of waiting) {
      if (state === 'approved') Object.assign(job, { status: 'queued', reviewed: true });
      else finishRejected(run, job, user);
    }
    services.changed();
    activity.track(advance(run));
  }

  function finishRejected(run: LocalRun, job: LocalJob, user: string): void {
    job.annotations = [{ level: 'error', message: `The deployment was rejected by ${user}.`, file: null, line: null }];
    finish(run, job, 'failure');
  }

  function cancel(run: LocalRun, reason: string): void {
    if (run.status === 'completed') return;
    // A run that never left the queue ends without its `always()` jobs.
    const wasQueued = !admitted.has(run.id);
    cancelled.add(run.id);
    for (const job of run.jobs) if (job.status !== 'completed' && (wasQueued || job.status !== 'queued' || started.has(job.id))) cancelOne(run, job, reason);
    if (wasQueued) groups.release(`run:${run.id}`);
    activity.track(advance(run));
  }

  function cancelOne(run: LocalRun, job: LocalJob, reason: string): void {
    const session = sessions.get(job.id);
    if (session !== undefined) return cancelJob(session, reason);
    job.annotations = [{ level: 'error', message: reason, file: null, line: null }];
    finish(run, job, 'cancelled');
  }

  function killJob(jobId: number): boolean {
    const session = sessions.get(jobId);
    if (session === undefined) return false;
    loseJob(session);
    return true;
  }

  async function reclaim(run: LocalRun): Promise<void> {
    const pass = await passOf(run);
    if (pass === null) {
      for (const job of run.jobs) if (job.status !== 'completed') finish(run, job, 'failure');
      return;
    }
    const held = run.jobs.filter((job) => job.status === 'in_progress' || job.status === 'waiting');
    if (run.status !== 'queued' && admit(pass)) admitted.add(run.id);
    for (const job of held) {
      const jobModel = pass.model.jobs.find((candidate) => candidate.key === job.key);
      const request = jobModel === undefined ? null : groupRequest(run.repo, jobModel.concurrency, jobScope(pass, jobModel, false));
      if (request !== null) groups.request(`job:${job.id}`, request);
      // This machine is the runner: a job that it lost starts again, as the same attempt and under the review it already has.
      if (job.status === 'in_progress') resetJob(job);
    }
  }

  function abandon(): void {
    closing = true;
    for (const session of sessions.values()) loseJob(session);
  }

  return { advance, reclaim, review, cancel, killJob, abandon };
}

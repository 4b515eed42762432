// What expressions about a run and its jobs can see, before and between the jobs.
import type { LocalEnvironment, LocalJob, LocalRepo, LocalRun, ServerServices } from '../contract.ts';
import { findEnvironment } from './environments.ts';
import { evaluate } from './expressions.ts';
import type { Scope } from './expressions.ts';
import { ancestorStatus, needsContext } from './job-graph.ts';
import type { FinishedJob } from './job-graph.ts';
import { runContexts } from './run-record.ts';
import type { JobModel, WorkflowModel } from './workflow-model.ts';

/** A run with what it is about. */
export interface Pass {
  run: LocalRun;
  repo: LocalRepo;
  model: WorkflowModel;
}

/** For expressions of the workflow itself. */
export function runScope(services: ServerServices, { run, repo, model }: Pass, status: Scope['status']): Scope {
  return { contexts: runContexts(services, model, { repo, run }), status, workspace: null };
}

/** For expressions of a job whose `needs` are done. */
export function jobScope(services: ServerServices, pass: Pass, jobModel: JobModel, isCancelled: boolean): Scope {
  const finished = (key: string): FinishedJob | null => {
    const job = pass.run.jobs.find((candidate) => candidate.key === key);
    if (job === undefined || job.conclusion === null) return null;
    return { job, result: isForgiven(services, pass, job) ? 'success' : job.conclusion };
  };
  const scope = runScope(services, pass, isCancelled ? 'cancelled' : ancestorStatus(jobModel, pass.model.jobs, finished));
  return { ...scope, contexts: { ...scope.contexts, needs: needsContext(jobModel, finished), strategy: null, matrix: null } };
}

/** True for a failed job with `continue-on-error`. */
export function isForgiven(services: ServerServices, pass: Pass, job: LocalJob): boolean {
  const setting = pass.model.jobs.find((candidate) => candidate.key === job.key)?.continueOnError ?? null;
  return setting !== null && job.conclusion === 'failure' && evaluate(setting, runScope(services, pass, 'success')) === true;
}

export const environmentOf = (repo: LocalRepo, job: LocalJob): LocalEnvironment | undefined => (job.environment === null ? undefined : findEnvironment(repo, job.environment));

/** The run's own status, from its jobs'. `isStarted`: handed to a slot, though perhaps not running yet. */
export function runStatus(jobs: readonly LocalJob[], isStarted: (job: LocalJob) => boolean): LocalRun['status'] {
  if (jobs.every((job) => job.status === 'completed')) return 'completed';
  if (jobs.some((job) => job.status === 'in_progress' || isStarted(job))) return 'in_progress';
  if (jobs.some((job) => job.status === 'waiting')) return 'waiting';
  return jobs.some((job) => job.status === 'completed') ? 'in_progress' : 'queued';
}

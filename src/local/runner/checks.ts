// Check runs on a commit, as "GitHub Actions" reports them.
import type { LocalCheck, LocalJob, LocalRun, ServerServices } from '../contract.ts';
import { jobUrl } from './payloads.ts';

/** The app id of "GitHub Actions". */
export const ACTIONS_APP_ID = 15368;

/** The jobs of these events are reported on the commit. */
const REPORTED_EVENTS = new Set(['pull_request', 'push']);

export const reportsChecks = (run: LocalRun): boolean => REPORTED_EVENTS.has(run.event);

/** Brings a job's check run up to date, and creates it the first time. Null when the run's event reports none. */
export function reportJob(services: ServerServices, run: LocalRun, job: LocalJob): LocalCheck | null {
  if (!reportsChecks(run)) return null;
  // On GitHub too, a job and its check run have one id.
  return upsertCheck(services, {
    repo: run.repo,
    sha: run.headSha,
    id: job.id,
    name: job.name,
    appId: ACTIONS_APP_ID,
    status: job.status === 'waiting' ? 'queued' : job.status,
    conclusion: job.conclusion,
    url: jobUrl(services, run, job),
    startedAt: job.startedAt ?? services.now(),
    completedAt: job.completedAt,
  });
}

export function upsertCheck(services: ServerServices, check: LocalCheck): LocalCheck {
  const known = services.state.checks.find((other) => other.id === check.id);
  if (known === undefined) services.state.checks.push(check);
  else Object.assign(known, check);
  services.changed();
  return known ?? check;
}

// What a job's predecessors mean for it. Pure.
import type { Conclusion, LocalJob } from '../contract.ts';
import type { JobStatus } from './expressions.ts';
import type { Json } from './template.ts';
import type { JobModel } from './workflow-model.ts';

/** A job as its successors see it: a forgiven failure (`continue-on-error`) counts as success. */
export interface FinishedJob {
  job: LocalJob;
  result: Conclusion;
}

export const needsAreDone = (model: JobModel, jobs: readonly LocalJob[]): boolean =>
  model.needs.every((key) => jobs.find((job) => job.key === key)?.status === 'completed');

/** The `needs` context. */
export function needsContext(model: JobModel, finished: (key: string) => FinishedJob | null): Json {
  const entries = model.needs.map((key): [string, Json] => {
    const need = finished(key);
    return [key, { result: need?.result ?? 'skipped', outputs: need?.job.outputs ?? {} }];
  });
  return Object.fromEntries(entries);
}

/**
 * What success() and failure() of a job look at: all of its ancestors, not only those in `needs`. A skipped ancestor
 * makes both false, so a chain of skipped jobs goes on (https://github.com/actions/runner/issues/491).
 */
export function ancestorStatus(model: JobModel, models: readonly JobModel[], finished: (key: string) => FinishedJob | null): JobStatus | 'skipped' {
  const results = ancestors(model, models).map((key) => finished(key)?.result ?? 'skipped');
  if (results.some((result) => result === 'failure' || result === 'timed_out')) return 'failure';
  return results.every((result) => result === 'success') ? 'success' : 'skipped';
}

function ancestors(model: JobModel, models: readonly JobModel[]): string[] {
  const found = new Set<string>();
  const visit = (key: string): void => {
    if (found.has(key)) return;
    found.add(key);
    for (const need of models.find((other) => other.key === key)?.needs ?? []) visit(need);
  };
  for (const need of model.needs) visit(need);
  return [...found];
}

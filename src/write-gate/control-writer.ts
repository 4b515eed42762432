import type { RepoName } from '../domain/ids.ts';
import type { ControlWriter } from '../ports/writers.ts';
import { dispatchContinue } from './continue-dispatch.ts';
import type { MutationAccess } from './mutate.ts';
import { dispatchReview } from './review-dispatch.ts';
import { createTrackingIssue } from './tracking-issue-create.ts';
import { updateTrackingIssue } from './tracking-issue-update.ts';

export interface ControlAccess extends MutationAccess {
  /** The control repository: nothing else is written with this access. */
  readonly repo: RepoName;
  /** Where its workflow files are taken from. */
  readonly defaultBranch: string;
}

/** Writes to the control repository with the job's own token. */
export function createControlWriter(access: ControlAccess): ControlWriter {
  return {
    createTrackingIssue: (intent) => createTrackingIssue(access, access.repo, intent),
    updateTrackingIssue: (intent, workflow) => updateTrackingIssue(access, access.repo, { intent, workflow }),
    dispatchReview: (intent, workflow) => dispatchReview(access, intent, workflow),
    dispatchContinue: (intent, workflow) => dispatchContinue(access, intent, workflow),
  };
}

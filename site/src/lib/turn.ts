import { isFinal, type Status } from '../../../src/domain/status.ts';
import type { Workflow } from '../../../src/domain/workflow.ts';

/** Who has to act next. `nobody`: the workflow has ended. */
export type Turn = 'you' | 'countersign' | 'ci' | 'nobody';
export const TURNS: readonly Turn[] = ['you', 'countersign', 'ci', 'nobody'];

export const TURN_TITLES: Readonly<Record<Turn, string>> = {
  you: 'Your turn',
  countersign: 'Countersign is working',
  ci: 'Waiting for CI',
  nobody: 'Ended',
};

export function turnOf(status: Status): Turn {
  switch (status) {
    case 'WAITING_USER_APPROVAL':
    case 'NEEDS_HUMAN':
      return 'you';
    case 'INGESTED':
    case 'PATCHES_PROPOSED':
    case 'APPLYING_PATCHES':
      return 'countersign';
    case 'PR_OPEN':
    case 'VERIFYING_CI':
      return 'ci';
    default:
      return 'nobody';
  }
}

export type Tone = 'ask' | 'busy' | 'good' | 'bad' | 'idle';

export function toneOf(status: Status): Tone {
  switch (status) {
    case 'WAITING_USER_APPROVAL':
    case 'NEEDS_HUMAN':
      return 'ask';
    case 'DONE':
      return 'good';
    case 'FAILED':
    case 'BLOCKED_POLICY':
      return 'bad';
    case 'DECLINED':
      return 'idle';
    default:
      return 'busy';
  }
}

const STATUS_TEXTS: Readonly<Record<Status, string>> = {
  INGESTED: 'Ingested',
  PATCHES_PROPOSED: 'Patches proposed',
  WAITING_USER_APPROVAL: 'Waiting for approval',
  APPLYING_PATCHES: 'Applying patches',
  PR_OPEN: 'Pull request open',
  VERIFYING_CI: 'Verifying CI',
  NEEDS_HUMAN: 'Needs you',
  DONE: 'Done',
  FAILED: 'Failed',
  BLOCKED_POLICY: 'Blocked by policy',
  DECLINED: 'Declined',
};
export const statusText = (status: Status): string => STATUS_TEXTS[status];

/** True when a PatchSet has landed and no check was there to verify it. Every page of the workflow says so. */
export const isUnverified = ({ patchSets }: Workflow): boolean => patchSets.some(({ ci }) => ci?.conclusion === 'none');

/** One sentence: what the workflow waits for, or how it ended. */
export function nextStep(workflow: Workflow): string {
  switch (workflow.status) {
    case 'INGESTED':
      return 'Countersign reads the repositories and designs the change.';
    case 'PATCHES_PROPOSED':
      return 'Countersign proposes PatchSets and checks them. Nothing has been written to any target repository.';
    case 'WAITING_USER_APPROVAL':
      return `${openReviews(workflow)} Nothing has been written to any target repository.`;
    case 'APPLYING_PATCHES':
      return 'Every PatchSet is approved. Countersign writes them and opens the pull requests.';
    case 'PR_OPEN':
      return 'The pull requests are open. CI has not reported yet.';
    case 'VERIFYING_CI':
      return 'CI runs on the pull requests.';
    case 'NEEDS_HUMAN':
      return workflow.pause?.reason ?? 'A person has to decide how to go on.';
    default:
      return workflow.outcome?.reason ?? (isFinal(workflow.status) ? `The workflow ended: ${statusText(workflow.status).toLowerCase()}.` : '');
  }
}

function openReviews({ patchSets }: Workflow): string {
  const open = patchSets.filter((patchSet) => patchSet.approval === null).map((patchSet) => patchSet.id);
  if (open.length === 0) return 'Every PatchSet is approved.';
  return `${listOf(open)} ${open.length === 1 ? 'waits' : 'wait'} for a countersignature.`;
}

export function listOf(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

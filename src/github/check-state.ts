import type { CheckView } from '../ports/github-reader.ts';

/** As GitHub itself counts, in either API's letter case: neutral and skipped satisfy a requirement. A conclusion that is not known counts as failed. */
export function checkRunState(status: string, conclusion: string | null): CheckView['state'] {
  const concluded = conclusion?.toLowerCase();
  if (concluded === 'action_required') return 'action_required';
  if (status.toLowerCase() !== 'completed') return 'pending';
  return concluded === 'success' || concluded === 'neutral' || concluded === 'skipped' ? 'passed' : 'failed';
}

/** The state of a commit status, in either API's letter case. */
export function statusState(state: string): CheckView['state'] {
  const lower = state.toLowerCase();
  if (lower === 'success') return 'passed';
  return lower === 'pending' || lower === 'expected' ? 'pending' : 'failed';
}

/** The App that must report a check. GitHub writes "any App" as null, as -1, or not at all. */
export const integrationOf = (id: number | null | undefined): number | null => (id === null || id === undefined || id < 0 ? null : id);

import { sha256 } from '../ledger/canonical-json.ts';
import type { Instant, RepoName, WorkflowId } from '../domain/ids.ts';

const SUFFIX_LENGTH = 6;

/** The part of a workflow's id that its starting run determines, so that a think job cannot choose another workflow's id. */
export function workflowSuffix(controlRepo: RepoName, runId: number): string {
  const digest = sha256(new TextEncoder().encode(`${controlRepo.toLowerCase()}#${runId}`));
  return BigInt(`0x${digest.slice(0, 16)}`).toString(36).padStart(SUFFIX_LENGTH, '0').slice(-SUFFIX_LENGTH);
}

export function workflowIdFor(now: Instant, controlRepo: RepoName, runId: number): WorkflowId {
  return `wf-${now.slice(0, 10).replaceAll('-', '')}-${workflowSuffix(controlRepo, runId)}`;
}

/** True when `id` is the id of the workflow that this run may create: its own suffix, and today's day or the one before. */
export function isOwnWorkflowId(id: WorkflowId, now: Instant, { controlRepo, runId }: { controlRepo: RepoName; runId: number }): boolean {
  const yesterday = new Date(Date.parse(now) - 86_400_000).toISOString();
  return [now, yesterday].some((day) => workflowIdFor(day, controlRepo, runId) === id);
}

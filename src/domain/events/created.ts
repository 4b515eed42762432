import type { EventOf } from '../event.ts';
import { next, refused, type Outcome } from '../outcome.ts';
import type { Workflow } from '../workflow.ts';

/** The first event of every workflow: source and bases are pinned, limits and approvers are fixed. */
export function onWorkflowCreated(id: string, event: EventOf<'E_WORKFLOW_CREATED'>): Outcome {
  const { source, repos, approvers, limits, trackingIssue } = event.body;
  const names = new Set(repos.map((repo) => repo.repo.toLowerCase()));
  if (repos.length === 0 || names.size !== repos.length) return refused('mismatch', 'A workflow needs one or more different repositories.');
  if (repos.filter((repo) => repo.role === 'primary').length !== 1) return refused('mismatch', 'A workflow has exactly one primary repository.');
  const workflow: Workflow = {
    id,
    status: 'INGESTED',
    createdAt: event.at,
    source,
    repos,
    approvers,
    limits,
    trackingIssue,
    contextHash: null,
    decision: null,
    artifacts: {},
    answers: [],
    unanswered: [],
    gates: { 0: null, 1: null, 2: null, 4: null },
    patchSets: [],
    pause: null,
    observedSince: null,
    regenerationsUsed: 0,
    ciRegenerationsUsed: 0,
    costMicroUsd: 0,
    outcome: null,
  };
  return next(workflow, { kind: 'design' });
}

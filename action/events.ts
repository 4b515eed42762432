import { z } from 'zod';
import type { EndedRun } from '../src/orchestrator/settle.ts';
import { CARRIERS, type FailedRun } from '../src/orchestrator/stalled.ts';
import type { IssueComment } from '../src/orchestrator/answer.ts';

// The parts of GitHub's event payloads that a step reads. Everything in them may have been written by a stranger.

const workflowRun = z.object({ workflow_run: z.object({ id: z.int(), display_title: z.string(), conclusion: z.string().nullable(), path: z.string(), created_at: z.string() }) });

const issueComment = z.object({
  issue: z.object({ number: z.int(), body: z.string().nullable() }),
  comment: z.object({ body: z.string(), user: z.object({ login: z.string(), id: z.int(), type: z.string() }).nullable() }),
});

/** The run that this one settles: a review run, or one of the runs that carry a workflow on. */
export function parseWorkflowRun(event: unknown): { readonly kind: 'review'; readonly run: EndedRun } | { readonly kind: 'carrier'; readonly run: FailedRun } {
  const { id, display_title: title, path, created_at: createdAt } = workflowRun.parse(event).workflow_run;
  // GitHub may put the ref behind the file's name.
  const file = /^\.github\/workflows\/([a-z]+)\.yml(?:@|$)/.exec(path)?.[1];
  const carrier = CARRIERS.find((name) => name === file);
  return carrier ? { kind: 'carrier', run: { id, title, carrier, createdAt } } : { kind: 'review', run: { id, title } };
}

/** The title of the run that this one follows, or null when it follows none. */
export function followedTitle(event: unknown): string | null {
  const parsed = workflowRun.safeParse(event);
  return parsed.success ? parsed.data.workflow_run.display_title : null;
}

export function parseIssueComment(event: unknown): IssueComment {
  const { issue, comment } = issueComment.parse(event);
  return {
    issueNumber: issue.number,
    issueBody: issue.body ?? '',
    login: comment.user?.login ?? '',
    userId: comment.user?.id ?? 0,
    userType: comment.user?.type ?? '',
    body: comment.body,
  };
}

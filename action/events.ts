import { z } from 'zod';
import type { EndedRun } from '../src/orchestrator/settle.ts';
import type { IssueComment } from '../src/orchestrator/answer.ts';

// The parts of GitHub's event payloads that a step reads. Everything in them may have been written by a stranger.

const workflowRun = z.object({ workflow_run: z.object({ id: z.int(), display_title: z.string(), conclusion: z.string().nullable() }) });

const issueComment = z.object({
  issue: z.object({ number: z.int(), body: z.string().nullable() }),
  comment: z.object({ body: z.string(), user: z.object({ login: z.string(), id: z.int(), type: z.string() }).nullable() }),
});

export function parseWorkflowRun(event: unknown): EndedRun {
  const { workflow_run: run } = workflowRun.parse(event);
  return { id: run.id, title: run.display_title };
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

import { z } from 'zod';

import type { RepoName } from '../domain/ids.ts';
import type { Intent } from '../domain/intent.ts';
import type { Workflow } from '../domain/workflow.ts';
import { repoPath } from '../schema/github-path.ts';
import { assertMayWriteControl } from './gate.ts';
import { mutateTo, type MutationAccess } from './mutate.ts';

/** Replaces the tracking issue's text, and closes it when the workflow has ended. Setting the same text twice is setting it once: repeated freely. */
export async function updateTrackingIssue(access: MutationAccess, control: RepoName, write: { intent: Extract<Intent, { kind: 'tracking-issue-update' }>; workflow: Workflow }): Promise<void> {
  const { intent, workflow } = write;
  assertMayWriteControl(intent, workflow, control);
  const { repo, number, body, close } = intent;
  const changes = close ? { body, state: 'closed', state_reason: 'completed' } : { body };
  const mutation = { method: 'PATCH', path: repoPath(repo, 'issues', number), body: changes, doing: `update ${repo}#${number}`, repeatable: true } as const;
  await mutateTo(access, mutation, { status: 200, schema: z.object({ number: z.literal(number) }) });
}

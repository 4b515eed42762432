import { z } from 'zod';

import type { RepoName } from '../domain/ids.ts';
import type { Intent } from '../domain/intent.ts';
import { repoPath } from '../schema/github-path.ts';
import { assertMayWriteControl } from './gate.ts';
import { mutateTo, type MutationAccess } from './mutate.ts';

const issueSchema = z.object({ number: z.int().positive(), html_url: z.string() });

/** Opens the tracking issue. Not repeated after a lost answer: a second issue would be worse than a sentence. */
export async function createTrackingIssue(access: MutationAccess, control: RepoName, intent: Extract<Intent, { kind: 'tracking-issue-create' }>) {
  assertMayWriteControl(intent, null, control);
  const { repo, title, body } = intent;
  const mutation = { method: 'POST', path: repoPath(repo, 'issues'), body: { title, body }, doing: `open the tracking issue in ${repo}`, repeatable: false } as const;
  const issue = await mutateTo(access, mutation, { status: 201, schema: issueSchema });
  return { number: issue.number, url: issue.html_url };
}

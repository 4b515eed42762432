import { z } from 'zod';

import type { RepoName } from '../domain/ids.ts';
import type { ControlReader, ReviewView } from '../ports/github-reader.ts';
import { repoPath } from '../schema/github-path.ts';
import type { GitHubClient } from './client.ts';
import { readControlFile } from './control-file.ts';
import { readEnvironment } from './environment.ts';
import { readIssue } from './target-reader.ts';

const reviewSchema = z.object({
  state: z.enum(['approved', 'rejected', 'pending']),
  comment: z.string().nullable(),
  user: z.object({ login: z.string(), id: z.int(), type: z.string() }).nullable(),
  environments: z.array(z.object({ name: z.string() })),
});

/** Reads the control repository. Each method is one request. */
export function createControlReader(client: GitHubClient, repo: RepoName): ControlReader {
  return {
    readConfig: () => readControlFile(client, repo),
    readEnvironment: (name) => readEnvironment(client, repo, name),
    readReviews: (runId) => readReviews(client, repo, runId),
    readIssue: (number) => readIssue(client, repo, number),
    readOpenIssues: () => readOpenIssues(client, repo),
  };
}

async function readReviews(client: GitHubClient, repo: RepoName, runId: number): Promise<ReviewView[]> {
  const reviews = await client.get(repoPath(repo, 'actions', 'runs', runId, 'approvals'), z.array(reviewSchema), `read the reviews of run ${runId} of ${repo}`);
  return reviews.map(({ state, comment, user, environments }) => ({
    state,
    comment: comment ?? '',
    // A deleted account approves nothing: no list of approvers holds this name, and its type is not a person's.
    login: user?.login ?? 'ghost',
    userId: user?.id ?? 0,
    userType: user?.type ?? 'none',
    environments: environments.map(({ name }) => name),
  }));
}

const openIssueSchema = z.object({ number: z.int().positive(), body: z.string().nullish(), pull_request: z.unknown().optional() });

async function readOpenIssues(client: GitHubClient, repo: RepoName) {
  const path = `${repoPath(repo, 'issues')}?state=open&sort=created&direction=desc&per_page=100`;
  const issues = await client.get(path, z.array(openIssueSchema), `list the open issues of ${repo}`);
  // GitHub lists pull requests among the issues.
  return issues
    .filter((issue) => issue.pull_request === undefined && /\bwf-\d{8}-[0-9a-z]{6}\b/.test(issue.body ?? ''))
    .map(({ number, body }) => ({ number, body: body ?? '' }));
}

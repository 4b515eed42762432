import type { RepoName } from '../domain/ids.ts';
import type { IssueText, PullRequestView, RepoHead, TargetReader } from '../ports/github-reader.ts';
import { readChecks, readRequiredChecks } from './checks.ts';
import type { GitHubClient } from './client.ts';
import { readIntake, type HeadRequest } from './intake.ts';
import { readPullRequests, type PullRequestRequest } from './pull-requests.ts';

/** What a `TargetReader` can also do in fewer requests. */
export interface BatchReader {
  /** The issue and every head, of one moment: one request. Rejects as `readIssue` and `readHead` do. */
  readIntake(issue: PullRequestRequest, heads: readonly HeadRequest[]): Promise<{ readonly issue: IssueText; readonly heads: readonly RepoHead[] }>;
  /** Several pull requests in one request, when `branch` names where each head is expected. In the order asked. */
  readPullRequests(list: readonly (PullRequestRequest & { readonly branch: string })[]): Promise<readonly PullRequestView[]>;
}

/** Reads issues and target repositories with the client's token. Holds no state. */
export function createTargetReader(client: GitHubClient): TargetReader & BatchReader {
  return {
    readIssue: (repo, number) => readIssue(client, repo, number),
    readHead: async (repo, branch) => first((await readIntake(client, null, [{ repo, branch }])).heads),
    readPullRequest: async (repo, number) => first(await readPullRequests(client, [{ repo, number, branch: null }])),
    readRequiredChecks: (repo, branch) => readRequiredChecks(client, repo, branch),
    readChecks: (repo, commit) => readChecks(client, repo, commit),
    readIntake: async (issue, heads) => {
      const intake = await readIntake(client, issue, heads);
      return { issue: first(intake.issue ? [intake.issue] : []), heads: intake.heads };
    },
    readPullRequests: (list) => readPullRequests(client, list),
  };
}

export async function readIssue(client: GitHubClient, repo: RepoName, number: number): Promise<IssueText> {
  const { issue } = await readIntake(client, { repo, number }, []);
  return first(issue ? [issue] : []);
}

function first<T>(list: readonly T[]): T {
  const [item] = list;
  if (item === undefined) throw new TypeError('Expected one answer for one question.');
  return item;
}

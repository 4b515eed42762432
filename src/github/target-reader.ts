import type { RepoName } from '../domain/ids.ts';
import type { IssueText, TargetReader } from '../ports/github-reader.ts';
import { readRequiredChecks } from './checks.ts';
import type { GitHubClient } from './client.ts';
import { readIntake } from './intake.ts';
import { readPullRequests } from './pull-requests.ts';

/** Reads issues and target repositories with the client's token. Holds no state. */
export function createTargetReader(client: GitHubClient): TargetReader {
  return {
    readIssue: (repo, number) => readIssue(client, repo, number),
    readIntake: async (issue, heads) => {
      const intake = await readIntake(client, issue, heads);
      return { issue: first(intake.issue ? [intake.issue] : []), heads: intake.heads };
    },
    readPullRequests: (list) => readPullRequests(client, list),
    readRequiredChecks: (repo, branch, rules) => readRequiredChecks(client, repo, { branch, rules }),
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

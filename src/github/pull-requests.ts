import { z } from 'zod';

import { inputError } from '../domain/errors.ts';
import type { Oid, RepoName } from '../domain/ids.ts';
import type { PullRequestView } from '../ports/github-reader.ts';
import { repoParts, repoPath } from '../schema/github-path.ts';
import { oidSchema, repoNameSchema } from './answer-schema.ts';
import type { GitHubClient, GraphqlQuery } from './client.ts';

export interface PullRequestRequest {
  readonly repo: RepoName;
  readonly number: number;
}

const pullRequestSchema = z.object({ number: z.int(), state: z.enum(['OPEN', 'CLOSED', 'MERGED']), headRefOid: oidSchema, headRefName: z.string() });
const headSchema = z.object({ oid: oidSchema, tree: z.object({ oid: oidSchema }).optional() });
const answerSchema = z.record(z.string(), z.object({ nameWithOwner: repoNameSchema, pullRequest: pullRequestSchema.nullable(), head: headSchema.nullish() }).nullable());

const PULL_REQUESTS_MAX = 20;

/**
 * Reads several pull requests, with the trees of their head commits, in one request. `branches` names, in the same order,
 * the branches that the heads are expected on; where a head is not found there any more, one further GET reads its tree.
 */
export async function readPullRequests(client: GitHubClient, list: readonly (PullRequestRequest & { readonly branch: string | null })[]): Promise<PullRequestView[]> {
  if (list.length === 0) return [];
  if (list.length > PULL_REQUESTS_MAX) throw inputError('too-many-repos', `At most ${PULL_REQUESTS_MAX} pull requests are read at once, got ${list.length}.`);
  const answer = await client.query(buildPullRequestsQuery(list), answerSchema, `read ${list.map(({ repo, number }) => `${repo}#${number}`).join(', ')}`);
  return Promise.all(
    list.map(async ({ repo, number }, index) => {
      const repository = answer[`pull${index}`];
      const pullRequest = repository?.pullRequest;
      if (!pullRequest || pullRequest.number !== number) throw inputError('no-pull-request', `${repo} has no pull request #${number}.`);
      const { headRefOid: head, state } = pullRequest;
      const seen = repository.head?.oid === head ? repository.head.tree?.oid : undefined;
      return { number, state: STATES[state], head, tree: seen ?? (await readCommitTree(client, repo, head)) };
    }),
  );
}

const STATES = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;

export function buildPullRequestsQuery(list: readonly (PullRequestRequest & { readonly branch: string | null })[]): GraphqlQuery {
  const declared: string[] = [];
  const fields: string[] = [];
  const variables: Record<string, string | number> = {};
  for (const [index, { repo, number, branch }] of list.entries()) {
    const { owner, name } = repoParts(repo);
    Object.assign(variables, { [`owner${index}`]: owner, [`name${index}`]: name, [`number${index}`]: number });
    declared.push(`$owner${index}: String!, $name${index}: String!, $number${index}: Int!`);
    if (branch !== null) {
      declared.push(`$head${index}: String!`);
      variables[`head${index}`] = `refs/heads/${branch}`;
    }
    const head = branch === null ? '' : ` head: object(expression: $head${index}) { oid ... on Commit { tree { oid } } }`;
    fields.push(
      `pull${index}: repository(owner: $owner${index}, name: $name${index}, followRenames: false) ` +
        `{ nameWithOwner pullRequest(number: $number${index}) { number state headRefOid headRefName }${head} }`,
    );
  }
  return { text: `query PullRequests(${declared.join(', ')}) { ${fields.join(' ')} }`, variables };
}

const commitSchema = z.object({ sha: oidSchema, tree: z.object({ sha: oidSchema }) });

async function readCommitTree(client: GitHubClient, repo: RepoName, commit: Oid): Promise<Oid> {
  const { tree } = await client.get(repoPath(repo, 'git', 'commits', commit), commitSchema, `read commit ${commit} of ${repo}`);
  return tree.sha;
}

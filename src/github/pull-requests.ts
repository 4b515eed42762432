import { z } from 'zod';

import { CountersignError, inputError } from '../domain/errors.ts';
import type { Oid, RepoName } from '../domain/ids.ts';
import type { PullRequestView } from '../ports/github-reader.ts';
import { repoParts, repoPath } from '../schema/github-path.ts';
import { oidSchema, repoNameSchema } from './answer-schema.ts';
import { checksOfRules, rulesField, rulesSchema } from './branch-rules.ts';
import { checksOfRollup, rollupField, rollupSchema } from './check-rollup.ts';
import { readChecks } from './checks.ts';
import type { GitHubClient, GraphqlQuery } from './client.ts';

interface PullRequestRequest {
  readonly repo: RepoName;
  readonly number: number;
  /** The branch that it was opened against. */
  readonly base: string;
}

const commitSchema = z.object({ oid: oidSchema, tree: z.object({ oid: oidSchema }), statusCheckRollup: rollupSchema.optional() });
const pullRequestSchema = z.object({
  number: z.int(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  headRefOid: oidSchema,
  commits: z.object({ nodes: z.array(z.object({ commit: commitSchema })) }),
});
const answerSchema = z.record(z.string(), z.object({ nameWithOwner: repoNameSchema, base: z.object({ rules: rulesSchema.optional() }).nullable(), pullRequest: pullRequestSchema.nullable() }).nullable());

const PULL_REQUESTS_MAX = 20;
// A fine-grained token cannot be given "checks": GraphQL then refuses them even where anybody may read them over REST.
const WANTED = [{ checks: true, rules: true }, { checks: false, rules: true }] as const;
const STATES = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;

/**
 * Reads several pull requests, with the trees and all checks of their heads and the rules of their bases, in one request. What does not come with it is
 * read by itself: the head's tree where the branch is being pushed to, and its checks where there are more than a hundred.
 */
export async function readPullRequests(client: GitHubClient, list: readonly PullRequestRequest[]): Promise<PullRequestView[]> {
  if (list.length === 0) return [];
  if (list.length > PULL_REQUESTS_MAX) throw inputError('too-many-repos', `At most ${PULL_REQUESTS_MAX} pull requests are read at once, got ${list.length}.`);
  const answer = await queryPullRequests(client, list);
  return Promise.all(
    list.map(async ({ repo, number }, index) => {
      const pullRequest = answer[`pull${index}`]?.pullRequest;
      if (!pullRequest || pullRequest.number !== number) throw inputError('no-pull-request', `${repo} has no pull request #${number}.`);
      const { headRefOid: head, state, commits } = pullRequest;
      const commit = commits.nodes.at(-1)?.commit;
      const seen = commit?.oid === head ? commit : null;
      const checks = seen?.statusCheckRollup === undefined ? null : checksOfRollup(seen.statusCheckRollup);
      const rules = checksOfRules(answer[`pull${index}`]?.base?.rules);
      return { number, state: STATES[state], head, rules, tree: seen?.tree.oid ?? (await readCommitTree(client, repo, head)), checks: checks ?? (await readChecks(client, repo, head)) };
    }),
  );
}

async function queryPullRequests(client: GitHubClient, list: readonly PullRequestRequest[]): Promise<z.infer<typeof answerSchema>> {
  const doing = `read ${list.map(({ repo, number }) => `${repo}#${number}`).join(', ')}`;
  for (const wanted of WANTED) {
    try {
      return await client.query(buildPullRequestsQuery(list, wanted), answerSchema, doing);
    } catch (error) {
      if (!(error instanceof CountersignError) || error.code !== 'github-permission') throw error;
    }
  }
  return client.query(buildPullRequestsQuery(list, { checks: false, rules: false }), answerSchema, doing);
}

/** The query's text is made of fixed pieces and indexes only; every name travels as a variable. */
export function buildPullRequestsQuery(list: readonly PullRequestRequest[], wanted: { readonly checks: boolean; readonly rules: boolean }): GraphqlQuery {
  const declared = list.map((_, index) => `$owner${index}: String!, $name${index}: String!, $number${index}: Int!, $base${index}: String!`);
  const commit = `commits(last: 1) { nodes { commit { oid tree { oid } ${wanted.checks ? rollupField : ''} } } }`;
  const fields = list.map(
    (_, index) =>
      `pull${index}: repository(owner: $owner${index}, name: $name${index}, followRenames: false) ` +
      `{ nameWithOwner base: ref(qualifiedName: $base${index}) { name ${wanted.rules ? rulesField : ''} } pullRequest(number: $number${index}) { number state headRefOid ${commit} } }`,
  );
  const variables: Record<string, string | number> = {};
  for (const [index, { repo, number, base }] of list.entries()) {
    const { owner, name } = repoParts(repo);
    Object.assign(variables, { [`owner${index}`]: owner, [`name${index}`]: name, [`number${index}`]: number, [`base${index}`]: `refs/heads/${base}` });
  }
  return { text: `query PullRequests(${declared.join(', ')}) { ${fields.join(' ')} }`, variables };
}

const restCommitSchema = z.object({ sha: oidSchema, tree: z.object({ sha: oidSchema }) });

async function readCommitTree(client: GitHubClient, repo: RepoName, commit: Oid): Promise<Oid> {
  const { tree } = await client.get(repoPath(repo, 'git', 'commits', commit), restCommitSchema, `read commit ${commit} of ${repo}`);
  return tree.sha;
}

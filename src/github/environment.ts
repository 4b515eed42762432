import { z } from 'zod';

import type { RepoName } from '../domain/ids.ts';
import type { EnvironmentView } from '../ports/github-reader.ts';
import { repoPath } from '../schema/github-path.ts';
import type { GitHubClient } from './client.ts';

/** How an environment is protected, as a field of a `Repository`; its name travels as `$environment`. */
export const environmentField = 'environment(name: $environment) { protectionRules(first: 100) { nodes { type reviewers(first: 1) { totalCount } } } }';
export const environmentSchema = z.object({ protectionRules: z.object({ nodes: z.array(z.object({ type: z.string(), reviewers: z.object({ totalCount: z.int().nonnegative() }) })) }) });

/**
 * The environment as it came with a query, if that says that reviewers are required. Null for everything else: what a token
 * may see of an environment over GraphQL is not documented, so "nobody has to review" is only believed of the REST API.
 */
export function protectedEnvironment(environment: z.infer<typeof environmentSchema> | null | undefined): EnvironmentView | null {
  const reviewers = sum((environment?.protectionRules.nodes ?? []).filter(({ type }) => type === 'REQUIRED_REVIEWERS').map(({ reviewers: { totalCount } }) => totalCount));
  return reviewers > 0 ? { exists: true, reviewers } : null;
}

const restSchema = z.object({
  protection_rules: z.array(z.object({ type: z.string(), reviewers: z.array(z.unknown()).optional() })).default([]),
});

/** One request. An environment that does not exist is one without reviewers. */
export async function readEnvironment(client: GitHubClient, repo: RepoName, name: string): Promise<EnvironmentView> {
  const found = await client.find(repoPath(repo, 'environments', name), restSchema, `read the environment ${name} of ${repo}`);
  if (!found) return { exists: false, reviewers: 0 };
  const required = found.protection_rules.filter(({ type }) => type === 'required_reviewers');
  return { exists: true, reviewers: sum(required.map(({ reviewers }) => reviewers?.length ?? 0)) };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

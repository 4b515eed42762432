import { z } from 'zod';

import type { Oid, RepoName } from '../domain/ids.ts';
import type { CheckView, RequiredCheck } from '../ports/github-reader.ts';
import { repoPath } from '../schema/github-path.ts';
import { checkRunState, integrationOf, statusState } from './check-state.ts';
import type { GitHubClient } from './client.ts';
import { readAllPages } from './paged.ts';

const ruleSchema = z.object({
  type: z.string(),
  parameters: z.object({ required_status_checks: z.array(z.object({ context: z.string(), integration_id: z.int().nullish() })).optional() }).optional(),
});

const protectionSchema = z.object({
  contexts: z.array(z.string()).default([]),
  checks: z.array(z.object({ context: z.string(), app_id: z.int().nullish() })).default([]),
});
const branchSchema = z.object({ protected: z.boolean(), protection: z.object({ required_status_checks: protectionSchema.nullish() }).optional() });

/** A branch, and what rulesets require of it if that is known already. */
export interface RequiredChecksRequest {
  readonly branch: string;
  readonly rules: readonly RequiredCheck[] | null;
}

/** What must pass before GitHub would merge into `branch`: from rulesets and from classic protection, both. A request for each. */
export async function readRequiredChecks(client: GitHubClient, repo: RepoName, { branch, rules }: RequiredChecksRequest): Promise<RequiredCheck[]> {
  const doing = `read the required checks of ${repo}@${branch}`;
  const [ofRules, classic] = await Promise.all([
    rules ?? readRules(client, repo, branch),
    client.get(repoPath(repo, 'branches', branch), branchSchema, doing),
  ]);
  return distinct([...ofRules, ...classicChecks(classic.protection?.required_status_checks)]);
}

async function readRules(client: GitHubClient, repo: RepoName, branch: string): Promise<RequiredCheck[]> {
  const doing = `read the rules of ${repo}@${branch}`;
  const rules = await readAllPages(doing, (page) => client.get(`${repoPath(repo, 'rules', 'branches', branch)}?${page}`, z.array(ruleSchema), doing));
  return rules
    .filter(({ type }) => type === 'required_status_checks')
    .flatMap(({ parameters }) => parameters?.required_status_checks ?? [])
    .map(({ context, integration_id }) => ({ context, integrationId: integrationOf(integration_id) }));
}

// `checks` names the App of each context; `contexts` is the older list of the same, and may be all that an older server sends.
function classicChecks(protection: z.infer<typeof protectionSchema> | null | undefined): RequiredCheck[] {
  const checks = (protection?.checks ?? []).map(({ context, app_id }) => ({ context, integrationId: integrationOf(app_id) }));
  const named = new Set(checks.map(({ context }) => context));
  const rest = (protection?.contexts ?? []).filter((context) => !named.has(context));
  return [...checks, ...rest.map((context) => ({ context, integrationId: null }))];
}

function distinct(checks: readonly RequiredCheck[]): RequiredCheck[] {
  return [...new Map(checks.map((check) => [JSON.stringify([check.context, check.integrationId]), check])).values()];
}

const checkRunsSchema = z.object({
  check_runs: z.array(
    z.object({ name: z.string(), head_sha: z.string(), status: z.string(), conclusion: z.string().nullable(), html_url: z.string().nullable(), app: z.object({ id: z.int() }).nullable() }),
  ),
});
const statusesSchema = z.object({ sha: z.string(), statuses: z.array(z.object({ context: z.string(), state: z.string(), target_url: z.string().nullable() })) });

/** The latest check runs and the latest commit statuses at exactly this commit, however many: two requests a hundred. */
export async function readChecks(client: GitHubClient, repo: RepoName, commit: Oid): Promise<CheckView[]> {
  const doing = `read the checks of ${repo}@${commit.slice(0, 7)}`;
  const path = repoPath(repo, 'commits', commit);
  const [runs, statuses] = await Promise.all([
    readAllPages(doing, async (page) => (await client.get(`${path}/check-runs?filter=latest&${page}`, checkRunsSchema, doing)).check_runs),
    readAllPages(doing, async (page) => (await client.get(`${path}/status?${page}`, statusesSchema, doing)).statuses),
  ]);
  return [
    ...runs
      .filter(({ head_sha }) => head_sha === commit)
      .map(({ name, status, conclusion, html_url, app }) => ({ context: name, integrationId: app?.id ?? null, state: checkRunState(status, conclusion), url: html_url })),
    // A status does not say which App set it, so it never satisfies a requirement that names one.
    ...statuses.map(({ context, state, target_url }) => ({ context, integrationId: null, state: statusState(state), url: target_url })),
  ];
}

// Apps and who is asking.
import { z } from 'zod';
import type { LocalApp, Permissions } from '../../contract.ts';
import { pageOf } from '../paging.ts';
import { Refusal, invalid, noContent, notFound, ok } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { Handlers } from '../routes.ts';
import { fullRepo } from '../view/repos.ts';
import { installationIdOf } from '../view/users.ts';
import { integrationOf, simpleUser, underscored, userByLogin } from '../view/users.ts';
import { actorOf, findRepo, param, repoOf } from '../world.ts';
import type { Call } from '../world.ts';

const tokenBody = z.object({ repositories: z.array(z.string()).optional(), repository_ids: z.array(z.int()).optional(), permissions: z.record(z.string(), z.enum(['read', 'write'])).optional() });

/** One installation per App and account. */
interface Installation {
  readonly id: number;
  readonly account: string;
  readonly repos: readonly string[];
}

function installationsOf(call: Call, app: LocalApp): Installation[] {
  const byAccount = new Map<string, string[]>();
  for (const repo of call.world.state.repos) {
    const account = repo.name.split('/')[0] ?? '';
    if (repo.installedApps.includes(app.slug)) byAccount.set(account, [...(byAccount.get(account) ?? []), repo.name]);
  }
  return [...byAccount].map(([account, repos]) => ({ id: installationIdOf(app.slug, account), account, repos }));
}

function appOf(call: Call): LocalApp {
  const app = call.world.state.apps.find((candidate) => `${candidate.slug}[bot]` === call.token?.login);
  if (app === undefined) throw new Refusal(401, 'A JSON web token could not be decoded');
  return app;
}

function installationView(call: Call, app: LocalApp, installation: Installation): Record<string, unknown> {
  const { api, server } = call.world.services.url;
  const at = '2026-01-01T00:00:00Z';
  return {
    id: installation.id, account: userByLogin(call.world, installation.account), repository_selection: 'selected', access_tokens_url: `${api}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${api}/installation/repositories`, html_url: `${server}/settings/installations/${installation.id}`, app_id: app.id, app_slug: app.slug, target_id: installation.id, target_type: 'User',
    permissions: underscored(app.permissions), events: [], created_at: at, updated_at: at, single_file_name: null, suspended_by: null, suspended_at: null,
  };
}

const orNotFound = <T>(found: T | undefined): T => {
  if (found === undefined) throw notFound();
  return found;
};

function wantedRepos(call: Call, installation: Installation, input: z.infer<typeof tokenBody>): string[] {
  if (input.repositories === undefined && input.repository_ids === undefined) return [...installation.repos];
  const byName = (input.repositories ?? []).map((name) => installation.repos.find((repo) => repo.toLowerCase() === `${installation.account}/${name}`.toLowerCase()));
  const byId = (input.repository_ids ?? []).map((id) => installation.repos.find((repo) => findRepo(call.world.state, repo)?.id === id));
  const found = [...byName, ...byId];
  if (found.includes(undefined)) throw invalid('There is at least one repository that does not exist or is not accessible to the parent installation.');
  return found.filter((repo) => repo !== undefined);
}

function wantedPermissions(app: LocalApp, input: z.infer<typeof tokenBody>): Permissions {
  const own = underscored(app.permissions);
  const wanted = input.permissions ?? {};
  for (const [name, level] of Object.entries(wanted)) {
    if (own[name] === undefined || (level === 'write' && own[name] !== 'write')) throw invalid('The permissions requested are not granted to this installation.');
  }
  return { metadata: 'read', ...(input.permissions === undefined ? app.permissions : wanted) };
}

function createToken(call: Call): Reply {
  const app = appOf(call);
  const installation = orNotFound(installationsOf(call, app).find((candidate) => candidate.id === Number(param(call, 'installation_id'))));
  const input = tokenBody.parse(call.body ?? {});
  const repos = wantedRepos(call, installation, input);
  const permissions = wantedPermissions(app, input);
  const minted = call.world.tokens.mintInstallationToken(app, { repos, permissions, job: call.job });
  const selected = input.repositories !== undefined || input.repository_ids !== undefined;
  const listed = selected ? { repositories: repos.flatMap((name) => findRepo(call.world.state, name) ?? []).map((repo) => fullRepo(call.world, repo)) } : {};
  return ok({ token: minted.token, expires_at: minted.expiresAt, permissions: underscored(permissions), repository_selection: 'selected', ...listed }, 201);
}

const LIMIT = 5000;
function rateLimit(call: Call): Reply {
  const reset = Math.floor(Date.parse(call.world.services.now()) / 1000) + 3600;
  const full = { limit: LIMIT, used: 0, remaining: LIMIT, reset };
  return ok({ resources: { core: full, search: { ...full, limit: 30, remaining: 30 }, graphql: full }, rate: full });
}

function whoAmI(call: Call): Reply {
  const { token, world } = call;
  if (token === null) throw new Refusal(401, 'Requires authentication');
  if (token.kind !== 'personal') throw new Refusal(403, 'Resource not accessible by integration');
  const at = '2026-01-01T00:00:00Z';
  return ok({ ...simpleUser(world, actorOf(call)), user_view_type: 'public', name: null, company: null, blog: '', location: null, email: null, hireable: null, bio: null, public_repos: 0, public_gists: 0, followers: 0, following: 0, created_at: at, updated_at: at });
}

export const appHandlers: Handlers = {
  'apps/get-authenticated': (call) => ok(integrationOf(call.world, appOf(call).id)),
  'apps/get-repo-installation': (call) => {
    const app = appOf(call);
    const repo = repoOf(call);
    return ok(installationView(call, app, orNotFound(installationsOf(call, app).find((candidate) => candidate.repos.includes(repo.name)))));
  },
  'apps/get-user-installation': (call) => {
    const app = appOf(call);
    return ok(installationView(call, app, orNotFound(installationsOf(call, app).find((candidate) => candidate.account === param(call, 'username')))));
  },
  'apps/create-installation-access-token': createToken,
  'apps/revoke-installation-access-token': (call) => {
    call.world.tokens.revoke(call.tokenValue ?? '');
    return noContent();
  },
  'apps/list-repos-accessible-to-installation': (call) => {
    const repos = (call.token?.repos ?? []).flatMap((name) => findRepo(call.world.state, name) ?? []);
    return pageOf(call, repos, (page) => ({ total_count: repos.length, repository_selection: 'selected', repositories: page.map((repo) => fullRepo(call.world, repo)) }));
  },
  'rate-limit/get': rateLimit,
  'users/get-authenticated': whoAmI,
};

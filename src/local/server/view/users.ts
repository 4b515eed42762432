import type { LocalApp, LocalRepo, LocalUser } from '../../contract.ts';
import { userOf } from '../world.ts';
import type { World } from '../world.ts';

/** GitHub's opaque ids: stable, and nothing to be parsed. */
export const nodeId = (kind: string, id: number | string): string => `${kind}_${Buffer.from(String(id)).toString('base64url')}`;

/** A number of its own for a name: stable as well. */
export const numberOf = (name: string): number => Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 1_000_000_007, 7);
/** An App's installation on one owner's repositories. */
export const installationIdOf = (app: string, owner: string): number => numberOf(`${app} ${owner}`);

export function simpleUser(world: World, user: LocalUser): Record<string, unknown> {
  const { api, server } = world.services.url;
  const login = encodeURIComponent(user.login);
  const self = `${api}/users/${login}`;
  return {
    login: user.login, id: user.id, node_id: nodeId(user.type === 'Bot' ? 'BOT' : 'U', user.id), avatar_url: `${server}/-/avatar/${login}`, gravatar_id: '',
    url: self, html_url: `${server}/${login}`, followers_url: `${self}/followers`, following_url: `${self}/following{/other_user}`, gists_url: `${self}/gists{/gist_id}`,
    starred_url: `${self}/starred{/owner}{/repo}`, subscriptions_url: `${self}/subscriptions`, organizations_url: `${self}/orgs`, repos_url: `${self}/repos`,
    events_url: `${self}/events{/privacy}`, received_events_url: `${self}/received_events`, type: user.type, site_admin: false,
  };
}

export const userByLogin = (world: World, login: string): Record<string, unknown> => simpleUser(world, userOf(world.state, login));

/** The owner half of OWNER/NAME. Owners need not be listed users. */
export const ownerOf = (world: World, repo: LocalRepo): Record<string, unknown> => userByLogin(world, repo.name.split('/')[0] ?? '');

/** GitHub's own id of the App behind `GITHUB_TOKEN`. */
export const ACTIONS_APP_ID = 15368;

export function integrationOf(world: World, appId: number): Record<string, unknown> {
  const app: LocalApp | undefined = world.state.apps.find((candidate) => candidate.id === appId);
  const slug = app?.slug ?? 'github-actions';
  const { server } = world.services.url;
  return {
    id: app?.id ?? ACTIONS_APP_ID, client_id: `Iv1.${slug}`, slug, node_id: nodeId('A', appId), owner: userByLogin(world, 'local'), name: slug, description: '', external_url: server,
    html_url: `${server}/apps/${slug}`, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', permissions: underscored(app?.permissions ?? {}), events: [],
  };
}

/** Permissions as the REST API names them, without those that are `none`. */
export const underscored = (permissions: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(permissions).filter(([, level]) => level !== 'none').map(([name, level]) => [name.replaceAll('-', '_'), level]));

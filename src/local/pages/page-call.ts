import { notFound } from '../server/reply.ts';
import { findRepo } from '../server/world.ts';
import type { Call, World } from '../server/world.ts';
import type { ArtifactStore } from '../server/results/artifact-store.ts';
import type { LocalRepo } from '../contract.ts';
import type { Session } from './session.ts';

/** A page that is asked for, its repository found. */
export interface PageCall {
  readonly world: World;
  readonly repo: LocalRepo;
  readonly session: Session;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}
export interface PageRequest {
  readonly call: Call;
  readonly artifacts: ArtifactStore;
  readonly method: string;
  readonly cookies: string;
  readonly origin: string | null;
}

export function repoOfPage(world: World, name: string): LocalRepo {
  const repo = findRepo(world.state, name);
  if (repo === null) throw notFound();
  return repo;
}

export const countsOf = ({ world, repo }: PageCall): { issues: number; pulls: number } => {
  const open = world.state.issues.filter((issue) => issue.repo === repo.name && issue.state === 'open');
  return { issues: open.filter((issue) => issue.pull === null).length, pulls: open.filter((issue) => issue.pull !== null).length };
};

/** People (no bots) as whom the local person can act; `preferred` first. */
export function people(world: World, preferred: readonly string[]): string[] {
  const logins = world.state.users.filter((user) => user.type === 'User').map((user) => user.login);
  return [...new Set([...preferred.filter((login) => logins.includes(login)), ...logins])];
}

/** The person that a form names. Throws 404 for a bot or nobody. */
export function personOfForm(world: World, form: URLSearchParams): string {
  const login = form.get('login') ?? '';
  if (!world.state.users.some((user) => user.login === login && user.type === 'User')) throw notFound();
  return login;
}

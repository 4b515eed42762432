// What every handler works with.
import type { LocalRepo, LocalState, LocalUser, RepoEvent, RunService, ServerServices, TokenInfo } from '../contract.ts';
import type { CommitSigner } from './git/signature.ts';
import type { GitStore } from './git/git-store.ts';
import type { TokenBook } from './tokens.ts';
import { notFound } from './reply.ts';

/** What a test lets happen to one request. `kill-before` drops the connection without doing it, `kill-after` does it and then drops the connection. */
export type Fault = 'pass' | { kind: 'kill-before' } | { kind: 'kill-after' } | { kind: 'status'; status: number };
export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  readonly kind: RequestKind;
  readonly mutating: boolean;
  readonly token: TokenInfo | null;
}
export type RequestKind = 'rest' | 'graphql' | 'git' | 'results' | 'page';

/** The server's services with what only tests and the bringing-up need. */
export interface LocalServices extends ServerServices {
  /** Set this once the runner exists: until then dispatches are refused with a sentence. */
  runs: RunService | null;
  /** What broke GitHub's published description, in words. Empty in a sound run. */
  violations: string[];
  /** Asked about each request before it is done. A promise keeps the request waiting, so that another can go first. */
  faults: ((request: FaultRequest) => Fault | Promise<Fault>) | null;
  /** Told of each request whose connection a fault dropped. */
  onKill: ((request: FaultRequest) => void) | null;
  /** Told of what went wrong while nobody waited for it, or that an answer of 500 hides: a full disk, a defect. */
  onFailure: ((error: unknown) => void) | null;
  pagesUrl(repo: string): string;
  /** Resolves when every event that was sent to the runner has been taken. */
  settled(): Promise<void>;
}

export interface World {
  readonly services: LocalServices;
  readonly state: LocalState;
  readonly tokens: TokenBook;
  readonly signer: CommitSigner;
  store(repo: string): GitStore;
  /** Puts every change of the state on disk. */
  persist(): void;
  emit(event: RepoEvent): void;
}

/** One call to the API, with its repository and its token already checked. */
export interface Call {
  readonly world: World;
  readonly token: TokenInfo | null;
  readonly tokenValue: string | null;
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The job of an App's call, found by its connection. */
  readonly job: string | null;
  readonly url: URL;
}

export const param = (call: Call, name: string): string => call.params[name] ?? '';
export const repoName = (call: Call): string => `${param(call, 'owner')}/${param(call, 'repo')}`;

/** The call's repository. GitHub takes names in any letter case. */
export function repoOf(call: Call): LocalRepo {
  const found = findRepo(call.world.state, repoName(call));
  if (found === null) throw notFound();
  return found;
}

export const findRepo = (state: LocalState, name: string): LocalRepo | null =>
  state.repos.find((repo) => repo.name.toLowerCase() === name.toLowerCase()) ?? null;

export const storeOf = (call: Call): GitStore => call.world.store(repoOf(call).name);

/** The user of a login; bots of apps and of job tokens exist without being listed. */
export function userOf(state: LocalState, login: string): LocalUser {
  const listed = state.users.find((user) => user.login.toLowerCase() === login.toLowerCase());
  if (listed !== undefined) return listed;
  const app = state.apps.find((candidate) => `${candidate.slug}[bot]` === login);
  return { id: app === undefined ? 10137 : 900_000 + app.id, login, type: login.endsWith('[bot]') ? 'Bot' : 'User' };
}

export const actorOf = (call: Pick<Call, 'world' | 'token'>): LocalUser => userOf(call.world.state, call.token?.login ?? 'ghost');

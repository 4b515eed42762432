// Puts things into a local GitHub before (or while) it runs.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { brokenError, inputError } from '../../domain/errors.ts';
import type { LocalApp, LocalEnvironment, LocalIssue, LocalRepo, LocalState, LocalUser, Permissions } from '../contract.ts';
import { runGit } from './git/run-git.ts';

export const gitDirOf = (dir: string, repo: string): string => path.join(dir, 'git', `${repo}.git`);
const nextId = (state: LocalState): number => state.nextId++;

const REPO_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

type RepoOptions = { name: string } & Partial<Omit<LocalRepo, 'id' | 'name' | 'environments'>> & { environments?: (Partial<LocalEnvironment> & { name: string })[] };

/** Adds a repository and makes its empty bare repository under DIR/git. Throws `repo-name` for a name that GitHub would refuse, `repo-exists` for one that is taken. */
export async function addRepo(state: LocalState, dir: string, options: RepoOptions): Promise<LocalRepo> {
  if (!REPO_NAME.test(options.name) || options.name.endsWith('.git')) throw inputError('repo-name', `${options.name} is not a repository name of the form OWNER/NAME.`);
  if (state.repos.some((repo) => repo.name.toLowerCase() === options.name.toLowerCase())) throw inputError('repo-exists', `The local GitHub already has a repository ${options.name}.`);
  const environments = (options.environments ?? []).map((given): LocalEnvironment => {
    state.nextId += 4;
    return { id: state.nextId - 4, reviewers: [], preventSelfReview: false, canAdminsBypass: false, secrets: {}, variables: {}, ...given };
  });
  const repo: LocalRepo = {
    id: nextId(state), private: true, defaultBranch: 'main', requiredChecks: [], protectedContexts: [], secrets: {}, variables: {}, installedApps: [], ciCommand: null, ...options, environments,
  };
  await initBare(gitDirOf(dir, repo.name), repo.defaultBranch);
  state.repos.push(repo);
  return repo;
}

/** `http.receivepack` as a section and a key: one append costs less than seven processes. */
function iniLine(key: string, value: string): string {
  const [section = '', name = ''] = key.split('.');
  return `[${section}]\n\t${name} = ${value}\n`;
}

async function initBare(gitDir: string, branch: string): Promise<void> {
  mkdirSync(gitDir, { recursive: true });
  // `pack.window`: what is fetched goes no further than this machine, and looking for deltas took most of a fetch.
  const config: readonly (readonly [string, string])[] = [['http.receivepack', 'true'], ['uploadpack.allowAnySHA1InWant', 'true'], ['uploadpack.allowFilter', 'true'], ['core.logAllRefUpdates', 'false'], ['gc.auto', '0'], ['pack.window', '0'], ['receive.autogc', 'false'], ['receive.denyDeleteCurrent', 'ignore']];
  const made = await runGit(gitDir, ['init', '-q', '--bare', '--template=', `--initial-branch=${branch}`, gitDir]);
  if (made.code !== 0) throw brokenError('git-init', `git could not make the repository ${gitDir}: ${made.stderr.trim()}`);
  await appendFile(path.join(gitDir, 'config'), config.map(([key, value]) => iniLine(key, value)).join(''));
}

export function addUser(state: LocalState, login: string, type: LocalUser['type'] = 'User'): LocalUser {
  const known = state.users.find((user) => user.login === login);
  if (known !== undefined) return known;
  const user: LocalUser = { id: nextId(state), login, type };
  state.users.push(user);
  return user;
}

export function addIssue(state: LocalState, issue: { repo: string; title: string; body: string; user: string; labels?: string[]; at: string }): LocalIssue {
  const number = state.issues.reduce((highest, other) => (other.repo === issue.repo ? Math.max(highest, other.number) : highest), 0) + 1;
  const added: LocalIssue = {
    repo: issue.repo, number, title: issue.title, body: issue.body, state: 'open', user: issue.user, labels: issue.labels ?? [], createdAt: issue.at, updatedAt: issue.at, comments: [], pull: null,
  };
  state.issues.push(added);
  return added;
}

/** A GitHub App with a fresh key. The private half is given back once and kept nowhere else. */
export function addApp(state: LocalState, options: { slug: string; permissions: Permissions }): { app: LocalApp; privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } });
  const app: LocalApp = { id: nextId(state), slug: options.slug, publicKey, permissions: options.permissions };
  state.apps.push(app);
  return { app, privateKey };
}

/** A person's fine-grained token; gives its value. */
export function addToken(state: LocalState, token: { id: string; login: string; repos: string[]; permissions: Permissions }): string {
  const value = `github_pat_${randomBytes(24).toString('hex')}`;
  state.tokens.push({ value, ...token });
  return value;
}

import type { LocalRepo } from '../../contract.ts';
import type { CommitText, Person } from '../git/object-format.ts';
import type { World } from '../world.ts';
import { apiUrl, htmlUrl } from './repos.ts';
import { nodeId, simpleUser } from './users.ts';

export interface CommitRecord {
  readonly oid: string;
  readonly commit: CommitText;
}

const instant = (person: Person): string => new Date(person.seconds * 1000).toISOString().replace(/\.\d+Z/, 'Z');
const personView = (person: Person): Record<string, unknown> => ({ name: person.name, email: person.email, date: instant(person) });

/** Computed from the commit's own bytes: only a signature by the local GitHub's key verifies. */
export function verificationOf(world: World, commit: CommitText): Record<string, unknown> {
  if (commit.signature === null) return { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };
  const verified = world.signer.isOurs(commit.payload, commit.signature);
  return { verified, reason: verified ? 'valid' : 'unknown_key', signature: commit.signature, payload: commit.payload, verified_at: verified ? instant(commit.committer) : null };
}

/** The Git Data API's commit object. */
export function gitCommitView(world: World, repo: LocalRepo, { oid, commit }: CommitRecord): Record<string, unknown> {
  const api = apiUrl(world, repo);
  const html = htmlUrl(world, repo);
  return {
    sha: oid, node_id: nodeId('C', oid), url: `${api}/git/commits/${oid}`, html_url: `${html}/commit/${oid}`, author: personView(commit.author), committer: personView(commit.committer),
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` }, message: withoutLastNewline(commit.message),
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/git/commits/${sha}`, html_url: `${html}/commit/${sha}` })), verification: verificationOf(world, commit),
  };
}

/** The repository API's commit object. */
export function commitView(world: World, repo: LocalRepo, record: CommitRecord): Record<string, unknown> {
  const { oid, commit } = record;
  const api = apiUrl(world, repo);
  const url = `${api}/commits/${oid}`;
  const git = gitCommitView(world, repo, record);
  return {
    sha: oid, node_id: nodeId('C', oid), url, html_url: git['html_url'], comments_url: `${url}/comments`,
    commit: { url: git['url'], author: git['author'], committer: git['committer'], message: git['message'], comment_count: 0, tree: git['tree'], verification: git['verification'] },
    author: accountOf(world, commit.author), committer: accountOf(world, commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${htmlUrl(world, repo)}/commit/${sha}` })),
  };
}

const withoutLastNewline = (message: string): string => message.replace(/\n$/, '');

/** GitHub finds the account by its noreply address. */
function accountOf(world: World, person: Person): Record<string, unknown> | null {
  const login = /^\d+\+(.+)@users\.noreply\.github/.exec(person.email)?.[1];
  const user = world.state.users.find((candidate) => candidate.login === login);
  return user === undefined ? null : simpleUser(world, user);
}

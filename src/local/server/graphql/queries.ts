import type { LocalIssue, LocalRepo } from '../../contract.ts';
import { commitsBetween } from '../git/changes.ts';
import { assertMay } from '../permissions.ts';
import { findRepo, userOf } from '../world.ts';
import type { Call } from '../world.ts';
import { htmlUrl } from '../view/repos.ts';
import { nodeId } from '../view/users.ts';
import { connectionOf } from './connection.ts';
import type { ConnectionArguments } from './connection.ts';
import { TypedError } from './errors.ts';
import { objectSource, refSource } from './objects.ts';
import { environmentSource } from './settings.ts';

type Source = Record<string, unknown>;

/** GraphQL leaves the `[bot]` off that REST puts behind a bot's login. */
function actorSource(call: Call, login: string): Source {
  const user = userOf(call.world.state, login);
  return { __typename: user.type, id: nodeId(user.type === 'Bot' ? 'BOT' : 'U', user.id), databaseId: user.id, login: user.login.replace(/\[bot\]$/, '') };
}

const textOf = (call: Call, repo: LocalRepo, issue: LocalIssue): Source => ({
  number: issue.number, title: issue.title, body: issue.body, createdAt: issue.createdAt, updatedAt: issue.updatedAt, author: () => actorSource(call, issue.user),
  url: `${htmlUrl(call.world, repo)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`,
});

function issueSource(call: Call, repo: LocalRepo, number: number): Source {
  assertMay(call.token, repo, { permission: 'issues', level: 'read' });
  const issue = call.world.state.issues.find((candidate) => candidate.repo === repo.name && candidate.number === number && candidate.pull === null);
  if (issue === undefined) throw new TypedError('NOT_FOUND', `Could not resolve to an Issue with the number of ${number}.`);
  return { ...textOf(call, repo, issue), id: nodeId('I', `${repo.name}#${number}`), state: issue.state.toUpperCase() };
}

/** GitHub resolves a number to the one thing that has it. */
function numberedSource(call: Call, repo: LocalRepo, number: number): Source {
  const found = call.world.state.issues.find((candidate) => candidate.repo === repo.name && candidate.number === number);
  if (found === undefined) throw new TypedError('NOT_FOUND', `Could not resolve to an issue or pull request with the number of ${number}.`);
  return found.pull === null ? { ...issueSource(call, repo, number), __typename: 'Issue' } : { ...pullSource(call, repo, number), __typename: 'PullRequest' };
}

function pullSource(call: Call, repo: LocalRepo, number: number): Source {
  assertMay(call.token, repo, { permission: 'pull_requests', level: 'read' });
  const issue = call.world.state.issues.find((candidate) => candidate.repo === repo.name && candidate.number === number);
  const pull = issue?.pull ?? null;
  if (issue === undefined || pull === null) throw new TypedError('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
  const state = pull.merged ? 'MERGED' : issue.state.toUpperCase();
  return {
    ...textOf(call, repo, issue), id: nodeId('PR', `${repo.name}#${number}`), state, merged: pull.merged, isDraft: pull.draft, baseRefName: pull.baseRef, baseRefOid: pull.baseSha, headRefName: pull.headRef, headRefOid: pull.headSha,
    commits: (given: ConnectionArguments) => pullCommits(call, repo, { pull, given }),
  };
}

async function pullCommits(call: Call, repo: LocalRepo, { pull, given }: { pull: NonNullable<LocalIssue['pull']>; given: ConnectionArguments }): Promise<Source> {
  assertMay(call.token, repo, { permission: 'contents', level: 'read' });
  const oids = await commitsBetween(call.world.store(repo.name), pull.baseSha, pull.headSha ?? '');
  return connectionOf(oids, given, { name: 'commits', node: (oid) => ({ id: nodeId('PRC', oid), commit: () => objectSource(call, repo, oid) }) });
}

export function repositorySource(call: Call, repo: LocalRepo): Source {
  const { world } = call;
  const contents = (): void => assertMay(call.token, repo, { permission: 'contents', level: 'read' });
  const [owner = '', name = ''] = repo.name.split('/');
  return {
    id: nodeId('R', repo.id), databaseId: repo.id, name, nameWithOwner: repo.name, isPrivate: repo.private, url: htmlUrl(world, repo), owner: { ...actorSource(call, owner), __typename: 'User' },
    isEmpty: async () => (await world.store(repo.name).listRefs('refs/heads/')).length === 0,
    defaultBranchRef: () => (contents(), refSource(call, repo, `refs/heads/${repo.defaultBranch}`)),
    ref: ({ qualifiedName }: { qualifiedName: string }) => (contents(), refSource(call, repo, qualifiedName)),
    object: ({ expression, oid }: { expression?: string; oid?: string }) => {
      contents();
      const wanted = oid ?? expression;
      if (wanted === undefined) throw new TypedError('UNPROCESSABLE', 'An oid or expression argument is required');
      return objectSource(call, repo, wanted);
    },
    environment: ({ name: wanted }: { name: string }) => environmentSource(call, repo, wanted),
    issue: ({ number }: { number: number }) => issueSource(call, repo, number),
    issueOrPullRequest: ({ number }: { number: number }) => numberedSource(call, repo, number),
    pullRequest: ({ number }: { number: number }) => pullSource(call, repo, number),
  };
}

const LIMIT = 5000;

/** The root of queries. */
export function queryRoot(call: Call): Source {
  return {
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repo = findRepo(call.world.state, `${owner}/${name}`);
      const missing = new TypedError('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      if (repo === null) throw missing;
      if (repo.private && call.token?.repos.includes(repo.name) !== true) throw missing;
      return repositorySource(call, repo);
    },
    viewer: () => ({ ...actorSource(call, call.token?.login ?? 'ghost'), __typename: 'User' }),
    rateLimit: () => ({ cost: 1, limit: LIMIT, nodeCount: 1, remaining: LIMIT - 1, used: 1, resetAt: new Date(Date.parse(call.world.services.now()) + 3_600_000).toISOString().replace(/\.\d+Z/, 'Z') }),
  };
}

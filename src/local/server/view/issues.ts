import type { LocalIssue } from '../../contract.ts';
import type { World } from '../world.ts';
import { userOf } from '../world.ts';
import { apiUrl, htmlUrl } from './repos.ts';
import { nodeId, simpleUser } from './users.ts';

export type LocalComment = LocalIssue['comments'][number];

const associationOf = (world: World, issue: LocalIssue, login: string): string =>
  login === issue.repo.split('/')[0] || world.state.repos.find((repo) => repo.name === issue.repo)?.environments.some((environment) => environment.reviewers.includes(login)) === true ? 'MEMBER' : 'NONE';

export function labelViews(world: World, issue: LocalIssue): Record<string, unknown>[] {
  return issue.labels.map((name, index) => ({
    id: issue.number * 100 + index, node_id: nodeId('LA', name), url: `${apiUrl(world, { name: issue.repo })}/labels/${encodeURIComponent(name)}`, name, color: 'ededed', default: false, description: null,
  }));
}

export function issueView(world: World, issue: LocalIssue): Record<string, unknown> {
  const api = apiUrl(world, { name: issue.repo });
  const url = `${api}/issues/${issue.number}`;
  const html = `${htmlUrl(world, { name: issue.repo })}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`;
  return {
    id: issue.number + 3_000_000, node_id: nodeId('I', `${issue.repo}#${issue.number}`), url, repository_url: api, labels_url: `${url}/labels{/name}`, comments_url: `${url}/comments`,
    events_url: `${url}/events`, html_url: html, number: issue.number, state: issue.state, state_reason: issue.state === 'closed' ? 'completed' : null, title: issue.title, body: issue.body,
    user: simpleUser(world, userOf(world.state, issue.user)), labels: labelViews(world, issue), assignee: null, assignees: [], milestone: null, locked: false, active_lock_reason: null,
    comments: issue.comments.length, closed_at: issue.state === 'closed' ? issue.updatedAt : null, created_at: issue.createdAt, updated_at: issue.updatedAt,
    author_association: associationOf(world, issue, issue.user), ...(issue.pull === null ? {} : { pull_request: { url: `${api}/pulls/${issue.number}`, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch` } }),
  };
}

export function commentView(world: World, issue: LocalIssue, comment: LocalComment): Record<string, unknown> {
  const api = apiUrl(world, { name: issue.repo });
  const kind = issue.pull === null ? 'issues' : 'pull';
  return {
    id: comment.id, node_id: nodeId('IC', comment.id), url: `${api}/issues/comments/${comment.id}`, html_url: `${htmlUrl(world, { name: issue.repo })}/${kind}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${issue.number}`, body: comment.body, user: simpleUser(world, userOf(world.state, comment.user)), created_at: comment.createdAt, updated_at: comment.createdAt,
    author_association: associationOf(world, issue, comment.user), performed_via_github_app: null,
  };
}

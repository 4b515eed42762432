import type { LocalIssue } from '../../contract.ts';
import { findRepo, userOf } from '../world.ts';
import type { World } from '../world.ts';
import { labelViews } from './issues.ts';
import { apiUrl, fullRepo, htmlUrl } from './repos.ts';
import { nodeId, simpleUser } from './users.ts';

/** GitHub's shorter pull request object, as lists and events carry it. */
export function pullView(world: World, issue: LocalIssue): Record<string, unknown> {
  const pull = issue.pull;
  const repo = findRepo(world.state, issue.repo);
  if (pull === null || repo === null) return {};
  const url = `${apiUrl(world, repo)}/pulls/${issue.number}`;
  const issueUrl = `${apiUrl(world, repo)}/issues/${issue.number}`;
  const html = `${htmlUrl(world, repo)}/pull/${issue.number}`;
  const side = (ref: string, sha: string): Record<string, unknown> => ({ label: `${issue.repo.split('/')[0]}:${ref}`, ref, sha, user: simpleUser(world, userOf(world.state, issue.repo.split('/')[0] ?? '')), repo: fullRepo(world, repo) });
  const links = { self: url, html, issue: issueUrl, comments: `${issueUrl}/comments`, review_comments: `${url}/comments`, review_comment: `${url}/comments{/number}`, commits: `${url}/commits`, statuses: `${apiUrl(world, repo)}/statuses/${pull.headSha ?? ''}` };
  return {
    url, id: issue.number + 5_000_000, node_id: nodeId('PR', `${issue.repo}#${issue.number}`), html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch`, issue_url: issueUrl,
    commits_url: links.commits, review_comments_url: links.review_comments, review_comment_url: links.review_comment, comments_url: links.comments, statuses_url: links.statuses,
    number: issue.number, state: issue.state, locked: false, title: issue.title, user: simpleUser(world, userOf(world.state, issue.user)), body: issue.body, labels: labelViews(world, issue), milestone: null,
    created_at: issue.createdAt, updated_at: issue.updatedAt, closed_at: issue.state === 'closed' ? issue.updatedAt : null, merged_at: pull.merged ? issue.updatedAt : null, merge_commit_sha: null,
    assignee: null, assignees: [], requested_reviewers: [], requested_teams: [], head: side(pull.headRef, pull.headSha ?? ''), base: side(pull.baseRef, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])), author_association: 'CONTRIBUTOR', auto_merge: null, draft: pull.draft,
  };
}

/** The whole object, as `pulls/get` gives it. The counts come from git. */
export function fullPullView(world: World, issue: LocalIssue, counts: { commits: number; additions: number; deletions: number; changedFiles: number }): Record<string, unknown> {
  return {
    ...pullView(world, issue), merged: issue.pull?.merged ?? false, mergeable: true, rebaseable: true, mergeable_state: 'clean', merged_by: null, comments: issue.comments.length, review_comments: 0,
    maintainer_can_modify: false, commits: counts.commits, additions: counts.additions, deletions: counts.deletions, changed_files: counts.changedFiles,
  };
}

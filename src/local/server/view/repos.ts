import type { LocalRepo } from '../../contract.ts';
import type { World } from '../world.ts';
import { nodeId, ownerOf } from './users.ts';

const CREATED = '2026-01-01T00:00:00Z';
const TEMPLATES: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}', assignees_url: '/assignees{/user}', blobs_url: '/git/blobs{/sha}', branches_url: '/branches{/branch}', collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}', commits_url: '/commits{/sha}', compare_url: '/compare/{base}...{head}', contents_url: '/contents/{+path}', contributors_url: '/contributors',
  deployments_url: '/deployments', downloads_url: '/downloads', events_url: '/events', forks_url: '/forks', git_commits_url: '/git/commits{/sha}', git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}', hooks_url: '/hooks', issue_comment_url: '/issues/comments{/number}', issue_events_url: '/issues/events{/number}', issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}', labels_url: '/labels{/name}', languages_url: '/languages', merges_url: '/merges', milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}', pulls_url: '/pulls{/number}', releases_url: '/releases{/id}', stargazers_url: '/stargazers', statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers', subscription_url: '/subscription', tags_url: '/tags', teams_url: '/teams', trees_url: '/git/trees{/sha}',
};

export const apiUrl = (world: World, repo: { name: string }): string => `${world.services.url.api}/repos/${repo.name}`;
export const htmlUrl = (world: World, repo: { name: string }): string => `${world.services.url.server}/${repo.name}`;

/** The fields that every size of GitHub's repository object shares. */
export function minimalRepo(world: World, repo: LocalRepo): Record<string, unknown> {
  const api = apiUrl(world, repo);
  const html = htmlUrl(world, repo);
  return {
    id: repo.id, node_id: nodeId('R', repo.id), name: repo.name.split('/')[1], full_name: repo.name, owner: ownerOf(world, repo), private: repo.private, html_url: html, description: null,
    fork: false, url: api, ...Object.fromEntries(Object.entries(TEMPLATES).map(([key, tail]) => [key, `${api}${tail}`])),
  };
}

export function fullRepo(world: World, repo: LocalRepo): Record<string, unknown> {
  const html = htmlUrl(world, repo);
  return {
    ...minimalRepo(world, repo), git_url: `${html}.git`, ssh_url: `${html}.git`, clone_url: `${html}.git`, svn_url: html, mirror_url: null, homepage: null, language: null, forks_count: 0, forks: 0,
    stargazers_count: 0, watchers_count: 0, watchers: 0, size: 0, default_branch: repo.defaultBranch, open_issues_count: openIssues(world, repo), open_issues: openIssues(world, repo), is_template: false,
    topics: [], has_issues: true, has_projects: false, has_wiki: false, has_pages: false, has_downloads: false, has_discussions: false, archived: false, disabled: false,
    visibility: repo.private ? 'private' : 'public', pushed_at: CREATED, created_at: CREATED, updated_at: CREATED, license: null, network_count: 0, subscribers_count: 0,
    allow_squash_merge: true, allow_merge_commit: true, allow_rebase_merge: true,
  };
}

const openIssues = (world: World, repo: LocalRepo): number => world.state.issues.filter((issue) => issue.repo === repo.name && issue.state === 'open').length;

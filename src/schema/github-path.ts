import { inputError } from '../domain/errors.ts';
import { isRepoName, type RepoName } from '../domain/ids.ts';

/** `/repos/OWNER/NAME/…` with every further segment escaped. Refuses a name that is not one: it would name another path. */
export function repoPath(repo: RepoName, ...segments: readonly (string | number)[]): string {
  if (!isRepoName(repo)) throw inputError('repo-name', `${JSON.stringify(repo.slice(0, 150))} is not a repository name: expected OWNER/NAME.`);
  return ['', 'repos', repo, ...segments.map((segment) => encodeURIComponent(segment))].join('/');
}

/** OWNER and NAME of a checked repository name, as GraphQL wants them. */
export function repoParts(repo: RepoName): { readonly owner: string; readonly name: string } {
  const [, , owner = '', name = ''] = repoPath(repo).split('/');
  return { owner, name };
}

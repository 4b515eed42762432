import type { PathSet, Scope } from '../domain/documents.ts';
import type { RepoName } from '../domain/ids.ts';
import { matchAllowed, matchFrozen } from '../policy/match-path.ts';

export type ScopeVerdict = 'allowed' | 'outside' | 'forbidden';

/** What the scope says about a path of one repository. Forbidden wins, in any spelling; allowed is exactly what is written. */
export function createScopeMatcher(scope: Scope, repo: RepoName): (path: string) => ScopeVerdict {
  const isAllowed = matchAllowed(pathsOf(scope.allowedPaths, repo));
  const isForbidden = matchFrozen(pathsOf(scope.forbiddenPaths, repo).map((path) => `/${path.replace(/^\/+/, '')}`));
  return (path) => (isForbidden(path) ? 'forbidden' : isAllowed(path) ? 'allowed' : 'outside');
}

const pathsOf = (sets: readonly PathSet[], repo: RepoName): string[] => sets.filter((set) => set.repo === repo).flatMap(({ paths }) => paths);

import { isOid, isRepoName, type Oid, type RepoName } from '../../../src/domain/ids.ts';
import type { Settings } from './settings.ts';

/** Web addresses on GitHub, built from checked parts only; null when a part is unknown or not what it should be. */
export interface Links {
  repo(repo: RepoName): string | null;
  commit(repo: RepoName, commit: Oid): string | null;
  issue(repo: RepoName, number: number): string | null;
  pullRequest(repo: RepoName, number: number): string | null;
  user(login: string): string | null;
  /** A run of the control repo: where a waiting environment is reviewed. */
  run(runId: number): string | null;
  /** A file of the ledger as of `tip`. */
  ledgerFile(tip: Oid, path: string): string | null;
}

export function createLinks({ serverUrl, controlRepo }: Pick<Settings, 'serverUrl' | 'controlRepo'>): Links {
  const inRepo = (repo: RepoName | null, ...parts: readonly (string | number)[]): string | null => {
    if (!serverUrl || !repo || !isRepoName(repo)) return null;
    return [serverUrl, repo, ...parts.map((part) => String(part).split('/').map(encodeURIComponent).join('/'))].join('/');
  };
  const ifNumber = (number: number, url: string | null): string | null => (Number.isSafeInteger(number) && number > 0 ? url : null);
  const ifOid = (oid: Oid, url: string | null): string | null => (isOid(oid) ? url : null);
  return {
    repo: (repo) => inRepo(repo),
    commit: (repo, commit) => ifOid(commit, inRepo(repo, 'commit', commit)),
    issue: (repo, number) => ifNumber(number, inRepo(repo, 'issues', number)),
    pullRequest: (repo, number) => ifNumber(number, inRepo(repo, 'pull', number)),
    user: (login) => (serverUrl && /^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(login) ? `${serverUrl}/${login}` : null),
    run: (runId) => ifNumber(runId, inRepo(controlRepo, 'actions', 'runs', runId)),
    ledgerFile: (tip, path) => ifOid(tip, inRepo(controlRepo, 'blob', tip, path)),
  };
}

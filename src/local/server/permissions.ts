// Which permission each REST operation needs: GitHub's own table
// (https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens).
import type { AccessLevel, LocalRepo, Permissions, TokenInfo } from '../contract.ts';
import { Refusal, notFound } from './reply.ts';

/** `app`: an App's JWT. `installation`: an installation token. `user`: a person's token. `anyone`: no repository and no permission. */
export type Need = { readonly kind: 'repo'; readonly permission: string; readonly level: 'read' | 'write' } | { readonly kind: 'app' | 'installation' | 'user' | 'anyone' };

const read = (permission: string): Need => ({ kind: 'repo', permission, level: 'read' });
const write = (permission: string): Need => ({ kind: 'repo', permission, level: 'write' });

export const NEEDS: Readonly<Record<string, Need>> = {
  'apps/create-installation-access-token': { kind: 'app' },
  'apps/get-authenticated': { kind: 'app' },
  'apps/get-repo-installation': { kind: 'app' },
  'apps/get-user-installation': { kind: 'app' },
  'apps/list-repos-accessible-to-installation': { kind: 'installation' },
  'apps/revoke-installation-access-token': { kind: 'installation' },
  'actions/create-workflow-dispatch': write('actions'),
  'actions/get-pending-deployments-for-run': read('actions'),
  'actions/get-reviews-for-run': read('actions'),
  'actions/get-workflow-run': read('actions'),
  'actions/list-environment-secrets': read('environments'),
  'actions/list-jobs-for-workflow-run': read('actions'),
  'actions/list-repo-secrets': read('secrets'),
  'actions/list-workflow-run-artifacts': read('actions'),
  'actions/list-workflow-runs': read('actions'),
  'actions/list-workflow-runs-for-repo': read('actions'),
  'actions/re-run-workflow': write('actions'),
  'actions/review-pending-deployments-for-run': write('deployments'),
  'checks/list-for-ref': read('checks'),
  'git/create-blob': write('contents'),
  'git/create-commit': write('contents'),
  'git/create-ref': write('contents'),
  'git/create-tree': write('contents'),
  'git/delete-ref': write('contents'),
  'git/get-blob': read('contents'),
  'git/get-commit': read('contents'),
  'git/get-ref': read('contents'),
  'git/get-tree': read('contents'),
  'git/list-matching-refs': read('contents'),
  'git/update-ref': write('contents'),
  'issues/create': write('issues'),
  'issues/create-comment': write('issues'),
  'issues/get': read('issues'),
  'issues/get-comment': read('issues'),
  'issues/list-comments': read('issues'),
  'issues/list-for-repo': read('issues'),
  'issues/update': write('issues'),
  'issues/update-comment': write('issues'),
  'pulls/create': write('pull_requests'),
  'pulls/get': read('pull_requests'),
  'pulls/list': read('pull_requests'),
  'pulls/list-commits': read('pull_requests'),
  'pulls/list-files': read('pull_requests'),
  'pulls/update': write('pull_requests'),
  'rate-limit/get': { kind: 'anyone' },
  'repos/create-commit-status': write('statuses'),
  'repos/create-dispatch-event': write('contents'),
  'repos/get': read('metadata'),
  'repos/get-all-environments': read('actions'),
  'repos/get-branch': read('contents'),
  'repos/get-branch-rules': read('metadata'),
  'repos/get-combined-status-for-ref': read('statuses'),
  'repos/get-commit': read('contents'),
  'repos/get-content': read('contents'),
  'repos/get-environment': read('actions'),
  'repos/get-pages': read('pages'),
  'repos/get-repo-rulesets': read('metadata'),
  'repos/list-branches': read('contents'),
  'repos/list-deployment-branch-policies': read('actions'),
  'users/get-authenticated': { kind: 'user' },
};

const RANK: Readonly<Record<AccessLevel, number>> = { none: 0, read: 1, write: 2 };
/** Workflow files call permissions by dashes (`pull-requests`), Apps by underscores (`pull_requests`). */
const granted = (permissions: Permissions, name: string): AccessLevel =>
  name === 'metadata' ? 'read' : (permissions[name] ?? permissions[name.replaceAll('_', '-')] ?? permissions[name.replaceAll('-', '_')] ?? 'none');

export const holds = (token: TokenInfo | null, name: string, level: 'read' | 'write'): boolean =>
  token !== null && RANK[granted(token.permissions, name)] >= RANK[level];

const reaches = (token: TokenInfo, repo: LocalRepo): boolean => token.repos.some((name) => name.toLowerCase() === repo.name.toLowerCase());
export const inaccessible = (token: TokenInfo): Refusal =>
  new Refusal(403, `Resource not accessible by ${token.kind === 'personal' ? 'personal access token' : 'integration'}`);

/**
 * Throws GitHub's refusal unless the token may do this to the repository: 404 hides a private repository that it does not reach,
 * 403 names a missing permission. A token that was made for a repository needs the permission even where the repository is public:
 * stricter than GitHub, so that a workflow that passes here also passes on a private repository.
 */
export function assertMay(token: TokenInfo | null, repo: LocalRepo, need: { permission: string; level: 'read' | 'write' }): void {
  if (token === null) {
    if (repo.private) throw notFound();
    if (need.level === 'write') throw new Refusal(401, 'Requires authentication');
    return;
  }
  if (!reaches(token, repo)) {
    if (repo.private) throw notFound();
    if (need.level === 'write' || token.kind === 'app-jwt' || token.kind === 'runtime') throw inaccessible(token);
    return;
  }
  if (!holds(token, need.permission, need.level)) throw inaccessible(token);
}

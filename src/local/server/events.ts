// Webhook payloads: what a workflow sees as `github.event`.
import type { LocalIssue, LocalRepo, TokenInfo } from '../contract.ts';
import { userByLogin } from './view/users.ts';
import { fullRepo } from './view/repos.ts';
import { issueView, commentView } from './view/issues.ts';
import { pullView } from './view/pulls.ts';
import type { World } from './world.ts';

interface Cause {
  readonly login: string;
  readonly byJobToken: boolean;
}
export const causeOf = (token: TokenInfo | null): Cause => ({ login: token?.login ?? 'ghost', byJobToken: token?.kind === 'job' });

const base = (world: World, repo: LocalRepo, cause: Cause): Record<string, unknown> => ({ repository: fullRepo(world, repo), sender: userByLogin(world, cause.login) });

export function emitIssue(world: World, repo: LocalRepo, cause: Cause, event: { action: string; issue: LocalIssue; label?: string }): void {
  const label = event.label === undefined ? {} : { label: { name: event.label } };
  const payload = { action: event.action, issue: issueView(world, event.issue), ...label, ...base(world, repo, cause) };
  world.emit({ repo: repo.name, name: 'issues', action: event.action, payload, ref: null, sha: null, actor: cause.login, byJobToken: cause.byJobToken });
}

export function emitComment(world: World, repo: LocalRepo, cause: Cause, event: { issue: LocalIssue; commentId: number; action?: string }): void {
  const comment = event.issue.comments.find((candidate) => candidate.id === event.commentId);
  if (comment === undefined) return;
  const action = event.action ?? 'created';
  const payload = { action, issue: issueView(world, event.issue), comment: commentView(world, event.issue, comment), ...base(world, repo, cause) };
  world.emit({ repo: repo.name, name: 'issue_comment', action, payload, ref: null, sha: null, actor: cause.login, byJobToken: cause.byJobToken });
}

export function emitPull(world: World, repo: LocalRepo, cause: Cause, event: { action: string; issue: LocalIssue }): void {
  const payload = { action: event.action, number: event.issue.number, pull_request: pullView(world, event.issue), ...base(world, repo, cause) };
  const pull = event.issue.pull;
  world.emit({
    repo: repo.name, name: 'pull_request', action: event.action, payload, ref: pull === null ? null : `refs/heads/${pull.headRef}`, sha: pull?.headSha ?? null, actor: cause.login, byJobToken: cause.byJobToken,
  });
}

export interface RefChange {
  readonly ref: string;
  readonly before: string | null;
  readonly after: string | null;
}
const ZERO = '0'.repeat(40);

/** After a ref has moved: a `push` event, and new heads for the pull requests of that branch. */
export function emitPush(world: World, repo: LocalRepo, cause: Cause, change: RefChange): void {
  const payload = {
    ref: change.ref, before: change.before ?? ZERO, after: change.after ?? ZERO, created: change.before === null, deleted: change.after === null, forced: false,
    pusher: { name: cause.login, email: null }, ...base(world, repo, cause),
  };
  if (change.after !== null) world.emit({ repo: repo.name, name: 'push', action: null, payload, ref: change.ref, sha: change.after, actor: cause.login, byJobToken: cause.byJobToken });
  const branch = change.ref.replace(/^refs\/heads\//, '');
  for (const issue of world.state.issues) {
    const pull = issue.pull;
    if (issue.repo !== repo.name || pull === null || issue.state !== 'open' || pull.headRef !== branch || change.after === null) continue;
    if (pull.headSha === change.after) continue;
    pull.headSha = change.after;
    issue.updatedAt = world.services.now();
    emitPull(world, repo, cause, { action: 'synchronize', issue });
  }
  world.services.changed();
}

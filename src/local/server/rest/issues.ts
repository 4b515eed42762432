import { z } from 'zod';
import type { LocalIssue } from '../../contract.ts';
import { causeOf, emitComment, emitIssue } from '../events.ts';
import { pageOf } from '../paging.ts';
import { invalid, notFound, ok } from '../reply.ts';
import type { Handlers } from '../routes.ts';
import { commentView, issueView } from '../view/issues.ts';
import { param, repoOf } from '../world.ts';
import type { Call } from '../world.ts';

const labels = z.array(z.union([z.string(), z.object({ name: z.string() }).transform((label) => label.name)]));
const newIssue = z.object({ title: z.union([z.string(), z.number().transform(String)]), body: z.string().nullish(), labels: labels.optional() });
const issuePatch = z.object({ title: z.union([z.string(), z.number().transform(String)]).nullish(), body: z.string().nullish(), state: z.enum(['open', 'closed']).optional(), labels: labels.optional() });
const commentBody = z.object({ body: z.string() });
const TITLE_MAX = 256;
const BODY_MAX = 65_536;

/** GitHub counts a body's length in characters and refuses more than 65,536. */
function assertSizes(title: string | null, body: string | null): void {
  if (title !== null && title.trim() === '') throw invalid('Validation Failed', [{ resource: 'Issue', field: 'title', code: 'missing_field' }]);
  if (title !== null && title.length > TITLE_MAX) throw invalid('Validation Failed', [{ resource: 'Issue', field: 'title', code: 'custom', message: 'title is too long (maximum is 256 characters)' }]);
  if (body !== null && Array.from(body).length > BODY_MAX) throw invalid('Validation Failed', [{ resource: 'Issue', field: 'body', code: 'custom', message: 'body is too long (maximum is 65536 characters)' }]);
}

function issueOf(call: Call): LocalIssue {
  const repo = repoOf(call);
  const found = call.world.state.issues.find((issue) => issue.repo === repo.name && issue.number === Number(param(call, 'issue_number')));
  if (found === undefined) throw notFound();
  return found;
}

function commentOf(call: Call): { issue: LocalIssue; comment: LocalIssue['comments'][number] } {
  const repo = repoOf(call);
  const id = Number(param(call, 'comment_id'));
  for (const issue of call.world.state.issues) {
    const comment = issue.repo === repo.name ? issue.comments.find((candidate) => candidate.id === id) : undefined;
    if (comment !== undefined) return { issue, comment };
  }
  throw notFound();
}

/** The next number: issues and pull requests share one sequence. */
export const nextNumber = (call: Pick<Call, 'world'>, repo: string): number =>
  call.world.state.issues.reduce((highest, issue) => (issue.repo === repo ? Math.max(highest, issue.number) : highest), 0) + 1;

function create(call: Call): LocalIssue {
  const repo = repoOf(call);
  const input = newIssue.parse(call.body);
  assertSizes(input.title, input.body ?? null);
  const now = call.world.services.now();
  const issue: LocalIssue = {
    repo: repo.name, number: nextNumber(call, repo.name), title: input.title, body: input.body ?? '', state: 'open', user: call.token?.login ?? 'ghost', labels: input.labels ?? [], createdAt: now, updatedAt: now,
    comments: [], pull: null,
  };
  call.world.state.issues.push(issue);
  call.world.services.changed();
  emitIssue(call.world, repo, causeOf(call.token), { action: 'opened', issue });
  for (const label of issue.labels) emitIssue(call.world, repo, causeOf(call.token), { action: 'labeled', issue, label });
  return issue;
}

function update(call: Call): LocalIssue {
  const issue = issueOf(call);
  const input = issuePatch.parse(call.body ?? {});
  assertSizes(input.title ?? null, input.body ?? null);
  const added = (input.labels ?? []).filter((label) => !issue.labels.includes(label));
  const action = input.state !== undefined && input.state !== issue.state ? (input.state === 'closed' ? 'closed' : 'reopened') : 'edited';
  issue.title = input.title ?? issue.title;
  if (input.body !== undefined) issue.body = input.body ?? '';
  issue.state = input.state ?? issue.state;
  issue.labels = input.labels ?? issue.labels;
  issue.updatedAt = call.world.services.now();
  call.world.services.changed();
  const changedText = input.title !== undefined || input.body !== undefined || action !== 'edited';
  if (changedText) emitIssue(call.world, repoOf(call), causeOf(call.token), { action, issue });
  for (const label of added) emitIssue(call.world, repoOf(call), causeOf(call.token), { action: 'labeled', issue, label });
  return issue;
}

function list(call: Call): readonly LocalIssue[] {
  const repo = repoOf(call);
  const state = call.query.get('state') ?? 'open';
  const wanted = (call.query.get('labels') ?? '').split(',').filter((label) => label !== '');
  const creator = call.query.get('creator');
  const sign = call.query.get('direction') === 'asc' ? 1 : -1;
  const byUpdate = call.query.get('sort') === 'updated';
  const order = (a: LocalIssue, b: LocalIssue): number => sign * (byUpdate ? a.updatedAt.localeCompare(b.updatedAt) || a.number - b.number : a.number - b.number);
  return call.world.state.issues.filter((issue) => issue.repo === repo.name).toSorted(order).filter((issue) => (state === 'all' || issue.state === state) && wanted.every((label) => issue.labels.includes(label)) && (creator === null || issue.user === creator));
}

/** Adds a comment as `login` and tells the workflows. Shared with the pages' comment box. */
export function addComment(call: Pick<Call, 'world' | 'token'>, issue: LocalIssue, body: string): LocalIssue['comments'][number] {
  if (body.trim() === '') throw invalid('Validation Failed', [{ resource: 'IssueComment', field: 'body', code: 'missing_field' }]);
  assertSizes(null, body);
  const comment = { id: call.world.services.nextId(), user: call.token?.login ?? 'ghost', body, createdAt: call.world.services.now() };
  issue.comments.push(comment);
  issue.updatedAt = comment.createdAt;
  call.world.services.changed();
  const repo = call.world.state.repos.find((candidate) => candidate.name === issue.repo);
  if (repo !== undefined) emitComment(call.world, repo, causeOf(call.token), { issue, commentId: comment.id });
  return comment;
}

export const issueHandlers: Handlers = {
  'issues/get': (call) => ok(issueView(call.world, issueOf(call))),
  'issues/list-for-repo': (call) => pageOf(call, list(call), (page) => page.map((issue) => issueView(call.world, issue))),
  'issues/create': (call) => ok(issueView(call.world, create(call)), 201),
  'issues/update': (call) => ok(issueView(call.world, update(call))),
  'issues/list-comments': (call) => {
    const issue = issueOf(call);
    const since = call.query.get('since');
    return pageOf(call, issue.comments.filter((comment) => since === null || comment.createdAt >= since), (page) => page.map((comment) => commentView(call.world, issue, comment)));
  },
  'issues/create-comment': (call) => {
    const issue = issueOf(call);
    return ok(commentView(call.world, issue, addComment(call, issue, commentBody.parse(call.body).body)), 201);
  },
  'issues/get-comment': (call) => {
    const { issue, comment } = commentOf(call);
    return ok(commentView(call.world, issue, comment));
  },
  'issues/update-comment': (call) => {
    const { issue, comment } = commentOf(call);
    comment.body = commentBody.parse(call.body).body;
    call.world.services.changed();
    emitComment(call.world, repoOf(call), causeOf(call.token), { issue, commentId: comment.id, action: 'edited' });
    return ok(commentView(call.world, issue, comment));
  },
};

import type { LocalIssue } from '../contract.ts';
import { addComment } from '../server/rest/issues.ts';
import { notFound } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import { issueMark, labels } from './badges.ts';
import { html, link } from './html.ts';
import type { Html } from './html.ts';
import { page, redirect, time } from './layout.ts';
import { markdown } from './markdown.ts';
import { countsOf, people, personOfForm } from './page-call.ts';
import type { PageCall } from './page-call.ts';

export function issueRow(issue: LocalIssue): Html {
  const kind = issue.pull === null ? 'issues' : 'pull';
  return html`<li>${issueMark(issue.state, issue.pull?.merged)} <a href="${link(issue.repo, kind, issue.number)}">${issue.title}</a> ${labels(issue.labels)}<br><span class="quiet">#${issue.number} by ${issue.user}, ${time(issue.createdAt)}</span></li>`;
}

export function listPage(call: PageCall, kind: 'issues' | 'pulls'): Reply {
  const found = call.world.state.issues.filter((issue) => issue.repo === call.repo.name && (issue.pull === null) === (kind === 'issues')).toReversed();
  const title = kind === 'issues' ? 'Issues' : 'Pull requests';
  const body = html`<h1>${title}</h1>${found.length === 0 ? html`<p class="empty">None yet.</p>` : html`<ul class="list">${found.map(issueRow)}</ul>`}`;
  return page({ title, repo: call.repo.name, tab: kind, body, session: call.session, counts: countsOf(call) });
}

export function findIssue(call: PageCall, number: number): LocalIssue {
  const found = call.world.state.issues.find((issue) => issue.repo === call.repo.name && issue.number === number);
  if (found === undefined) throw notFound();
  return found;
}

const post = (id: string, text: { user: string; at: string; body: string }): Html =>
  html`<article class="post" id="${id}"><header><strong>${text.user}</strong> <span class="quiet">${time(text.at)}</span></header>${text.body === '' ? html`<p class="empty">No description.</p>` : markdown(text.body)}</article>`;

/** What was said, oldest first, and the box to say more. */
export function conversation(call: PageCall, issue: LocalIssue): Html {
  const comments = issue.comments.map((comment) => post(`issuecomment-${comment.id}`, { user: comment.user, at: comment.createdAt, body: comment.body }));
  const options = people(call.world, [issue.user]).map((login) => html`<option>${login}</option>`);
  const box = html`<form class="box" method="post" action="${link(issue.repo, 'issues', issue.number, 'comments')}"><input type="hidden" name="csrf" value="${call.session.csrf}">
<label for="comment">Comment</label><textarea id="comment" name="body" rows="4" required maxlength="65536"></textarea>
<div class="actions"><label class="inline">as <select name="login">${options}</select></label><button class="primary">Comment</button></div></form>`;
  return html`${post('description', { user: issue.user, at: issue.createdAt, body: issue.body })}${comments}${box}`;
}

export function issuePage(call: PageCall, number: number): Reply {
  const issue = findIssue(call, number);
  if (issue.pull !== null) return redirect(link(issue.repo, 'pull', number));
  const body = html`<h1>${issue.title} <span class="quiet">#${issue.number}</span></h1><p>${issueMark(issue.state)} ${labels(issue.labels)}</p>${conversation(call, issue)}`;
  return page({ title: issue.title, repo: call.repo.name, tab: 'issues', body, session: call.session, counts: countsOf(call) });
}

export function postComment(call: PageCall, number: number): Reply {
  const issue = findIssue(call, number);
  const login = personOfForm(call.world, call.form);
  const comment = addComment({ world: call.world, token: { id: 'page', kind: 'session', login, repos: [issue.repo], permissions: {}, job: null } }, issue, call.form.get('body') ?? '');
  return redirect(`${link(issue.repo, issue.pull === null ? 'issues' : 'pull', number)}#issuecomment-${comment.id}`);
}

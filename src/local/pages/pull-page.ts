import type { LocalIssue } from '../contract.ts';
import { commitsBetween } from '../server/git/changes.ts';
import { notFound } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import { readCommit } from '../server/rest/git-data.ts';
import { changesOfPull, isPull } from '../server/rest/pulls.ts';
import { verificationOf } from '../server/view/commits.ts';
import type { CommitRecord } from '../server/view/commits.ts';
import type { World } from '../server/world.ts';
import { issueMark, short, stateMark } from './badges.ts';
import { diffView } from './diff-view.ts';
import { html, link } from './html.ts';
import type { Html } from './html.ts';
import { conversation, findIssue } from './issue-pages.ts';
import { page } from './layout.ts';
import { countsOf } from './page-call.ts';
import type { PageCall } from './page-call.ts';

/** Whether GitHub vouches for the commit, in a word. */
export const verifiedMark = (world: World, record: CommitRecord): Html =>
  verificationOf(world, record.commit)['verified'] === true ? html`<span class="pill open">Verified</span>` : html`<span class="pill quiet">Unverified</span>`;

export const commitRow = (world: World, repo: string, record: CommitRecord): Html =>
  html`<li><a href="${link(repo, 'commit', record.oid)}"><code>${short(record.oid)}</code></a> ${record.commit.message.split('\n')[0]} ${verifiedMark(world, record)}<br><span class="quiet">${record.commit.author.name}</span></li>`;

/** Check runs and statuses of one commit, the latest of each name. */
export function checkList(world: World, issue: { repo: string; sha: string }): Html {
  const checks = new Map(world.state.checks.filter((check) => check.repo === issue.repo && check.sha === issue.sha).map((check) => [check.name, check]));
  const statuses = new Map(world.state.statuses.filter((status) => status.repo === issue.repo && status.sha === issue.sha).map((status) => [status.context, status]));
  if (checks.size + statuses.size === 0) return html`<p class="empty">No checks have been reported for this commit.</p>`;
  // Only this server's own pages are linked: a check's address is whatever its reporter says.
  const name = (text: string, url: string | null): Html => (url?.startsWith(`${world.services.url.server}/`) === true ? html`<a href="${url}">${text}</a>` : html`${text}`);
  const rows = [...[...checks.values()].map((check) => html`<li>${stateMark(check.status, check.conclusion, true)} ${name(check.name, check.url)}</li>`), ...[...statuses.values()].map((status) => html`<li>${stateMark(status.state, null, true)} ${name(status.context, status.url)}</li>`)];
  return html`<ul class="list">${rows}</ul>`;
}

export async function pullPage(call: PageCall, number: number): Promise<Reply> {
  const issue: LocalIssue = findIssue(call, number);
  if (!isPull(issue)) throw notFound();
  const store = call.world.store(issue.repo);
  const { base, head, changes } = await changesOfPull(call.world, issue);
  const commits = await Promise.all((await commitsBetween(store, base, head)).map((oid) => readCommit(store, oid)));
  const body = html`<h1>${issue.title} <span class="quiet">#${issue.number}</span></h1>
<p>${issueMark(issue.state, issue.pull.merged)} <strong>${issue.user}</strong> wants to merge ${commits.length} ${commits.length === 1 ? 'commit' : 'commits'} into <code>${issue.pull.baseRef}</code> from <code>${issue.pull.headRef}</code></p>
<nav class="jump" aria-label="On this page"><a href="#description">Conversation</a><a href="#commits">Commits</a><a href="#checks">Checks</a><a href="#files">Files changed</a></nav>
${conversation(call, issue)}
<h2 id="commits">Commits</h2><ul class="list">${commits.map((record) => commitRow(call.world, issue.repo, record))}</ul>
<h2 id="checks">Checks at ${short(head)}</h2>${checkList(call.world, { repo: issue.repo, sha: head })}
<h2 id="files">Files changed</h2>${diffView(changes)}`;
  return page({ title: issue.title, repo: issue.repo, tab: 'pulls', body, session: call.session, counts: countsOf(call) });
}

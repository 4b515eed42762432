// Repository, tree, file and commit pages.
import { listChanges } from '../server/git/changes.ts';
import type { GitObject } from '../server/git/object-format.ts';
import { parseCommit, parseTree } from '../server/git/object-format.ts';
import { notFound } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import { readCommit } from '../server/rest/git-data.ts';
import type { World } from '../server/world.ts';
import { diffView } from './diff-view.ts';
import { html, link } from './html.ts';
import type { Html } from './html.ts';
import { issueRow } from './issue-pages.ts';
import { page, time } from './layout.ts';
import { markdown } from './markdown.ts';
import { countsOf } from './page-call.ts';
import type { PageCall } from './page-call.ts';
import { checkList, verifiedMark } from './pull-page.ts';
import type { Session } from './session.ts';

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const SHOWN_BYTES_MAX = 512 * 1024;

export function homePage(world: World, session: Session, owner: string | null): Reply {
  const repos = world.state.repos.filter((repo) => owner === null || repo.name.split('/')[0] === owner);
  if (owner !== null && repos.length === 0) throw notFound();
  const rows = repos.map((repo) => html`<li><a href="${link(repo.name)}">${repo.name}</a> <span class="pill quiet">${repo.private ? 'Private' : 'Public'}</span></li>`);
  const body = html`<h1>Repositories</h1>${rows.length === 0 ? html`<p class="empty">None yet.</p>` : html`<ul class="list">${rows}</ul>`}`;
  return page({ title: 'Repositories', repo: null, tab: null, body, session });
}

/** Splits `REF/PATH`: a ref may hold slashes, so the longest that exists wins; else a commit id. */
async function splitRef(call: PageCall, rest: string): Promise<{ ref: string; path: string }> {
  const refs = (await call.world.store(call.repo.name).listRefs('refs/heads/')).map((ref) => ref.name.slice('refs/heads/'.length));
  const ref = refs.filter((name) => rest === name || rest.startsWith(`${name}/`)).toSorted((a, b) => b.length - a.length)[0] ?? /^[0-9a-f]{40}(?=\/|$)/.exec(rest)?.[0];
  if (ref === undefined) throw notFound();
  return { ref, path: rest.slice(ref.length + 1).replace(/\/$/, '') };
}

const nameOf = (raw: string): string => Buffer.from(raw, 'latin1').toString('utf8');

function fileTable(call: PageCall, tree: GitObject, at: { ref: string; path: string }): Html {
  const items = parseTree(tree.bytes).toSorted((a, b) => Number(b.mode === '40000') - Number(a.mode === '40000'));
  const rows = items.map((item) => {
    const isTree = item.mode === '40000';
    const target = link(call.repo.name, isTree ? 'tree' : 'blob', at.ref, ...(at.path === '' ? [] : [at.path]), nameOf(item.name));
    return html`<li><span class="kind" aria-hidden="true">${isTree ? '▸' : ''}</span><a href="${target}">${nameOf(item.name)}${isTree ? '/' : ''}</a></li>`;
  });
  return html`<ul class="files">${rows}</ul>`;
}

async function readme(call: PageCall, tree: GitObject): Promise<Html | null> {
  const item = parseTree(tree.bytes).find((entry) => /^readme\.md$/i.test(entry.name));
  const blob = item === undefined ? null : await call.world.store(call.repo.name).read(item.oid, 'blob');
  return blob === null ? null : html`<article class="post"><header><strong>${nameOf(item?.name ?? '')}</strong></header>${markdown(blob.bytes.toString('utf8'))}</article>`;
}

export async function repoPage(call: PageCall): Promise<Reply> {
  const { world, repo } = call;
  const store = world.store(repo.name);
  const head = await store.readRef(`refs/heads/${repo.defaultBranch}`);
  const commit = head === null ? null : await readCommit(store, head);
  const tree = commit === null ? null : await store.read(commit.commit.tree, 'tree');
  const branches = await store.listRefs('refs/heads/');
  const recent = world.state.issues.filter((issue) => issue.repo === repo.name && issue.state === 'open').toReversed().slice(0, 5);
  const others = branches.map((ref) => ref.name.slice('refs/heads/'.length)).filter((name) => name !== repo.defaultBranch);
  const code = tree === null || commit === null ? html`<p class="empty">This repository has no commits on ${repo.defaultBranch}.</p>` : html`
<div class="panel"><div class="head"><a href="${link(repo.name, 'commit', commit.oid)}"><code>${commit.oid.slice(0, 7)}</code></a> ${commit.commit.message.split('\n')[0]} <span class="quiet">${commit.commit.author.name}</span></div>${fileTable(call, tree, { ref: repo.defaultBranch, path: '' })}</div>${await readme(call, tree)}`;
  const body = html`<h1>${repo.name} <span class="pill quiet">${repo.private ? 'Private' : 'Public'}</span></h1>
<div class="columns"><div>${code}</div><aside>
<h2>Open issues and pull requests</h2>${recent.length === 0 ? html`<p class="empty">None.</p>` : html`<ul class="list">${recent.map(issueRow)}</ul>`}
<h2>Branches</h2><ul class="list">${[repo.defaultBranch, ...others].map((name) => html`<li><a href="${link(repo.name, 'tree', name)}"><code>${name}</code></a></li>`)}</ul>
<h2>Clone</h2><pre><code>git clone ${world.services.gitDir(repo.name)}</code></pre></aside></div>`;
  return page({ title: 'Code', repo: repo.name, tab: 'code', body, session: call.session, counts: countsOf(call) });
}

/** `tree/…`, `blob/…` and `raw/…`. */
export async function pathPage(call: PageCall, kind: string, rest: string): Promise<Reply> {
  const at = await splitRef(call, rest);
  const found = await call.world.store(call.repo.name).resolve(`${at.ref}:${at.path}`);
  if (found === null || (found.type !== 'blob' && found.type !== 'tree')) throw notFound();
  if (kind === 'raw' && found.type === 'blob') return { status: 200, raw: { type: 'text/plain; charset=utf-8', bytes: found.bytes }, headers: { 'content-security-policy': "default-src 'none'; sandbox" } };
  const title = at.path === '' ? at.ref : at.path;
  const parts = at.path.split('/').filter((part) => part !== '');
  const trail = parts.map((part, index) => html`<span class="slash">/</span><a href="${link(call.repo.name, index === parts.length - 1 ? kind : 'tree', at.ref, ...parts.slice(0, index + 1))}">${part}</a>`);
  const content = found.type === 'tree' ? html`<div class="panel">${fileTable(call, found, at)}</div>` : fileView(found);
  const body = html`<h1 class="trail"><a href="${link(call.repo.name, 'tree', at.ref)}">${at.ref}</a>${trail}</h1>${content}`;
  return page({ title, repo: call.repo.name, tab: 'code', body, session: call.session, counts: countsOf(call) });
}

function fileView(blob: GitObject): Html {
  if (blob.bytes.subarray(0, 8000).includes(0)) return html`<p class="empty">A binary file of ${blob.bytes.length} bytes.</p>`;
  const text = blob.bytes.subarray(0, SHOWN_BYTES_MAX).toString('utf8');
  const rows = text.replace(/\n$/, '').split('\n').map((line, index) => html`<tr><td>${index + 1}</td><td>${line}</td></tr>`);
  const cut = blob.bytes.length > SHOWN_BYTES_MAX ? html`<p class="empty">The file is longer: only its first ${SHOWN_BYTES_MAX} bytes are shown.</p>` : '';
  return html`<div class="panel scroll" tabindex="0" role="region" aria-label="File"><table class="code"><tbody>${rows}</tbody></table></div>${cut}`;
}

export async function commitPage(call: PageCall, sha: string): Promise<Reply> {
  const store = call.world.store(call.repo.name);
  const found = await store.resolve(sha);
  if (found === null || found.type !== 'commit') throw notFound();
  const record = { oid: found.oid, commit: parseCommit(found.bytes) };
  const [subject = '', ...rest] = record.commit.message.split('\n');
  const { author, parents, tree } = record.commit;
  const facts = html`<dl class="facts"><dt>Commit</dt><dd><code>${record.oid}</code></dd><dt>Tree</dt><dd><code>${tree}</code></dd><dt>Parents</dt><dd>${parents.length === 0 ? 'none' : parents.map((oid) => html`<a href="${link(call.repo.name, 'commit', oid)}"><code>${oid.slice(0, 7)}</code></a> `)}</dd></dl>`;
  const body = html`<h1>${subject} ${verifiedMark(call.world, record)}</h1><p class="quiet">${author.name}, ${time(new Date(author.seconds * 1000).toISOString())}</p>
${rest.join('\n').trim() === '' ? '' : html`<pre class="message">${rest.join('\n').trim()}</pre>`}${facts}
<h2>Checks</h2>${checkList(call.world, { repo: call.repo.name, sha: record.oid })}<h2>Changes</h2>${diffView(await listChanges(store, parents[0] ?? EMPTY_TREE, record.oid))}`;
  return page({ title: subject, repo: call.repo.name, tab: 'code', body, session: call.session, counts: countsOf(call) });
}

import { notFound } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import { readCommit } from '../server/rest/git-data.ts';
import type { CommitRecord } from '../server/view/commits.ts';
import { html } from './html.ts';
import { page } from './layout.ts';
import { countsOf } from './page-call.ts';
import type { PageCall } from './page-call.ts';
import { commitRow } from './pull-page.ts';

const SHOWN_MAX = 200;

/** A branch's commits along first parents, newest first: a ledger reads as its story. */
export async function commitsPage(call: PageCall, ref: string): Promise<Reply> {
  const store = call.world.store(call.repo.name);
  let next = (await store.readRef(`refs/heads/${ref}`)) ?? (await store.read(ref, 'commit'))?.oid;
  if (next === undefined) throw notFound();
  const records: CommitRecord[] = [];
  while (next !== undefined && records.length < SHOWN_MAX) {
    const record: CommitRecord = await readCommit(store, next);
    records.push(record);
    next = record.commit.parents[0];
  }
  const more = next === undefined ? '' : html`<p class="empty">Only the latest ${SHOWN_MAX} are shown.</p>`;
  const body = html`<h1>Commits on <code>${ref}</code></h1><ul class="list">${records.map((record) => commitRow(call.world, call.repo.name, record))}</ul>${more}`;
  return page({ title: `Commits on ${ref}`, repo: call.repo.name, tab: 'code', body, session: call.session, counts: countsOf(call) });
}

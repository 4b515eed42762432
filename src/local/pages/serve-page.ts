// Pages by path, and the two forms.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Refusal, notFound } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import { commitPage, homePage, pathPage, repoPage } from './code-pages.ts';
import { commitsPage } from './commits-page.ts';
import { html } from './html.ts';
import { issuePage, listPage, postComment } from './issue-pages.ts';
import { page } from './layout.ts';
import { repoOfPage } from './page-call.ts';
import type { PageCall, PageRequest } from './page-call.ts';
import { pullPage } from './pull-page.ts';
import { jobPage, postReview, runListPage, runPage } from './run-pages.ts';
import { assertSameSite, openSession } from './session.ts';
import type { Session } from './session.ts';
import { serveSite } from './static-site.ts';

type Show = (call: PageCall, request: PageRequest, parts: readonly string[]) => Reply | Promise<Reply>;
const number = (text: string | undefined): number => Number(text ?? Number.NaN);

const GETS: readonly (readonly [RegExp, Show])[] = [
  [/^$/, (call) => repoPage(call)],
  [/^issues$/, (call) => listPage(call, 'issues')],
  [/^issues\/(\d+)$/, (call, _, [id]) => issuePage(call, number(id))],
  [/^pulls$/, (call) => listPage(call, 'pulls')],
  [/^pull\/(\d+)(?:\/(?:files|commits|checks))?$/, (call, _, [id]) => pullPage(call, number(id))],
  [/^actions(?:\/workflows\/[\w.-]+)?$/, (call) => runListPage(call)],
  [/^actions\/runs\/(\d+)(?:\/attempts\/\d+)?$/, (call, request, [id]) => runPage(call, number(id), request.artifacts)],
  [/^actions\/runs\/(\d+)\/job\/(\d+)$/, (call, _, [id, job]) => jobPage(call, number(id), number(job))],
  [/^commit\/([0-9a-f]{4,40})$/, (call, _, [sha = '']) => commitPage(call, sha)],
  [/^commits(?:\/(.+))?$/, (call, _, [ref]) => commitsPage(call, ref ?? call.repo.defaultBranch)],
  [/^(tree|blob|raw)\/(.+)$/, (call, _, [kind = '', rest = '']) => pathPage(call, kind, rest)],
];
const POSTS: readonly (readonly [RegExp, Show])[] = [
  [/^issues\/(\d+)\/comments$/, (call, _, [id]) => postComment(call, number(id))],
  [/^actions\/runs\/(\d+)\/review$/, (call, _, [id]) => postReview(call, number(id))],
];

/** Answers a browser. Whatever is refused becomes a page that says so. */
export async function servePage(request: PageRequest): Promise<Reply> {
  const session = openSession(request.cookies);
  try {
    return await route(request, session);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status } = error.reply;
    const body = html`<h1>${status === 404 ? 'There is no such page' : 'That did not work'}</h1><p>${status === 404 ? 'The local GitHub has nothing at this address.' : detailOf(error)}</p><p><a href="/">All repositories</a></p>`;
    return page({ title: String(status), repo: null, tab: null, body, session, status });
  }
}

const details = z.object({ message: z.string(), errors: z.array(z.object({ message: z.string() })).optional() });
const detailOf = (error: Refusal): string => {
  const parsed = details.safeParse(error.reply.body);
  return parsed.data?.errors?.[0]?.message ?? error.message;
};

async function route(request: PageRequest, session: Session): Promise<Reply> {
  const { call, method } = request;
  const path = decoded(call.url.pathname);
  const asset = ASSETS[path];
  if (asset !== undefined) return asset();
  if (path === '/') return homePage(call.world, session, null);
  const site = /^\/pages\/([\w.-]+\/[\w.-]+)(?:\/(.*))?$/.exec(path);
  if (site !== null) return site[2] === undefined ? { status: 301, headers: { location: `${path}/` } } : await serveSite(call.world.services.dir, repoOfPage(call.world, site[1] ?? '').name, site[2]);
  const owner = /^\/([\w.-]+)\/?$/.exec(path);
  if (owner !== null) return homePage(call.world, session, owner[1] ?? '');
  const found = /^\/([\w.-]+\/[\w.-]+?)(?:\.git)?(?:\/(.*?))?\/?$/.exec(path);
  if (found === null) throw notFound();
  const form = call.body instanceof URLSearchParams ? call.body : new URLSearchParams();
  const asked: PageCall = { world: call.world, repo: repoOfPage(call.world, found[1] ?? ''), session, query: call.query, form };
  if (method !== 'GET' && method !== 'HEAD') assertSameSite(session, { csrf: form.get('csrf'), origin: request.origin, own: originsOf(call.world.services.url.server) });
  for (const [pattern, show] of method === 'POST' ? POSTS : GETS) {
    const match = pattern.exec(found[2] ?? '');
    if (match !== null) return await show(asked, request, match.slice(1));
  }
  throw notFound();
}

/** The names under which this server answers a browser. */
function originsOf(server: string): string[] {
  const { port } = new URL(server);
  return ['github.localhost', 'localhost', '127.0.0.1'].map((host) => `http://${host}:${port}`);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw notFound();
  }
}

const read = (name: string, type: string) => (): Reply => ({ status: 200, raw: { type, bytes: readFileSync(new URL(name, import.meta.url)) }, headers: { 'cache-control': 'max-age=60' } });
const ASSETS: Readonly<Record<string, () => Reply>> = { '/-/style.css': read('style.css', 'text/css; charset=utf-8'), '/-/icon.svg': read('icon.svg', 'image/svg+xml') };

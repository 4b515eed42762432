import type { Reply } from '../server/reply.ts';
import type { Session } from './session.ts';
import { html, link } from './html.ts';
import type { Content, Html } from './html.ts';

export type Tab = 'code' | 'issues' | 'pulls' | 'actions';
export interface Frame {
  readonly title: string;
  /** OWNER/NAME; null on pages of no repository. */
  readonly repo: string | null;
  readonly tab: Tab | null;
  readonly body: Content;
  readonly session: Session;
  readonly counts?: { readonly issues: number; readonly pulls: number };
  /** Load again after so many seconds: for pages that show work going on. */
  readonly refreshSeconds?: number;
  readonly status?: number;
}

const POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const tabs = (frame: Frame, repo: string): Html => {
  const tab = (name: Tab, label: string, path: string, count?: number): Html =>
    html`<a href="${path}"${frame.tab === name ? html` aria-current="page"` : ''}>${label}${count === undefined || count === 0 ? '' : html` <span class="count">${count}</span>`}</a>`;
  return html`<nav class="tabs" aria-label="Repository">${tab('code', 'Code', link(repo))}${tab('issues', 'Issues', link(repo, 'issues'), frame.counts?.issues)}${tab('pulls', 'Pull requests', link(repo, 'pulls'), frame.counts?.pulls)}${tab('actions', 'Actions', link(repo, 'actions'))}</nav>`;
};

/** A whole page. No scripts anywhere; the policy forbids them too. */
export function page(frame: Frame): Reply {
  const [owner = '', name = ''] = (frame.repo ?? '').split('/');
  const crumbs = frame.repo === null ? '' : html`<span class="slash">/</span><a href="${link(owner)}">${owner}</a><span class="slash">/</span><a class="repo" href="${link(frame.repo)}">${name}</a>`;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${frame.title}${frame.repo === null ? '' : ` · ${frame.repo}`} · local GitHub</title>
<link rel="stylesheet" href="/-/style.css">
<link rel="icon" href="/-/icon.svg" type="image/svg+xml">
${frame.refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${frame.refreshSeconds}">`}
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header><div class="bar"><a class="home" href="/">local GitHub</a>${crumbs}<span class="note">a model on this machine, not github.com</span></div>${frame.repo === null ? '' : tabs(frame, frame.repo)}</header>
<main id="main">${frame.body}</main>
</body>
</html>
`;
  const cookie = frame.session.setCookie === null ? {} : { 'set-cookie': frame.session.setCookie };
  return { status: frame.status ?? 200, raw: { type: 'text/html; charset=utf-8', bytes: document.text }, headers: { 'content-security-policy': POLICY, 'referrer-policy': 'same-origin', 'cache-control': 'no-store', ...cookie } };
}

/** After a form: back to a page by GET. Session cookies travel along. */
export const redirect = (to: string): Reply => ({ status: 303, headers: { location: to, 'cache-control': 'no-store' } });

const DAY = { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' } as const;
const format = new Intl.DateTimeFormat('en-GB', DAY);
export const time = (at: string): Html => html`<time datetime="${at}">${Number.isNaN(Date.parse(at)) ? at : `${format.format(new Date(at))} UTC`}</time>`;

/** `4 s`, `2 min 10 s`. */
export function duration(from: string | null, to: string | null): string {
  if (from === null || to === null) return '';
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

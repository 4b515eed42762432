// What was deployed to Pages, at /pages/OWNER/NAME/.
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { notFound } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8', '.json': 'application/json; charset=utf-8', '.jsonl': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.txt': 'text/plain; charset=utf-8', '.md': 'text/plain; charset=utf-8', '.xml': 'application/xml',
  '.diff': 'text/plain; charset=utf-8', '.webmanifest': 'application/manifest+json', '.wasm': 'application/wasm', '.map': 'application/json',
};

async function fileAt(root: string, wanted: string): Promise<string | null> {
  const resolved = await realpath(wanted).catch(() => null);
  // A link inside a deployed site must not lead out of it.
  if (resolved === null || !(resolved === root || resolved.startsWith(root + path.sep))) return null;
  return (await stat(resolved)).isDirectory() ? null : resolved;
}

/** Serves `rest` below the site of `repo` as GitHub Pages does: `index.html` in folders, `.html` left out, the site's own 404 page. */
export async function serveSite(dir: string, repo: string, rest: string): Promise<Reply> {
  const root = await realpath(path.join(dir, 'pages', repo)).catch(() => null);
  if (root === null) throw notFound();
  const at = path.join(root, path.posix.normalize(`/${rest}`));
  if (rest !== '' && !rest.endsWith('/') && (await stat(at).catch(() => null))?.isDirectory() === true) return { status: 301, headers: { location: `/pages/${repo}/${rest}/` } };
  const candidates = rest === '' || rest.endsWith('/') ? [path.join(at, 'index.html')] : [at, `${at}.html`];
  for (const candidate of candidates) {
    const file = await fileAt(root, candidate);
    if (file !== null) return { status: 200, raw: { type: typeOf(file), bytes: await readFile(file) }, headers: { 'cache-control': 'max-age=600' } };
  }
  const own = await fileAt(root, path.join(root, '404.html'));
  if (own === null) throw notFound();
  return { status: 404, raw: { type: typeOf(own), bytes: await readFile(own) } };
}

const typeOf = (file: string): string => TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream';

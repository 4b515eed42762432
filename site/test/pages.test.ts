import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSite, readSite } from './build-site.ts';
import { makeSmallLedger } from './ledger-fixture.ts';
import { removeTemporaryDirs } from './temporary-dir.ts';

const WAITING = 'w/wf-20261122-k3v9q2';
const EVIL = 'w/wf-20261119-evil00';
const ledger = makeSmallLedger();
let files: ReadonlyMap<string, string>;
const page = (path: string): string => files.get(path === '' ? 'index.html' : `${path}/index.html`) ?? '';
const pages = (): readonly (readonly [string, string])[] => [...files].filter(([path]) => path.endsWith('.html'));

afterAll(removeTemporaryDirs);
beforeAll(async () => {
  const built = await buildSite({ COUNTERSIGN_LEDGER: ledger.dir, COUNTERSIGN_BASE: '/control/' });
  expect(built.output).toContain('Complete!');
  files = readSite(built.dir);
});

const attributes = (html: string, name: string): readonly string[] => [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map((match) => match[1] ?? '');
const BASE = '/control/';

describe('the built pages', () => {
  test('every link inside the site leads to a page and to an anchor that exist', () => {
    const broken = pages().flatMap(([path, html]) =>
      attributes(html, 'href')
        .filter((href) => !href.startsWith('https:'))
        .filter((href) => !resolves(path, href))
        .map((href) => `${path}: ${href}`),
    );
    expect(broken).toEqual([]);
  });

  test('nothing is loaded from anywhere else, and no style or script stands in a page', () => {
    for (const [path, html] of pages()) {
      expect(attributes(html, 'src').filter((src) => !src.startsWith(`${BASE}assets/`)), path).toEqual([]);
      expect(html, path).not.toMatch(/<(?:style|img|iframe|object|embed|form|base)[\s>]/);
      expect(html, path).not.toMatch(/<script(?![^>]* src=)/);
      expect(attributes(html, 'style'), path).toEqual([]);
    }
    for (const [path, css] of files) if (path.endsWith('.css')) expect(css).not.toMatch(/@import|url\((?!["']?data:)/);
  });

  test('hostile titles, paths, lines and documents stay text', () => {
    const all = pages().map(([, html]) => html).join('\n');
    expect(page(EVIL)).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page(`${EVIL}/patches/ps-1`)).toContain('&lt;svg onload=alert(4)&gt;.js');
    expect(all).not.toMatch(/<script>alert|<svg onload|<b>bold|href="javascript:|tracker\.example[^<]*"\s*>?<img/);
    expect(all).not.toMatch(/<[a-z][^<>]*\son[a-z]+=/);
  });

  test('no unseen character reaches a page', () => {
    for (const [path, html] of pages()) expect(html.search(/[^\P{C}\t\n]/u), path).toBe(-1);
    expect(page(`${EVIL}/patches/ps-1`)).toContain('U+202E');
  });

  test('the list groups by whose turn it is', () => {
    const list = page('');
    expect(list.indexOf('Your turn')).toBeLessThan(list.indexOf('Retry-After is ignored'));
    expect(list.indexOf('Retry-After is ignored')).toBeLessThan(list.indexOf('Ended'));
    expect(list.indexOf('Ended')).toBeLessThan(list.indexOf('Rewrite the client'));
    expect(list).not.toContain('Waiting for CI');
  });

  test('the waiting PatchSet leads to its review run, with the whole digest', () => {
    const html = page(`${WAITING}/patches/ps-2`);
    expect(html).toContain('href="https://github.com/octo/control/actions/runs/9021"');
    expect(html).toMatch(/sha256:[0-9a-f]{64}/);
    expect(html).toContain('creates the branch countersign/wf-20261122-k3v9q2/ps-2 and one pull request in octo/api, nothing else');
    expect(html.indexOf('toEqual([2000])')).toBeLessThan(html.indexOf('WARN · tests'));
  });

  test.each([
    ['a replaced revision', `${WAITING}/patches/ps-1/r1`, 'Revision 2 replaced this one'],
    ['an approved one', `${WAITING}/patches/ps-1`, 'Nothing is written before ps-2 is approved too'],
    ['a binary change', 'w/wf-20261122-bin000/patches/ps-1', 'cannot show the whole change'],
    ['a blocked one', `${EVIL}/patches/ps-1`, 'Nothing is to be decided'],
    ['one that has landed', 'w/wf-20261118-a0b1c2/patches/ps-1', 'approved'],
  ])('%s offers no approval and says why', (_, path, reason) => {
    expect(page(path)).toContain(reason);
    expect(page(path)).not.toContain('data-approve');
  });

  test('a question can be answered from what the page says', () => {
    const html = page('w/wf-20261121-q7m2aa');
    expect(html).toContain('May every user change the limit, or only an administrator?');
    expect(html).toContain('href="https://github.com/octo/control/issues/12"');
    expect(html).toContain('/answer');
  });

  test('what no check verified says so on every page', () => {
    for (const tab of ['', '/timeline', '/artifacts', '/patches', '/patches/ps-1']) expect(page(`w/wf-20261117-nochek${tab}`)).toContain('not verified by CI');
    expect(page('status/DONE')).toContain('not verified by CI');
    expect(page('w/wf-20261118-a0b1c2')).not.toContain('not verified by CI');
  });

  test('the timeline tells every event with its payload', () => {
    const html = page('w/wf-20261118-a0b1c2/timeline');
    expect([...html.matchAll(/<li[^>]* id="e\d+"/g)]).toHaveLength(34);
    expect(html).toContain('ps-1 r1 approved by octocat');
    expect(html).toContain('&quot;environment&quot;: &quot;countersign-approval&quot;');
  });

  test('documents are rendered, their pictures are not loaded, their headings stand below the page\'s', () => {
    const html = page('w/wf-20261118-a0b1c2/artifacts');
    expect(html).toContain('<td>waits between attempts</td>');
    expect(html, 'the card has the title already').not.toContain('<h3>Architecture</h3>');
    expect(html).toContain('<h3>Decision</h3>');
    expect(html.match(/<h1/g)).toHaveLength(1);
  });

  test('head.json holds the tip and little else', () => {
    const head = files.get('data/head.json') ?? '';
    expect(JSON.parse(head)).toEqual({ format: 'countersign/head@1', tip: ledger.tip });
    expect(head.length).toBeLessThan(120);
  });

  test('the same ledger gives the same bytes', async () => {
    const again = readSite((await buildSite({ COUNTERSIGN_LEDGER: ledger.dir, COUNTERSIGN_BASE: '/control/' })).dir);
    expect([...again.keys()].toSorted()).toEqual([...files.keys()].toSorted());
    expect([...again].filter(([path, text]) => files.get(path) !== text).map(([path]) => path)).toEqual([]);
  });
});

function resolves(from: string, href: string): boolean {
  const url = new URL(href.replaceAll('&amp;', '&'), `https://site.invalid${BASE}${from.replace(/index\.html$/, '')}`);
  if (url.protocol !== 'https:' || !url.pathname.startsWith(BASE)) return false;
  const path = url.pathname.slice(BASE.length);
  const html = files.get(path === '' || path.endsWith('/') ? `${path}index.html` : path);
  return html !== undefined && (url.hash === '' || html.includes(` id="${url.hash.slice(1)}"`));
}

describe('a build that cannot be', () => {
  test('without a ledger it says which variable to set', async () => {
    const built = await buildSite({});
    expect(built.code).not.toBe(0);
    expect(built.output).toContain('set COUNTERSIGN_LEDGER');
  });

  test('without the branch it says so', async () => {
    const built = await buildSite({ COUNTERSIGN_LEDGER: ledger.dir, COUNTERSIGN_LEDGER_REF: 'nowhere' });
    expect(built.code).not.toBe(0);
    expect(built.output).toContain('has no branch "nowhere"');
  });
});

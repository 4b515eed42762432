import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalRun } from '../contract.ts';
import { git, sampleRun, startTestServer } from '../server/test-server.ts';
import type { TestServer } from '../server/test-server.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const browserTest = existsSync(CHROMIUM) ? test : test.skip;
if (!existsSync(CHROMIUM)) process.stderr.write(`SKIPPED: the browser tests of the local GitHub's pages, because ${CHROMIUM} is not installed.\n`);

let server: TestServer;
let browser: Browser | null = null;
beforeAll(async () => {
  server = await startTestServer();
  if (existsSync(CHROMIUM)) browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser?.close();
  expect(server.services.violations).toEqual([]);
  await server.close();
});

const HOSTILE = '<script>document.title="owned"</script><img src=x onerror="document.title=1"> ![i](http://evil.example/x.png) [l](javascript:alert(1)) \u202eevil';
function waitingRun(summary: string): LocalRun {
  const run = sampleRun(server.services.nextId(), { repo: 'local/control', workflowFile: 'apply.yml', inputs: {}, actor: 'github-actions[bot]' });
  for (const job of run.jobs) job.summary = summary;
  server.state.runs.push(run);
  return run;
}
const at = (target: string): string => `${server.services.url.api.replace('/api/v3', '')}${target}`;
const text = async (target: string): Promise<string> => await (await fetch(at(target))).text();
const open = async (target: string): Promise<Page> => {
  if (browser === null) throw new Error('no browser');
  const page = await browser.newPage();
  await page.goto(`${server.url}${target}`);
  return page;
};

describe('pages', () => {
  test.each(['/', '/local', '/local/api', '/local/api/issues', '/local/api/issues/1', '/local/api/pulls', '/local/api/actions', '/local/api/tree/main', '/local/api/tree/main/src', '/local/api/blob/main/src/a.ts', '/local/api/commits/main', '/-/style.css'])('%s is there', async (target) => {
    const response = await fetch(at(target));
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain('undefined');
  });

  test('what is not there is a 404 page', async () => {
    expect((await fetch(at('/local/nothing'))).status).toBe(404);
    expect((await fetch(at('/local/api/blob/main/nothing'))).status).toBe(404);
  });

  test('untrusted text stays text', async () => {
    const issue = await server.api('/repos/local/api/issues', { method: 'POST', body: { title: HOSTILE, body: HOSTILE } });
    const run = waitingRun(`# Summary\n\n${HOSTILE}\n\n<details>\n<summary>More <b>x</b></summary>\n\nx\n\n</details>\n\n\`\`\`diff\n+<details>\n-b\n\`\`\`\n\n<details><summary>How to "verify"</summary>\n\nx\n\n</details>\n\n<iframe src="x"></iframe>`);
    for (const target of [`/local/api/issues/${issue.body.number}`, `/local/control/actions/runs/${run.id}`]) {
      const page = await text(target);
      expect(page).not.toMatch(/<script|<img|<iframe|href="javascript|<b>x/i);
      expect(page).toContain('⟨U+202E⟩');
    }
    const summary = await text(`/local/control/actions/runs/${run.id}`);
    expect(summary).toContain('<span class="add">+&lt;details&gt;</span>');
    expect(summary).toContain('<details>');
    expect(summary).toContain('<details><summary>How to &quot;verify&quot;</summary>');
  });

  test('a pull request shows its commits, checks and changes', async () => {
    const work = path.join(server.dir, 'work');
    git(work, 'checkout', '-q', '-b', 'topic');
    writeFileSync(path.join(work, 'src/a.ts'), 'export const a = "<b>";\n');
    git(work, 'commit', '-q', '-am', 'Change a');
    git(work, 'push', '-q', server.services.gitDir('local/api'), 'topic');
    const opened = await server.api('/repos/local/api/pulls', { method: 'POST', body: { title: 'Change a', head: 'topic', base: 'main', body: 'Why' } });
    const page = await text(`/local/api/pull/${opened.body.number}`);
    expect(page).toContain('+export const a = &quot;&lt;b&gt;&quot;;');
    expect(page).toContain('Unverified');
    expect((await fetch(at(`/local/api/commit/${opened.body.head.sha}`))).status).toBe(200);
  });

  test('a form from elsewhere is refused', async () => {
    const run = waitingRun('');
    const body = new URLSearchParams({ environment: '1', state: 'approved', login: 'octocat', comment: '', csrf: 'guess' });
    const response = await fetch(at(`/local/control/actions/runs/${run.id}/review`), { method: 'POST', body, redirect: 'manual' });
    expect(response.status).toBe(403);
    expect(run.reviews).toEqual([]);
  });

  test('a deployed site is served, and a link out of it is not followed', async () => {
    const site = path.join(server.dir, 'pages/local/control');
    mkdirSync(path.join(site, 'w'), { recursive: true });
    writeFileSync(path.join(site, 'w/index.html'), '<h1>Site</h1>');
    symlinkSync(path.join(server.dir, 'state.json'), path.join(site, 'leak.json'));
    expect(await text('/pages/local/control/w/')).toBe('<h1>Site</h1>');
    for (const target of ['/pages/local/control/leak.json', '/pages/local/control/..%2f..%2f..%2fstate.json']) expect((await fetch(at(target))).status).toBe(404);
  });
});

describe('in a browser', () => {
  browserTest('a person approves on the review page', async () => {
    const run = waitingRun('# Review ps-1 r1\n\nEverything.');
    const page = await open(`/local/control/actions/runs/${run.id}`);
    await page.getByLabel('Comment').fill('Looks right');
    expect(await page.locator('form').count()).toBe(1);
    await page.getByRole('button', { name: 'Approve and deploy' }).click();
    await page.getByText('Looks right').waitFor();
    expect(run.reviews).toMatchObject([{ state: 'approved', user: 'octocat', comment: 'Looks right', environment: 'countersign-approval' }]);
    expect(await page.getByRole('button', { name: 'Reject' }).count()).toBe(0);
    expect(server.log().findLast((line) => line.method === 'POST')).toMatchObject({ kind: 'page', mutating: true, status: 303 });
  });

  browserTest('a person rejects with a reason', async () => {
    const run = waitingRun('');
    const page = await open(`/local/control/actions/runs/${run.id}`);
    await page.getByLabel('Comment').fill('changes: please rename');
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('changes: please rename').waitFor();
    expect(run.reviews).toMatchObject([{ state: 'rejected', comment: 'changes: please rename' }]);
  });

  browserTest('a person comments on an issue', async () => {
    const page = await open('/local/api/issues/1');
    await page.getByLabel('Comment').fill('/answer 1: yes');
    await page.getByRole('button', { name: 'Comment' }).click();
    await page.locator('.post', { hasText: '/answer 1: yes' }).waitFor();
    await server.services.settled();
    expect(server.events.at(-1)).toMatchObject({ name: 'issue_comment', actor: 'octocat', byJobToken: false });
  });

  browserTest('the pages have no accessibility faults that axe finds, in light and dark', async () => {
    const run = waitingRun('# Review\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```diff\n+a\n-b\n```');
    const axe = path.resolve('node_modules/axe-core/axe.min.js');
    for (const target of [`/local/control/actions/runs/${run.id}`, '/local/api', '/local/api/issues/1', `/local/api/commit/${server.head}`]) {
      for (const scheme of ['light', 'dark'] as const) {
        const context = await browser?.newContext({ bypassCSP: true, colorScheme: scheme });
        const page = await context?.newPage();
        await page?.goto(`${server.url}${target}`);
        await page?.addScriptTag({ path: axe });
        const violations: unknown = await page?.evaluate('axe.run().then((result) => result.violations.map((each) => each.id + ": " + each.nodes.map((node) => node.html).join(" ")))');
        expect(violations).toEqual([]);
        await context?.close();
      }
    }
  });
});

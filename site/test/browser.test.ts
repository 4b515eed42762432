import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSite } from './build-site.ts';
import { makeSmallLedger } from './ledger-fixture.ts';
import { serveSite } from './serve.ts';
import { removeTemporaryDirs } from './temporary-dir.ts';

const CHROMIUM = '/usr/bin/chromium';
const found = existsSync(CHROMIUM);
if (!found) process.stderr.write(`\nSKIPPED: the review site's browser tests need ${CHROMIUM} (apt install chromium). Accessibility was NOT checked.\n\n`);

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PAGES = ['/', '/status/DONE/', '/404.html', '/w/wf-20261122-k3v9q2/', '/w/wf-20261121-q7m2aa/', '/w/wf-20261118-a0b1c2/timeline/', '/w/wf-20261118-a0b1c2/artifacts/', '/w/wf-20261122-k3v9q2/patches/', '/w/wf-20261122-k3v9q2/patches/ps-2/', '/w/wf-20261122-k3v9q2/patches/ps-1/r1/', '/w/wf-20261119-evil00/patches/ps-1/', '/w/wf-20261119-evil00/artifacts/'];

describe.skipIf(!found)('in a browser', () => {
  let site: Awaited<ReturnType<typeof serveSite>>;
  let browser: Browser;

  beforeAll(async () => {
    const built = await buildSite({ COUNTERSIGN_LEDGER: makeSmallLedger().dir });
    site = await serveSite(built.dir);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
    removeTemporaryDirs();
  });

  /** A page that notes every dialog, error and blocked resource. */
  async function open(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<{ page: Page; noise: string[] }> {
    const page = await (await browser.newContext({ bypassCSP: false, ...options })).newPage();
    const noise: string[] = [];
    page.on('dialog', (dialog) => void (noise.push(`dialog ${dialog.message()}`), dialog.dismiss()));
    page.on('console', (message) => void (message.type() === 'error' && noise.push(message.text())));
    page.on('pageerror', (error) => void noise.push(String(error)));
    page.on('request', (request) => void (request.url().startsWith(site.url) || noise.push(`request ${request.url()}`)));
    await page.goto(site.url + path);
    return { page, noise };
  }

  async function faults(page: Page): Promise<readonly string[]> {
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
    await page.evaluate(AXE);
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
    });
  }

  test.each(PAGES.flatMap((path) => (['light', 'dark'] as const).map((scheme) => [path, scheme] as const)))('%s in %s has no accessibility fault and no noise', async (path, colorScheme) => {
    const { page, noise } = await open(path, { colorScheme });
    expect(await faults(page)).toEqual([]);
    expect(noise).toEqual([]);
    await page.context().close();
  });

  test.each(PAGES)('%s fits a screen of 320 pixels', async (path) => {
    const { page } = await open(path, { viewport: { width: 320, height: 700 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await page.context().close();
  });

  test('without scripts the whole change and the way to approve are there', async () => {
    const { page } = await open('/w/wf-20261122-k3v9q2/patches/ps-2/', { javaScriptEnabled: false });
    expect(await page.locator('.diff tr.add').count()).toBe(13);
    expect(await page.getByRole('link', { name: 'Review on GitHub' }).isVisible()).toBe(true);
    await page.context().close();
  });

  test('a ledger that has moved on takes the approval away', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.clock.install();
    await page.route('**/data/head.json', (route) => route.fulfill({ json: { format: 'countersign/head@1', tip: 'f'.repeat(40) } }));
    await page.goto(`${site.url}/w/wf-20261122-k3v9q2/patches/ps-2/`);
    await page.clock.runFor(16_000);
    await page.getByText('Reload before you decide').waitFor();
    expect(await page.getByRole('link', { name: 'Review on GitHub' }).count()).toBe(0);
    await context.close();
  });
});

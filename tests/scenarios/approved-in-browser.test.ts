import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { CONTROL_REPO } from '../../src/cli/up/seed.ts';
import { inWorld } from './support/world.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

// Skipped only where there is no Chromium; `npm test` says so loudly.
test.skipIf(!existsSync(CHROMIUM))('a person reads the whole change on the run page, approves there, and it lands', async () => {
  await inWorld({ targets: ['local/web'], issue: ISSUE }, async (world) => {
    const waiting = await world.start();
    const [patchSet] = waiting.patchSets;
    const run = await world.reviewRun('ps-1');
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    try {
      const page = await browser.newPage();
      // The host name is for people; a browser without a resolver for it reaches the same server by its address.
      await page.goto(`${world.github.url}/${CONTROL_REPO}/actions/runs/${run.id}`);
      await page.getByRole('heading', { level: 1, name: /Review ps-1 r1 · local\/web/ }).first().waitFor();
      expect(await page.content()).toContain(patchSet?.digest);
      await page.getByText('Please try again soon.').first().waitFor();
      await page.getByLabel('Comment').fill('Read and agreed');
      await page.getByRole('button', { name: 'Approve and deploy' }).click();
      await page.getByText('Read and agreed').waitFor();
    } finally {
      await browser.close();
    }
    const done = await world.settled();
    expect(done.status, await world.logs()).toBe('DONE');
    expect(done.patchSets[0]?.approval?.comment).toBe('Read and agreed');
    await world.assertInvariants();
  });
});

const ISSUE = `# The notice is vague

People do not know whether to wait.

## Repositories

- local/web

## Acceptance criteria

- [ ] When the service is busy, the notice says "soon".

## The change

\`\`\`search/replace path=src/notice.js
<<<<<<< SEARCH
  if (error.status === 429) return 'The weather service is busy. Please try again later.';
=======
  if (error.status === 429) return 'The weather service is busy. Please try again soon.';
>>>>>>> REPLACE
\`\`\`
`;

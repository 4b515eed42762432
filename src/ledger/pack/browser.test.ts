import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { exportSample } from '../testing/export-sample.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
if (!existsSync(CHROMIUM)) process.stderr.write(`\nSKIPPED: verification in a browser, because ${CHROMIUM} is not installed (apt install chromium). It was NOT tried there.\n\n`);

const bundle = async () => build({ entryPoints: [join(import.meta.dirname, 'pack.fixture.ts')], bundle: true, write: false, metafile: true, platform: 'browser', format: 'iife', logLevel: 'silent' });

test('the verification core needs nothing of Node', async () => {
  const { metafile } = await bundle();
  const inputs = Object.keys(metafile.inputs);
  expect(inputs).toContain('src/ledger/verify/verify-workflow.ts');
  expect(inputs).toContain('src/schema/digest/portable.ts');
  // Bundling would have failed at an import of Node's own; what is bundled must not come from an adapter either.
  expect(inputs.filter((path) => path.startsWith('src/') && !/^src\/(?:domain|ports|schema|ledger)\//.test(path))).toEqual([]);
  expect(inputs.filter((path) => path.startsWith('src/') && /from 'node:/.test(readFileSync(path, 'utf8')))).toEqual([]);
});

test.skipIf(!existsSync(CHROMIUM))('in Chromium the untouched pack holds, a tampered one fails and names the place', async () => {
  const { outputFiles } = await bundle();
  const pack = await exportSample();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  try {
    const page = await (await browser.newContext({ offline: true })).newPage();
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    const verify = async (bytes: Uint8Array): Promise<unknown> => page.evaluate(async (base64) => globalThis.verifyEvidencePack(base64), Buffer.from(bytes).toString('base64'));
    expect(await verify(pack)).toMatchObject({ ok: true, workflows: 1, events: 33, problems: [] });
    const tampered = Buffer.from(Buffer.from(pack).toString('latin1').replace('"login\\":\\"octocat\\"', '"login\\":\\"octocow\\"'), 'latin1');
    expect(tampered.equals(pack)).toBe(false);
    expect(await verify(tampered)).toMatchObject({ ok: false, problems: expect.arrayContaining([expect.objectContaining({ code: 'object-corrupt', path: expect.stringMatching(/^workflows\/.*-approval-recorded\.json$/) })]) });
    expect(await verify(pack.subarray(0, pack.length - 300))).toMatchObject({ thrown: expect.stringContaining('cut short') });
  } finally {
    await browser.close();
  }
});

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { outsideError } from '../../src/domain/errors.ts';
import { resolveCommit } from '../../src/git/resolve-commit.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import type { ActionEnvironment } from '../environment.ts';
import type { Wiring } from '../adapters.ts';

/** How long the published site may take to say which ledger commit it shows. */
const HEAD_TIMEOUT_MS = 5_000;

/** Publish: builds the static review site from the ledger that the workflow checked out beside it, unless the site shows it already. */
export async function run({ environment }: Wiring): Promise<StepReport> {
  const ledger = join(environment.workspace, '.ledger');
  const site = siteUrlOf(environment);
  const tip = await resolveCommit(join(ledger, '.git'), 'HEAD');
  if ((await publishedTip(site)) === tip) return report('', `The review site shows ledger commit ${tip.slice(0, 7)} already: nothing to build.`);
  await build(join(environment.workspace, 'site'), {
    COUNTERSIGN_LEDGER: ledger,
    COUNTERSIGN_LEDGER_REF: 'HEAD',
    COUNTERSIGN_SERVER_URL: environment.serverUrl,
    COUNTERSIGN_CONTROL_REPO: environment.run.repository,
    COUNTERSIGN_SITE_URL: site,
    COUNTERSIGN_BASE: new URL(site).pathname,
  });
  return report('deploy', `The review site is built from ledger commit ${tip.slice(0, 7)}. Next: it is deployed.`);
}

const report = (next: StepReport['next'], summary: string): StepReport => ({ ok: true, workflow: null, state: null, next, summary });

function siteUrlOf({ run }: ActionEnvironment): string {
  const configured = process.env['COUNTERSIGN_SITE_URL'];
  if (configured) return configured;
  const [owner = '', name = ''] = run.repository.split('/');
  return `https://${owner.toLowerCase()}.github.io/${name}/`;
}

/** The ledger commit that the published site was built from; null when there is no site yet, or it does not answer. */
async function publishedTip(site: string): Promise<string | null> {
  try {
    const response = await fetch(new URL('data/head.json', site), { cache: 'no-store', signal: AbortSignal.timeout(HEAD_TIMEOUT_MS) });
    const head = response.ok ? z.object({ tip: z.string() }).safeParse(await response.json()) : null;
    return head?.success === true ? head.data.tip : null;
  } catch {
    return null;
  }
}

async function build(site: string, settings: Record<string, string>): Promise<void> {
  const astro = join(site, '..', 'node_modules', 'astro', 'bin', 'astro.mjs');
  const child = spawn(process.execPath, [astro, 'build'], { cwd: site, stdio: 'inherit', env: { ...process.env, ...settings, ASTRO_TELEMETRY_DISABLED: '1' } });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  if (code !== 0) throw outsideError('site-build-failed', `Building the review site failed (astro build ended with ${code ?? 'a signal'}). Its output is above.`);
}

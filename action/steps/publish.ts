import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { outsideError } from '../../src/domain/errors.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import type { Wiring } from '../adapters.ts';

/** Publish: builds the static review site from the ledger that the workflow checked out beside it. */
export async function run({ environment }: Wiring): Promise<StepReport> {
  const site = process.env['COUNTERSIGN_SITE_URL'] ?? '';
  await build(join(environment.workspace, 'site'), {
    COUNTERSIGN_LEDGER: join(environment.workspace, '.ledger'),
    COUNTERSIGN_LEDGER_REF: 'HEAD',
    COUNTERSIGN_SERVER_URL: environment.serverUrl,
    COUNTERSIGN_CONTROL_REPO: environment.run.repository,
    ...(site === '' ? defaultSite(environment.run.repository) : { COUNTERSIGN_SITE_URL: site, COUNTERSIGN_BASE: new URL(site).pathname }),
  });
  return { ok: true, workflow: null, state: null, next: '', summary: 'The review site is built from the ledger. Next: it is deployed.' };
}

function defaultSite(repository: string): Record<string, string> {
  const [owner = '', name = ''] = repository.split('/');
  return { COUNTERSIGN_SITE_URL: `https://${owner.toLowerCase()}.github.io/${name}/`, COUNTERSIGN_BASE: `/${name}/` };
}

async function build(site: string, settings: Record<string, string>): Promise<void> {
  const astro = join(site, '..', 'node_modules', 'astro', 'bin', 'astro.mjs');
  const child = spawn(process.execPath, [astro, 'build'], { cwd: site, stdio: 'inherit', env: { ...process.env, ...settings, ASTRO_TELEMETRY_DISABLED: '1' } });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  if (code !== 0) throw outsideError('site-build-failed', `Building the review site failed (astro build ended with ${code ?? 'a signal'}). Its output is above.`);
}

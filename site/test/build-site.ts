import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDir } from './temporary-dir.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ASTRO = fileURLToPath(new URL('../../node_modules/astro/bin/astro.mjs', import.meta.url));

export interface Built {
  readonly dir: string;
  readonly code: number | null;
  readonly output: string;
}

/** Runs the real build on a ledger, into a directory of its own. */
export async function buildSite(env: Readonly<Record<string, string>>): Promise<Built> {
  const dir = temporaryDir('site-dist');
  const child = spawn(process.execPath, [ASTRO, 'build'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1', COUNTERSIGN_OUT: dir, COUNTERSIGN_SERVER_URL: 'https://github.com', COUNTERSIGN_CONTROL_REPO: 'octo/control', ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => void child.on('close', resolve));
  return { dir, code, output };
}

/** Every file of a built site, by its path from the root. */
export function readSite(dir: string): ReadonlyMap<string, string> {
  const paths = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => join(dir, name));
  return new Map(paths.filter((path) => statSync(path).isFile()).map((path) => [relative(dir, path), readFileSync(path, 'utf8')]));
}

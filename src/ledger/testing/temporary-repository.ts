import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs native git and gives its output; throws what it said when it failed. */
export function git(gitDir: string, args: readonly string[], input?: Uint8Array): Buffer {
  const done = spawnSync('git', ['--git-dir', gitDir, ...args], { input: input ?? '', maxBuffer: 1 << 30, env: { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: '/nonexistent' } });
  if (done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.stderr?.toString() ?? String(done.error)}`);
  return done.stdout;
}

/** A real, empty, bare repository in a directory of its own. */
export function createRepository(): { readonly gitDir: string; readonly remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-ledger-'));
  const gitDir = join(directory, 'control.git');
  git(gitDir, ['init', '-q', '--bare', '--initial-branch=main', gitDir]);
  return { gitDir, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

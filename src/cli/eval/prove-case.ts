import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError } from '../../domain/errors.ts';
import { runCiCommand } from '../../local/runner/ci-command.ts';
import { createJobProcesses } from '../../local/runner/processes.ts';
import { lastLines } from '../up/ci-log.ts';
import type { EvalCase } from './eval-case.ts';
import { git, type Planted } from './plant-case.ts';

/** What a case's CI runs: its checks are laid over what is there, and its command follows. */
export const ciCommandOf = ({ folder, ci }: EvalCase): string => `cp -R ${quoted(join(folder, 'checks'))}/. . && ${ci}`;

const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;

/**
 * A case says something about a change only if its checks fail without the known one and pass with it. They are run as the
 * result's are, twice. Rejects with an `input` error that says which of the two does not hold.
 */
export async function proveCase(each: EvalCase, planted: Planted, { dir, stop }: { readonly dir: string; readonly stop: AbortSignal }): Promise<void> {
  const known = await runChecks(each, planted, { tree: planted.knownTree, root: join(dir, 'known'), stop });
  if (!known.passed) throw inputError('bad-case', `The checks of ${each.name} do not pass with its known change, so no answer could pass them: ${known.last}. Mend its checks/, its ci or its known change.`);
  const base = await runChecks(each, planted, { tree: planted.baseTree, root: join(dir, 'base'), stop });
  if (base.passed) throw inputError('bad-case', `The checks of ${each.name} pass on its base already, so they prove nothing. Put a test into its checks/ that fails without the known change.`);
}

interface Checked {
  readonly passed: boolean;
  /** What was said last. */
  readonly last: string;
}

async function runChecks(each: EvalCase, { gitDir }: Planted, { tree, root, stop }: { readonly tree: string; readonly root: string; readonly stop: AbortSignal }): Promise<Checked> {
  const sha = await git(gitDir, ['-c', 'user.name=octocat', '-c', 'user.email=octocat@users.noreply.github.com', 'commit-tree', tree, '-m', each.name]);
  await mkdir(root);
  const processes = createJobProcesses();
  const end = (): void => processes.killAll();
  stop.addEventListener('abort', end);
  const lines: string[] = [];
  const onLine = (line: string): void => void (lines.push(line), lines.length > LINES_KEPT && lines.shift());
  try {
    const passed = await runCiCommand({ root, gitDir, sha, command: ciCommandOf(each), minutes: each.minutes, environment: process.env, onLine, processes });
    return { passed, last: lastLines(lines.filter((line) => line !== `$ ${ciCommandOf(each)}`), 3).join(' · ') };
  } finally {
    end();
    stop.removeEventListener('abort', end);
  }
}

const LINES_KEPT = 100;

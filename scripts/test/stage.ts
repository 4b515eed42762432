import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

/** What one stage found. `output` is shown at the end, and only when the stage failed. */
export interface StageResult {
  readonly ok: boolean;
  readonly output: string;
}

/** One thing that is checked: its name, and how. */
export interface Stage {
  readonly name: string;
  readonly run: () => Promise<StageResult>;
}

/** Runs an installed package's command in the checkout and keeps what it prints. */
export async function runCommand(name: string, args: readonly string[]): Promise<StageResult> {
  const child = spawn(join(ROOT, 'node_modules', '.bin', name), args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { ok: code === 0, output: Buffer.concat(chunks).toString('utf8') };
}

/** Runs stages one after the other and says a short line for each. Returns those that failed. */
export async function runStages(stages: readonly Stage[]): Promise<readonly { name: string; output: string }[]> {
  const failures: { name: string; output: string }[] = [];
  for (const { name, run } of stages) {
    const since = performance.now();
    const { ok, output } = await run().catch((error: unknown): StageResult => ({ ok: false, output: String(error) }));
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - since) / 1000).toFixed(1)} s)`);
    if (!ok) failures.push({ name, output });
  }
  return failures;
}

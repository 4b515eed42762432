import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { outsideError } from '../../domain/errors.ts';
import type { Oid } from '../../domain/ids.ts';
import { gitEnvironment, runGit } from '../../git/git-process.ts';
import { median } from './child.ts';
import { writeSampleLedger } from './ledger-sample.ts';
import { watchTree } from './process-tree.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
/** Workflows that are new since the trusted tip, where only these are verified. */
const NEW_WORKFLOWS = 10;
const COMMITS_A_WORKFLOW = 7;

/** How one process went. `cpuSeconds` and `residentBytes` cover its children too; null where there is no /proc. */
export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number | null;
  readonly residentBytes: number | null;
}

export interface LedgerVerifyBench {
  readonly bench: 'ledger-verify';
  readonly machine: { readonly cores: number; readonly memoryBytes: number; readonly load: number; readonly node: string; readonly platform: string };
  readonly workflows: number;
  readonly commits: number;
  readonly events: number;
  readonly evidence: number;
  /** Medians of `runs`, the two taking turns on the same repository. */
  readonly runs: number;
  readonly fsck: Measured;
  readonly verify: Measured;
  readonly ratio: number;
  /** Only what came after a tip that was verified before. */
  readonly incremental: Measured & { readonly workflows: number; readonly ratioToWhole: number };
  readonly holds: boolean;
}

const verified = z.object({ ok: z.boolean(), workflows: z.number(), commits: z.number(), events: z.number(), evidence: z.number() });

/** `git fsck --full` and `countersign ledger verify` of the same generated ledger, in turns. */
export async function benchLedgerVerify({ workflows, runs }: { readonly workflows: number; readonly runs: number }, say: (line: string) => void): Promise<LedgerVerifyBench> {
  const load = loadavg()[0] ?? 0;
  const parent = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  try {
    const gitDir = join(parent, 'ledger.git');
    say(`writing a ledger of ${workflows.toLocaleString('en-US')} workflows`);
    const tip = await writeSampleLedger({ gitDir, workflows });
    const fsck: Measured[] = [];
    const whole: Run[] = [];
    for (let run = 1; run <= runs; run++) {
      say(`git fsck --full, then ledger verify: ${run} of ${runs}`);
      fsck.push(await measure('git', ['--git-dir=.', 'fsck', '--full', '--no-progress'], gitDir));
      whole.push(await measure(process.execPath, [MAIN, 'ledger', 'verify', gitDir, '--json'], gitDir));
    }
    const result = verified.parse(JSON.parse(whole[0]?.stdout ?? ''));
    say(`ledger verify --incremental: ${Math.min(NEW_WORKFLOWS, workflows)} new workflows`);
    const since = await ancestor(gitDir, tip, Math.min(NEW_WORKFLOWS, workflows) * COMMITS_A_WORKFLOW);
    const incremental = await measure(process.execPath, [MAIN, 'ledger', 'verify', gitDir, '--tip', since, '--incremental', '--json'], gitDir);
    const peer = middle(fsck);
    const ours = middle(whole);
    return {
      bench: 'ledger-verify',
      machine: { cores: availableParallelism(), memoryBytes: totalmem(), load, node: process.version, platform: `${process.platform} ${process.arch}` },
      workflows: result.workflows,
      commits: result.commits,
      events: result.events,
      evidence: result.evidence,
      runs,
      fsck: peer,
      verify: ours,
      ratio: ours.seconds / peer.seconds,
      incremental: { ...middle([incremental]), workflows: Math.min(NEW_WORKFLOWS, workflows), ratioToWhole: incremental.seconds / ours.seconds },
      holds: result.ok && verified.parse(JSON.parse(incremental.stdout)).ok,
    };
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

async function ancestor(gitDir: string, tip: Oid, back: number): Promise<Oid> {
  const found = await runGit({ args: ['--git-dir=.', 'rev-parse', `${tip}~${back}`], cwd: gitDir });
  return found.stdout.toString('latin1').trim();
}

function middle(runs: readonly Measured[]): Measured {
  const of = (values: readonly (number | null)[]): number | null => (values.some((value) => value === null) ? null : median(values.filter((value) => value !== null)));
  return { seconds: median(runs.map(({ seconds }) => seconds)), cpuSeconds: of(runs.map(({ cpuSeconds }) => cpuSeconds)), residentBytes: of(runs.map(({ residentBytes }) => residentBytes)) };
}

type Run = Measured & { readonly stdout: string };

async function measure(command: string, args: readonly string[], cwd: string): Promise<Run> {
  const cpuBefore = childrenCpuSeconds();
  const start = performance.now();
  const child = spawn(command, [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: command === 'git' ? gitEnvironment() : { ...process.env, NO_COLOR: '1' } });
  const watch = watchTree(child.pid ?? 0);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr = (stderr + text).slice(-2_000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(outsideError('cannot-start', `${command} cannot be started for the measurement.`, cause)));
    child.once('close', resolve);
  });
  const seconds = (performance.now() - start) / 1_000;
  const { residentBytes } = watch.stop();
  if (code !== 0) throw outsideError('bench-failed', `${command} ${args.slice(0, 3).join(' ')} ended with ${code ?? 'a signal'}: ${stderr.trim().split('\n').at(-1) ?? 'it said nothing'}`);
  const cpuAfter = childrenCpuSeconds();
  return { seconds, cpuSeconds: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore, residentBytes, stdout };
}

const TICKS_A_SECOND = 100;

// Time of children that have ended, theirs included: fields 16 and 17 of proc(5), counted after the name.
function childrenCpuSeconds(): number | null {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
  } catch {
    return null;
  }
}

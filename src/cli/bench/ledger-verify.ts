import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { outsideError } from '../../domain/errors.ts';
import type { Oid } from '../../domain/ids.ts';
import { gitEnvironment, runGit } from '../../git/git-process.ts';
import { median } from './child.ts';
import { recordThreads } from '../ledger/threaded-records.ts';
import { countReads } from './ledger-verify-reads.ts';
import { writeSampleLedger } from './ledger-sample.ts';
import { endedChildrenCpuSeconds, watchTree } from './process-tree.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
/** What is new since the trusted tip, where only that is verified: some events, and some whole workflows. */
const NEW_EVENTS = 10;
const NEW_WORKFLOWS = 10;
const COMMITS_A_WORKFLOW = 7;
/** Memory is also measured at sizes so many times smaller. */
const SMALLER = [100, 10];
const SIZE_MIN = 100;

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
  /** Threads of each that are busy all the time. */
  readonly threads: { readonly fsck: number; readonly verify: number };
  /** Only what came after a tip that was verified before: whole workflows, and a few events. */
  readonly incremental: Incremental & { readonly workflows: number };
  readonly incrementalEvents: Incremental;
  /** The most memory that either held, by size of the ledger. */
  readonly memory: readonly AtSize[];
  readonly holds: boolean;
}

/** `objects`: all of the repository; `objectsRead`: by the verification, some of them twice. */
export interface Incremental extends Measured {
  readonly events: number;
  readonly ratioToWhole: number;
  readonly objectsRead: number;
  readonly objects: number;
}

export interface AtSize {
  readonly workflows: number;
  readonly fsckBytes: number | null;
  readonly verifyBytes: number | null;
}

const verified = z.object({ ok: z.boolean(), workflows: z.number(), commits: z.number(), events: z.number(), evidence: z.number() });

/** `git fsck --full` and `countersign ledger verify` of the same generated ledger, in turns. */
export async function benchLedgerVerify({ workflows, runs }: { readonly workflows: number; readonly runs: number }, say: (line: string) => void): Promise<LedgerVerifyBench> {
  const load = loadavg()[0] ?? 0;
  const parent = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  try {
    const smaller = SMALLER.map((times) => Math.floor(workflows / times)).filter((size) => size >= SIZE_MIN);
    const memory: AtSize[] = [];
    for (const size of smaller) memory.push(await measureMemory(parent, size, say));
    const gitDir = join(parent, 'ledger.git');
    say(`writing a ledger of ${workflows.toLocaleString('en-US')} workflows`);
    const tip = await writeSampleLedger({ gitDir, workflows });
    const fsck: Measured[] = [];
    const whole: Run[] = [];
    for (let run = 1; run <= runs; run++) {
      say(`git fsck --full, then ledger verify: ${run} of ${runs}`);
      fsck.push(await runFsck(gitDir));
      whole.push(await runVerify(gitDir));
    }
    const result = verified.parse(JSON.parse(whole[0]?.stdout ?? ''));
    const peer = middle(fsck);
    const ours = middle(whole);
    const few = Math.min(NEW_WORKFLOWS, workflows);
    const newWorkflows = await measureIncremental({ gitDir, tip, back: few * COMMITS_A_WORKFLOW, whole: ours.seconds }, say);
    const newEvents = await measureIncremental({ gitDir, tip, back: await commitsOfEvents(gitDir, tip, NEW_EVENTS), whole: ours.seconds }, say);
    return {
      bench: 'ledger-verify',
      machine: { cores: availableParallelism(), memoryBytes: totalmem(), load, node: process.version, platform: `${process.platform} ${process.arch}` },
      workflows: result.workflows,
      commits: result.commits,
      events: result.events,
      evidence: result.evidence,
      runs,
      threads: { fsck: 1, verify: 1 + recordThreads() },
      fsck: peer,
      verify: ours,
      ratio: ours.seconds / peer.seconds,
      incremental: { ...newWorkflows, workflows: few },
      incrementalEvents: newEvents,
      memory: [...memory, { workflows, fsckBytes: peer.residentBytes, verifyBytes: ours.residentBytes }],
      holds: result.ok,
    };
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

const runFsck = async (gitDir: string): Promise<Run> => measure('git', ['--git-dir=.', 'fsck', '--full', '--no-progress'], gitDir);
const runVerify = async (gitDir: string, more: readonly string[] = []): Promise<Run> => measure(process.execPath, [MAIN, 'ledger', 'verify', gitDir, ...more, '--json'], gitDir);

async function measureMemory(parent: string, workflows: number, say: (line: string) => void): Promise<AtSize> {
  say(`memory at ${workflows.toLocaleString('en-US')} workflows`);
  const gitDir = join(parent, `${workflows}.git`);
  await writeSampleLedger({ gitDir, workflows });
  const [fsck, ours] = [await runFsck(gitDir), await runVerify(gitDir)];
  await rm(gitDir, { recursive: true, force: true });
  return { workflows, fsckBytes: fsck.residentBytes, verifyBytes: ours.residentBytes };
}

async function measureIncremental({ gitDir, tip, back, whole }: { readonly gitDir: string; readonly tip: Oid; readonly back: number; readonly whole: number }, say: (line: string) => void): Promise<Incremental> {
  const since = await ancestor(gitDir, tip, back);
  say(`ledger verify --tip ${since.slice(0, 7)} --incremental: ${back} new commits`);
  const run = await runVerify(gitDir, ['--tip', since, '--incremental']);
  const { ok, events } = verified.parse(JSON.parse(run.stdout));
  if (!ok) throw outsideError('bench-failed', 'The incremental verification does not hold.');
  return { ...middle([run]), events, ratioToWhole: run.seconds / whole, ...(await countReads({ gitDir, tip, since })) };
}

// From the trailers of the newest commits: so many of them record at least `events`.
async function commitsOfEvents(gitDir: string, tip: Oid, events: number): Promise<number> {
  const log = await runGit({ args: ['--git-dir=.', 'log', '--first-parent', '-50', '--format=%(trailers:key=Countersign-Events,valueonly,separator=)', tip], cwd: gitDir });
  let recorded = 0;
  const lines = log.stdout.toString('latin1').split('\n');
  for (const [index, line] of lines.entries()) {
    const [first = 0, last = first] = line.split('-').map(Number);
    recorded += last - first + 1;
    if (recorded >= events) return index + 1;
  }
  return lines.length;
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
  const cpuBefore = endedChildrenCpuSeconds();
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
  const cpuAfter = endedChildrenCpuSeconds();
  return { seconds, cpuSeconds: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore, residentBytes, stdout };
}

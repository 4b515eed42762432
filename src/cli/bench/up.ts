import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { outsideError } from '../../domain/errors.ts';
import { readRequestFigures } from '../up/request-figures.ts';
import { medianStart, runNode, type ChildRun } from './child.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const MAIN = join(ROOT, 'src', 'cli', 'main.ts');
const DIST = join(ROOT, 'action', 'dist');
const STARTS = 7;

// The parts of the contracts that are measured: the last line of `up --json`, and the jobs in DIR/state.json.
const upResult = z.object({ state: z.string(), requests: z.number(), writesBeforeApproval: z.number(), ledger: z.object({ ok: z.boolean(), events: z.number() }) });
const instant = z.string().nullable();
const upState = z.object({ runs: z.array(z.object({ workflowFile: z.string(), jobs: z.array(z.object({ key: z.string(), startedAt: instant, completedAt: instant })) })) });

/** One whole `countersign up`. Seconds count from the start of the process. */
export interface UpRun {
  readonly state: string;
  readonly isSound: boolean;
  readonly secondsToWaiting: number | null;
  readonly secondsToDone: number | null;
  readonly secondsTotal: number;
  readonly secondsByState: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly requestsByJob: Readonly<Record<string, number>>;
  readonly events: number;
  /** Whole seconds, as GitHub gives them: jobs that run at the same time overlap. */
  readonly jobs: readonly { readonly job: string; readonly startsAtSecond: number; readonly seconds: number }[];
  /** Sampled every 100 ms; shared pages count in each process. Null where there is no /proc. */
  readonly peakResidentBytes: number | null;
  /** Processor time of all processes. Null where there is no /proc. */
  readonly cpuSeconds: number | null;
  readonly processesAtOnce: number;
  readonly nodeProcesses: number;
}

export interface UpBench {
  readonly bench: 'up';
  /** `load` is the load average of the last minute before the measurement: other work on the machine makes every time longer. */
  readonly machine: { readonly cores: number; readonly memoryBytes: number; readonly load: number; readonly node: string; readonly platform: string };
  readonly runs: readonly UpRun[];
  /** The floor: `node -e 0`, and the bundle up to its first sentence about a step that does not exist. Medians. */
  readonly floor: { readonly nodeStartSeconds: number; readonly bundleStartSeconds: number };
  readonly bundle: { readonly bytes: number; readonly files: number; readonly loadSeconds: number };
}

/** Measures `runs` times, one after the other, each in a new directory that is removed again. */
export async function benchUp(runs: number, say: (line: string) => void): Promise<UpBench> {
  const load = loadavg()[0] ?? 0;
  const bundle = await bundleSize();
  say('floor: bare node starts and the bundle beside them');
  const nodeStartSeconds = await medianStart(['-e', '0'], STARTS);
  const bundleStartSeconds = await medianStart([join(DIST, 'main.js'), 'no-such-step'], STARTS);
  const done: UpRun[] = [];
  for (let number = 1; number <= runs; number++) {
    say(`up ${number} of ${runs}`);
    done.push(await measureOnce());
  }
  return {
    bench: 'up',
    machine: { cores: availableParallelism(), memoryBytes: totalmem(), load, node: process.version, platform: `${process.platform} ${process.arch}` },
    runs: done,
    floor: { nodeStartSeconds, bundleStartSeconds },
    bundle: { ...bundle, loadSeconds: bundleStartSeconds - nodeStartSeconds },
  };
}

async function measureOnce(): Promise<UpRun> {
  const parent = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  try {
    const dir = join(parent, 'up');
    const child = await runNode([MAIN, 'up', '--approve', 'octocat', '--json', '--dir', dir]);
    return await toRun(child, dir);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

async function toRun(child: ChildRun, dir: string): Promise<UpRun> {
  const result = upResult.safeParse(parseJson(child.stdout.trim().split('\n').at(-1) ?? ''));
  if (!result.success) throw outsideError('bench-failed', `countersign up ended with exit code ${child.exitCode ?? 'none'} and no result: ${child.lines.at(-1)?.text ?? 'it said nothing'}. Run it alone: npm start -- --approve octocat`);
  const { state, requests, ledger, writesBeforeApproval } = result.data;
  const secondsByState = statesOf(child.lines);
  const figures = await readRequestFigures(dir, [], true);
  return {
    state,
    isSound: child.exitCode === 0 && ledger.ok && writesBeforeApproval === 0,
    secondsToWaiting: secondsByState['WAITING_USER_APPROVAL'] ?? null,
    secondsToDone: secondsByState['DONE'] ?? null,
    secondsTotal: child.seconds,
    secondsByState,
    requests,
    requestsByJob: figures.byJob,
    events: ledger.events,
    jobs: await jobsOf(dir),
    peakResidentBytes: child.peak.residentBytes,
    cpuSeconds: child.cpuSeconds,
    processesAtOnce: child.peak.processes,
    nodeProcesses: child.peak.nodeProcesses,
  };
}

/** When each state was first reported. */
export function statesOf(lines: ChildRun['lines']): Readonly<Record<string, number>> {
  const states: Record<string, number> = {};
  for (const { second, text } of lines) {
    const state = /^\s*state\s+([A-Z_]+)\s*$/.exec(text)?.[1];
    if (state !== undefined) states[state] ??= second;
  }
  return states;
}

async function jobsOf(dir: string): Promise<UpRun['jobs']> {
  const { runs } = upState.parse(parseJson(await readFile(join(dir, 'state.json'), 'utf8')));
  const ran = runs.flatMap(({ workflowFile, jobs }) => jobs.flatMap(({ key, startedAt, completedAt }) => (startedAt !== null && completedAt !== null ? [{ job: `${workflowFile}/${key}`, from: Date.parse(startedAt), to: Date.parse(completedAt) }] : [])));
  const first = Math.min(...ran.map(({ from }) => from));
  return ran.toSorted((a, b) => a.from - b.from).map(({ job, from, to }) => ({ job, startsAtSecond: (from - first) / 1_000, seconds: (to - from) / 1_000 }));
}

async function bundleSize(): Promise<{ bytes: number; files: number }> {
  const names = (await readdir(DIST, { recursive: true }).catch(() => [])).filter((name) => name.endsWith('.js'));
  if (names.length === 0) throw outsideError('no-bundle', 'action/dist holds no bundle to measure. Build it: npm run build');
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(DIST, name))).size));
  return { bytes: sizes.reduce((total, size) => total + size, 0), files: sizes.length };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

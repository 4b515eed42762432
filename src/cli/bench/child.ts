import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { outsideError } from '../../domain/errors.ts';
import { endedChildrenCpuSeconds, watchTree, type TreePeak } from './process-tree.ts';

/** How a child process went. `lines` are those of its standard error, each with the seconds since the start. */
export interface ChildRun {
  readonly seconds: number;
  readonly stdout: string;
  readonly lines: readonly { readonly second: number; readonly text: string }[];
  readonly exitCode: number | null;
  readonly peak: TreePeak;
  /** Processor time of it and its descendants, as long as no other child ends meanwhile. Null where there is no /proc. */
  readonly cpuSeconds: number | null;
  /** It was ended because it took longer than it may. */
  readonly stopped: boolean;
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it after so many seconds. Default: never. */
  readonly secondsMax?: number;
}

const KEPT_BYTES_MAX = 1_000_000;

/** Runs a node program to its end and watches it. Rejects with an `outside` error when it cannot be started. */
export async function runNode(args: readonly string[], { env = {}, secondsMax }: ChildOptions = {}): Promise<ChildRun> {
  const start = performance.now();
  const cpuBefore = endedChildrenCpuSeconds();
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1', ...env } });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) => reject(outsideError('cannot-start', 'node cannot be started for the measurement.', cause)));
    child.on('close', resolve);
  });
  const watch = watchTree(child.pid ?? 0);
  const lines: { second: number; text: string }[] = [];
  createInterface({ input: child.stderr }).on('line', (text) => lines.push({ second: (performance.now() - start) / 1_000, text }));
  let stopped = false;
  const timer = secondsMax === undefined ? undefined : setTimeout(() => void (stopped = child.kill('SIGKILL')), secondsMax * 1_000);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (stdout.length < KEPT_BYTES_MAX) stdout += chunk;
  });
  try {
    const exitCode = await ended;
    const seconds = (performance.now() - start) / 1_000;
    const cpuAfter = endedChildrenCpuSeconds();
    return { seconds, cpuSeconds: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore, stdout, lines, exitCode, peak: watch.stop(), stopped };
  } finally {
    clearTimeout(timer);
    watch.stop();
  }
}

/** The median time of `times` starts, in seconds. */
export async function medianStart(args: readonly string[], times: number): Promise<number> {
  const seconds: number[] = [];
  for (let index = 0; index < times; index++) seconds.push((await runNode(args)).seconds);
  return median(seconds);
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

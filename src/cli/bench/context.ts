import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { outsideError } from '../../domain/errors.ts';
import { locateRepository } from '../../git/locate-repository.ts';
import { installPeer } from './bench-peer.ts';
import { median, runNode, type ChildRun } from './child.ts';
import { measureRanking, type RankingResult } from './context-ranking.ts';
import { checkOut, generateRepository, plainCopy, type BenchRepository } from './context-sample.ts';

// As `npm run countersign` starts it.
const MAIN = join(import.meta.dirname, '..', 'main.ts');
const RUN = join(import.meta.dirname, '..', '..', '..', 'scripts', 'run.mjs');
const FLOOR = fileURLToPath(new URL('./context-floor.ts', import.meta.url));
const GENERATED_FILES = 2_800;
const ISSUE = 'fix(client): requests are sent twice after a reload\n\nWhen the socket closes while `fetchWithRetry` waits, the module is requested again, and the page keeps both responses.\n';
/** What the figures are held against. */
export const CONTEXT_AIMS = { ratio: 0.25, warmSeconds: 0.5, peakBytes: 300_000_000, hitAt10: 0.9 } as const;

export interface ContextBenchOptions {
  /** A repository to read; null: one that is generated. */
  readonly repo: string | null;
  readonly ref: string;
  /** Repositories whose newest commits are held out. */
  readonly histories: readonly string[];
  readonly commits: number;
  readonly runs: number;
}

/** Seconds are those of whole processes, from start to end, ours and the peer's alike. */
export interface ContextRun {
  readonly coldSeconds: number;
  /** The same with an issue to rank for: words are counted then. */
  readonly askedSeconds: number;
  readonly peerSeconds: number;
  readonly warmSeconds: number;
  /** Processor time: what a busy machine distorts least. */
  readonly coldCpuSeconds: number;
  readonly peerCpuSeconds: number;
  /** Every source text parsed whole with the same grammars, and nothing else. */
  readonly floorSeconds: number;
  readonly peakBytes: number | null;
  readonly peerPeakBytes: number | null;
}

export interface ContextBench {
  readonly bench: 'context';
  readonly machine: { readonly cores: number; readonly memoryBytes: number; readonly load: number; readonly node: string };
  readonly peer: string;
  readonly files: number;
  readonly symbols: number;
  readonly runs: readonly ContextRun[];
  /** Medians; `ratio` is the median of each run's own ratio to the peer beside it. */
  readonly ratio: number;
  readonly cpuRatio: number;
  readonly askedRatio: number;
  readonly floorRatio: number;
  readonly warmRatio: number;
  readonly warmSeconds: number;
  readonly peakBytes: number | null;
  readonly sameHash: boolean;
  readonly ranking: readonly RankingResult[];
  readonly aims: typeof CONTEXT_AIMS;
  readonly holds: boolean;
}

const answer = z.object({ contextHash: z.string(), files: z.number(), symbols: z.number() });

/** Reads one repository cold and warm beside `repomix --compress`, in turns, and ranks held-out commits beside BM25. */
export async function benchContext(options: ContextBenchOptions, say: (line: string) => void): Promise<ContextBench> {
  const load = loadavg()[0] ?? 0;
  const peer = await installPeer('repomix/bin/repomix.cjs', say);
  const parent = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  try {
    const repository = options.repo === null ? await generateRepository(join(parent, 'repository'), GENERATED_FILES) : await checkOut((await locateRepository(options.repo)).gitDir, options.ref, join(parent, 'repository'));
    const plain = options.repo === null ? await plainCopy(repository, join(parent, 'plain')) : repository.checkout;
    const measured = await measureRuns({ repository, plain, peer, parent }, options.runs, say);
    const ranking: RankingResult[] = [];
    for (const history of options.histories) ranking.push(await measureRanking((await locateRepository(history)).gitDir, { from: 'HEAD', count: options.commits, say }));
    const report = { machine: { cores: availableParallelism(), memoryBytes: totalmem(), load, node: process.version }, peer: 'repomix --compress', ...measured, ranking };
    return { bench: 'context', ...report, aims: CONTEXT_AIMS, holds: holdsIn(report) };
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

function holdsIn({ ratio, warmSeconds, peakBytes, sameHash, ranking }: Pick<ContextBench, 'ratio' | 'warmSeconds' | 'peakBytes' | 'sameHash' | 'ranking'>): boolean {
  return ratio <= CONTEXT_AIMS.ratio && warmSeconds < CONTEXT_AIMS.warmSeconds && (peakBytes ?? 0) <= CONTEXT_AIMS.peakBytes && sameHash && ranking.every(({ hitAt10, bm25HitAt10 }) => hitAt10 >= CONTEXT_AIMS.hitAt10 && hitAt10 > bm25HitAt10);
}

interface Place {
  readonly repository: BenchRepository;
  /** The files alone, for the peer. */
  readonly plain: string;
  readonly peer: string;
  readonly parent: string;
}

type Measured = Pick<ContextBench, 'files' | 'symbols' | 'runs' | 'ratio' | 'cpuRatio' | 'askedRatio' | 'floorRatio' | 'warmRatio' | 'warmSeconds' | 'peakBytes' | 'sameHash'>;

async function measureRuns(place: Place, times: number, say: (line: string) => void): Promise<Measured> {
  const cache = join(place.parent, 'cache');
  const first = await ours(place, ['--cache', cache]);
  const hashes = new Set([first.found.contextHash]);
  const issue = join(place.parent, 'issue.md');
  await writeFile(issue, ISSUE);
  const runs: ContextRun[] = [];
  for (let index = 1; index <= times; index++) {
    say(`run ${index} of ${times}: cold, the peer, warm, with an issue`);
    const cold = await ours(place, ['--no-cache']);
    const peer = await runNode([place.peer, '--compress', '--quiet', '--output', join(place.parent, 'peer.xml'), place.plain]);
    if (peer.exitCode !== 0) throw outsideError('peer-failed', `The peer ended with exit code ${peer.exitCode ?? 'none'}: ${peer.lines.at(-1)?.text ?? 'it said nothing'}.`);
    const warm = await ours(place, ['--cache', cache]);
    const asked = await ours(place, ['--no-cache', '--query', issue]);
    const floor = await runNode([FLOOR, place.repository.gitDir, place.repository.commit]);
    const floorSeconds = Number(floor.stdout);
    if (floor.exitCode !== 0 || !Number.isFinite(floorSeconds)) throw outsideError('bench-failed', `The parse of the whole texts ended with exit code ${floor.exitCode ?? 'none'}.`);
    for (const { found } of [cold, warm]) hashes.add(found.contextHash);
    runs.push({ coldSeconds: cold.run.seconds, askedSeconds: asked.run.seconds, peerSeconds: peer.seconds, warmSeconds: warm.run.seconds, coldCpuSeconds: cold.run.cpuSeconds ?? Number.NaN, peerCpuSeconds: peer.cpuSeconds ?? Number.NaN, floorSeconds, peakBytes: cold.run.peak.residentBytes, peerPeakBytes: peer.peak.residentBytes });
  }
  const peaks = runs.flatMap(({ peakBytes }) => peakBytes ?? []);
  return {
    files: first.found.files, symbols: first.found.symbols, runs,
    ratio: median(runs.map(({ coldSeconds, peerSeconds }) => coldSeconds / peerSeconds)),
    cpuRatio: median(runs.map(({ coldCpuSeconds, peerCpuSeconds }) => coldCpuSeconds / peerCpuSeconds)),
    askedRatio: median(runs.map(({ askedSeconds, peerSeconds }) => askedSeconds / peerSeconds)),
    floorRatio: median(runs.map(({ floorSeconds, peerSeconds }) => floorSeconds / peerSeconds)),
    warmRatio: median(runs.map(({ warmSeconds, peerSeconds }) => warmSeconds / peerSeconds)),
    warmSeconds: median(runs.map(({ warmSeconds }) => warmSeconds)),
    peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
    sameHash: hashes.size === 1,
  };
}

async function ours({ repository }: Place, flags: readonly string[]): Promise<{ run: ChildRun; found: z.infer<typeof answer> }> {
  const run = await runNode([RUN, MAIN, 'context', '--repo', repository.gitDir, '--ref', repository.commit, '--top', '10', '--json', ...flags]);
  const found = answer.safeParse(parseJson(run.stdout));
  if (!found.success) throw outsideError('bench-failed', `countersign context ended with exit code ${run.exitCode ?? 'none'} and no result: ${run.lines.at(-1)?.text ?? 'it said nothing'}.`);
  return { run, found: found.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

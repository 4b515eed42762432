import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { fuzz, type FuzzReport } from './patch/fuzz.ts';
import { compareWithPeers, type ToolScore } from './patch/peers.ts';
import { benchHistory, type HistoryReport } from './patch/real-history.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SYNTHETIC_COMMITS = 200;
// One in so many of the deliberate refusals is also given to git, to say how often it accepts them.
const ASK_DELIBERATE = 20;

export interface PatchBenchOptions {
  /** Repositories whose last commits are taken; none: this checkout. */
  readonly repos: readonly string[];
  readonly commits: number;
  readonly mutations: number;
  readonly seed: number;
}

export interface PatchBench {
  readonly bench: 'patch';
  readonly machine: { readonly cores: number; readonly load: number; readonly node: string };
  readonly attacks: { readonly given: number; readonly missed: readonly string[] };
  readonly tools: readonly ToolScore[];
  readonly histories: readonly HistoryReport[];
  readonly fuzz: FuzzReport;
  /** No attack missed, every history exact, no disagreement with git. Times are for people to judge. */
  readonly holds: boolean;
}

/** Exactness, strictness and speed of change sets, beside git and beside what people use instead. */
export async function benchPatch(options: PatchBenchOptions, say: (line: string) => void): Promise<PatchBench> {
  const load = loadavg()[0] ?? 0;
  say('attacks and harmless diffs, here and by the peers');
  const { attacks, scores } = await compareWithPeers(options.seed, SYNTHETIC_COMMITS);
  const histories: HistoryReport[] = [];
  for (const repo of options.repos.length === 0 ? [ROOT] : options.repos) histories.push(await benchHistory(repo, options.commits, say));
  const fuzzed = await fuzz({ seed: options.seed, mutations: options.mutations, commits: SYNTHETIC_COMMITS, askDeliberate: ASK_DELIBERATE, say });
  const missed = attacks.filter(({ blockedBy }) => blockedBy.length === 0).map(({ attack }) => `${attack.row}: ${attack.name}`);
  return {
    bench: 'patch',
    machine: { cores: availableParallelism(), load, node: process.version },
    attacks: { given: attacks.length, missed },
    tools: scores,
    histories,
    fuzz: fuzzed,
    holds: missed.length === 0 && histories.every(({ misses }) => misses.length === 0) && fuzzed.disagreements.length === 0,
  };
}

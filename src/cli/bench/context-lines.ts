import { basename, dirname } from 'node:path';
import { paint } from '../output.ts';
import { median } from './child.ts';
import type { ContextBench } from './context.ts';

const LABEL = 34;
const CELL = 12;

/** The table for people: medians beside the peer's, then each history beside BM25. */
export function contextBenchLines(bench: ContextBench): string[] {
  const { machine, runs, aims, ranking } = bench;
  const of = (pick: (run: ContextBench['runs'][number]) => number | null): number => median(runs.flatMap((run) => pick(run) ?? []));
  return [
    `${paint.bold('bench context')}  ${bench.files} files, ${bench.symbols} symbols · ${runs.length} runs · ${machine.cores} cores, load ${machine.load.toFixed(1)} before, node ${machine.node}`,
    '',
    paint.dim(row('', 'median', 'ratio', 'aim')),
    row(`peer: ${bench.peer}`, seconds(of(({ peerSeconds }) => peerSeconds)), '1.00'),
    row('full ingestion, nothing cached', seconds(of(({ coldSeconds }) => coldSeconds)), bench.ratio.toFixed(2), `≤ ${aims.ratio}`),
    row('  the same in processor time', seconds(of(({ coldCpuSeconds }) => coldCpuSeconds)), bench.cpuRatio.toFixed(2)),
    row('  with an issue to rank for', seconds(of(({ askedSeconds }) => askedSeconds)), bench.askedRatio.toFixed(2)),
    row('  for comparison: bare parsing', seconds(of(({ floorSeconds }) => floorSeconds)), bench.floorRatio.toFixed(2)),
    row('the same files again', seconds(bench.warmSeconds), bench.warmRatio.toFixed(2), `< ${aims.warmSeconds} s`),
    row('peak memory, all processes', mega(bench.peakBytes), '', `≤ ${mega(aims.peakBytes)}`),
    row("the peer's", mega(of(({ peerPeakBytes }) => peerPeakBytes))),
    row('one context hash throughout', bench.sameHash ? 'yes' : 'NO'),
    ...(ranking.length === 0 ? ['', paint.dim('  no history was given: --histories DIR,DIR ranks held-out commits')] : ['', paint.dim(row('held-out commits', 'hit in 10', 'BM25', 'recall'))]),
    ...ranking.map(({ history, commits, hitAt10, bm25HitAt10, recallAt10 }) => row(`${nameOf(history)} (${commits})`, percent(hitAt10), percent(bm25HitAt10), percent(recallAt10))),
    ...ranking.filter(({ withoutWords: { inTouched } }) => inTouched > 0).map(({ history, withoutWords: { inTree, inTouched } }) => paint.dim(`  ${nameOf(history)}: ${inTouched} ${inTouched === 1 ? 'message has' : 'messages have'} no word that stands in a touched file${inTree > 0 ? `, ${inTree} none that stands in any` : ''}`)),
    '',
    paint.dim('  The peer reads the same files, its start and its threads included. Bare parsing: every source text through its grammar, whole.'),
    paint.dim('  Words are counted only where an issue or a cache asks for them.'),
    paint.dim('  Times are of whole processes. Memory is a sample every 100 ms that counts shared pages in each process. A hit: a touched'),
    paint.dim("  source file of the commit is among the first ten of its parent's tree, for the commit's message."),
    bench.holds ? 'Every aim is met.' : 'Not every aim is met.',
  ];
}

const nameOf = (gitDir: string): string => (/^(?:\.git|repo)$/.test(basename(gitDir)) ? basename(dirname(gitDir)) : basename(gitDir)).slice(0, LABEL - 8);
const row = (label: string, ...cells: readonly string[]): string => `  ${label.padEnd(LABEL)}${cells.map((cell) => cell.padStart(CELL)).join('')}`.trimEnd();
const seconds = (number: number): string => `${number.toFixed(2)} s`;
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const mega = (bytes: number | null): string => (bytes === null || Number.isNaN(bytes) ? '–' : `${(bytes / 1_000_000).toFixed(0)} MB`);

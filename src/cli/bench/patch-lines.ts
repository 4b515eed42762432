import { DELIBERATE_REFUSALS } from '../../change-set/deliberate-refusals.ts';
import { paint } from '../output.ts';
import { printable } from '../printable.ts';
import type { FuzzReport } from './patch/fuzz.ts';
import type { HistoryReport } from './patch/real-history.ts';
import type { PatchBench } from './patch.ts';

const LABEL = 26;
const CELL = 10;
const SHOWN = 5;

/** The report for people, within 80 columns. */
export function patchLines({ machine, attacks, tools, histories, fuzz }: PatchBench): readonly string[] {
  return [
    `${paint.bold('bench patch')}  ${machine.cores} cores, load ${machine.load.toFixed(1)} before, node ${machine.node}`,
    '',
    paint.dim(row(`${attacks.given} attacks, ${sum(tools[0]?.harmless)} diffs`, 'blocked', 'missed', 'exact', 'corrupted', 'refused')),
    ...tools.map(({ tool, attacks: given, harmless }) => row(tool, ...[given.blocked, given.missed, harmless.exact, harmless.corrupted, harmless.refused].map(String))),
    ...attacks.missed.map((name) => paint.red(`  missed: ${name}`)),
    paint.dim('  missed: neither refused nor named, so that a list of file names cannot see it'),
    ...histories.flatMap(historyLines),
    ...fuzzLines(fuzz),
  ];
}

const sum = (numbers: Readonly<Record<string, number>> | undefined): number => Object.values(numbers ?? {}).reduce((total, each) => total + each, 0);

function historyLines({ repo, commits, forms, misses, throughput, cold }: HistoryReport): readonly string[] {
  return [
    '',
    paint.dim(row(`${shortened(repo)}, ${commits} commits`, 'given', 'exact')),
    ...forms.map(({ form, given, exact }) => row(form, String(given), String(exact))),
    ...misses.slice(0, SHOWN).map(({ form, tree, reason }) => paint.red(`  ${form} of ${tree.slice(0, 12)}: ${printable(reason).slice(0, 200)}`)),
    row(`batch of ${throughput.patches}`, seconds(throughput.seconds), `${throughput.ratio.toFixed(2)} ×`, 'git apply + write-tree'),
    row('', '', `${(throughput.seconds / throughput.gitWithReadTreeSeconds).toFixed(2)} ×`, 'the same with git read-tree'),
    row('one check, cold', seconds(cold.seconds), `${(cold.seconds / cold.nodeSeconds).toFixed(1)} ×`, 'a bare start of node'),
  ];
}

function fuzzLines(report: FuzzReport): readonly string[] {
  const refusals = Object.entries(report.refused).toSorted(([, a], [, b]) => b.count - a.count);
  return [
    '',
    `  ${report.mutations} mutated patches, seed ${report.seed}: ${report.accepted} accepted, ${report.agreedTrees} of them by git with the same tree; ${report.disagreements.length} disagreements`,
    ...report.disagreements.slice(0, SHOWN).map(({ mutation, ours, git }) => paint.red(`  number ${mutation}: ${ours} here, ${git ?? 'refused'} by git`)),
    paint.dim(row('refused', 'times', 'git asked', 'accepts')),
    ...refusals.map(([code, { count, asked, gitAccepts }]) => row(Object.hasOwn(DELIBERATE_REFUSALS, code) ? code : `${code} *`, ...[count, asked, gitAccepts].map(String))),
    paint.dim('  * git refuses this too. All others are refused on purpose: docs/patches.md'),
  ];
}

const shortened = (text: string): string => printable(text.split('/').filter((part) => part !== '' && part !== '.git').at(-1) ?? text).slice(0, 40);
const row = (label: string, ...cells: readonly string[]): string => `  ${label.padEnd(LABEL)}${cells.map((cell) => (/^[a-z].* /u.test(cell) ? `  ${cell}` : cell.padStart(CELL))).join('')}`.trimEnd();
const seconds = (number: number): string => `${number.toFixed(2)} s`;

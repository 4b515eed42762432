import { paint } from '../output.ts';
import { median } from './child.ts';
import type { UpBench, UpRun } from './up.ts';

const LABEL = 34;
const CELL = 12;

/** The table for people: medians with their spread, and each time as a multiple of the floor. */
export function upLines({ machine, runs, floor, bundle }: UpBench): readonly string[] {
  const sound = runs.filter(({ isSound }) => isSound).length;
  const starts = median(runs.map(({ nodeProcesses }) => nodeProcesses));
  const bare = starts * floor.nodeStartSeconds;
  const of = (pick: (run: UpRun) => number | null): readonly number[] => runs.flatMap((each) => pick(each) ?? []);
  return [
    `${paint.bold('bench up')}  ${runs.length} runs, ${sound} ended as they should · ${machine.cores} cores, ${gib(machine.memoryBytes)} memory, load ${machine.load.toFixed(1)} before, node ${machine.node}, ${machine.platform}`,
    '',
    paint.dim(row('', 'median', 'least', 'most', '× floor')),
    timeRow('to WAITING_USER_APPROVAL', of((each) => each.secondsToWaiting), bare),
    timeRow('to DONE', of((each) => each.secondsToDone), bare),
    timeRow('to the end (site, verification)', of((each) => each.secondsTotal), bare),
    timeRow('processor time of all processes', of((each) => each.cpuSeconds), bare),
    row('peak memory of the process tree', ...spread(of((each) => each.peakResidentBytes), mib)),
    row('processes at once', ...spread(of((each) => each.processesAtOnce), String)),
    row('API requests', ...spread(of((each) => each.requests), String)),
    '',
    row('floor: node starts seen, bare', seconds(bare), '', '', '1.0'),
    row('bundle to its first sentence', seconds(floor.bundleStartSeconds), '', '', ratio(floor.bundleStartSeconds, floor.nodeStartSeconds)),
    row('bundle load alone', seconds(bundle.loadSeconds)),
    row(`bundle size (${bundle.files} files)`, mib(bundle.bytes)),
    ...requestLines(runs),
    ...jobLines(runs),
    '',
    paint.dim(`  The floor is ${starts} bare starts of node, one for each node process seen in the tree (${seconds(floor.nodeStartSeconds)} each). Memory is`),
    paint.dim('  sampled every 100 ms, and shared pages count in each process. Jobs have whole seconds, and some run side by side.'),
  ];
}

function requestLines(runs: readonly UpRun[]): readonly string[] {
  const names = [...new Set(runs.flatMap(({ requestsByJob }) => Object.keys(requestsByJob)))];
  const rows = names.map((name) => ({ name, count: median(runs.map(({ requestsByJob }) => requestsByJob[name] ?? 0)) })).toSorted((a, b) => b.count - a.count);
  return ['', paint.dim(row('requests by job', 'median')), ...rows.map(({ name, count }) => row(name, String(count)))];
}

function jobLines(runs: readonly UpRun[]): readonly string[] {
  const names = [...new Set(runs.flatMap(({ jobs }) => jobs.map(({ job }) => job)))];
  const rows = names.map((name) => {
    const perRun = runs.map(({ jobs }) => jobs.filter(({ job }) => job === name));
    return row(name, seconds(median(perRun.map((own) => own.reduce((total, job) => total + job.seconds, 0)))), `${median(perRun.map((own) => own.length))}`);
  });
  return ['', paint.dim(row('seconds by job', 'median', 'times')), ...rows];
}

const timeRow = (label: string, numbers: readonly number[], floor: number): string => row(label, ...spread(numbers, seconds), numbers.length === 0 ? '' : ratio(median(numbers), floor));

function spread(numbers: readonly number[], show: (number: number) => string): readonly [string, string, string] {
  if (numbers.length === 0) return ['–', '–', '–'];
  return [show(median(numbers)), show(Math.min(...numbers)), show(Math.max(...numbers))];
}

const row = (label: string, ...cells: readonly string[]): string => `  ${label.padEnd(LABEL)}${cells.map((cell) => cell.padStart(CELL)).join('')}`.trimEnd();
const seconds = (number: number): string => `${number.toFixed(number < 1 ? 3 : 1)} s`;
const ratio = (number: number, floor: number): string => (floor > 0 ? (number / floor).toFixed(1) : '–');
const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
const gib = (bytes: number): string => `${(bytes / 1_073_741_824).toFixed(1)} GiB`;

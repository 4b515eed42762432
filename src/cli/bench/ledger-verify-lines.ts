import type { AtSize, Incremental, LedgerVerifyBench, Measured } from './ledger-verify.ts';

/** The measurement for people, at 80 columns. */
export function ledgerVerifyLines(report: LedgerVerifyBench): readonly string[] {
  const { machine, fsck, verify, incremental, incrementalEvents, memory, threads } = report;
  return [
    `verification of ${number(report.workflows)} workflows: ${number(report.events)} events, ${number(report.evidence)} evidence files, ${number(report.commits)} commits`,
    '',
    '                       seconds      CPU   memory  threads',
    `  git fsck --full     ${columns(fsck)}  ${threads.fsck}`,
    `  ledger verify       ${columns(verify)}  ${threads.verify}   ${report.ratio.toFixed(2)} times git fsck`,
    '',
    '  ledger verify --tip COMMIT --incremental',
    `  ${incrementLabel(incrementalEvents.events, 'new events')}${columns(incrementalEvents)}  ${reads(incrementalEvents)}`,
    `  ${incrementLabel(incremental.workflows, 'new workflows')}${columns(incremental)}  ${reads(incremental)}`,
    '',
    '  most memory at so many workflows, and its growth',
    row('workflows', memory.map(({ workflows }) => number(workflows)), ''),
    row('git fsck --full', memory.map(({ fsckBytes }) => megabytes(fsckBytes)), growth(memory, 'fsckBytes')),
    row('ledger verify', memory.map(({ verifyBytes }) => megabytes(verifyBytes)), growth(memory, 'verifyBytes')),
    '  of it, 12 bytes for each object and 40 for each commit grow with a ledger',
    '  (ledger verify starts more threads at 20,000 objects, of 40 to 60 MB each)',
    '',
    `  medians of ${report.runs}, in turns on one repository; ${machine.cores} cores, load ${machine.load.toFixed(1)} before, node ${machine.node}`,
    report.holds ? '  the ledger holds' : '  the ledger does not hold',
  ];
}

const number = (value: number): string => value.toLocaleString('en-US');
const megabytes = (bytes: number | null): string => (bytes === null ? '–' : `${Math.round(bytes / 1_048_576)} MB`);
const columns = ({ seconds, cpuSeconds, residentBytes }: Measured): string => `${seconds.toFixed(1).padStart(8)} ${(cpuSeconds?.toFixed(1) ?? '–').padStart(8)} ${megabytes(residentBytes).padStart(8)}`;
const incrementLabel = (count: number, what: string): string => `${number(count)} ${what}`.padEnd(20);
const reads = ({ objectsRead, objects }: Incremental): string => `${number(objectsRead)} of ${number(objects)} objects read`;
const row = (label: string, cells: readonly string[], last: string): string => `  ${label.padEnd(20)}${cells.map((cell) => cell.padStart(10)).join('')}${last.padStart(10)}`;

// Of the last step, tenfold.
function growth(memory: readonly AtSize[], member: 'fsckBytes' | 'verifyBytes'): string {
  const [before, last] = [memory.at(-2)?.[member] ?? null, memory.at(-1)?.[member] ?? null];
  return before === null || last === null ? '' : `×${(last / before).toFixed(2)}`;
}

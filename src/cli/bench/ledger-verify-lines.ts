import type { LedgerVerifyBench, Measured } from './ledger-verify.ts';

/** The measurement for people, at 80 columns. */
export function ledgerVerifyLines(report: LedgerVerifyBench): readonly string[] {
  const { machine, fsck, verify, incremental } = report;
  return [
    `verification of ${number(report.workflows)} workflows: ${number(report.events)} events, ${number(report.evidence)} evidence files, ${number(report.commits)} commits`,
    '',
    `                       seconds      CPU   memory`,
    `  git fsck --full     ${columns(fsck)}`,
    `  ledger verify       ${columns(verify)}   ${report.ratio.toFixed(2)} times git fsck`,
    `  --incremental       ${columns(incremental)}   ${incremental.ratioToWhole.toFixed(3)} of the whole, ${incremental.workflows} new workflows`,
    '',
    `  medians of ${report.runs}, in turns on one repository; ${machine.cores} cores, load ${machine.load.toFixed(1)} before, node ${machine.node}`,
    report.holds ? '  the ledger holds' : '  the ledger does not hold',
  ];
}

const number = (value: number): string => value.toLocaleString('en-US');
const columns = ({ seconds, cpuSeconds, residentBytes }: Measured): string =>
  `${seconds.toFixed(1).padStart(8)} ${(cpuSeconds?.toFixed(1) ?? '–').padStart(8)} ${(residentBytes === null ? '–' : `${Math.round(residentBytes / 1_048_576)} MB`).padStart(8)}`;

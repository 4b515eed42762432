import type { Command } from 'commander';

import { inputError } from '../../domain/errors.ts';
import { isOid } from '../../domain/ids.ts';
import { findPlace } from '../inspect/find-ledger.ts';
import { exportWorkflow } from '../ledger/export.ts';
import { count, reportLines } from '../ledger/report-lines.ts';
import { verifyPath } from '../ledger/verify.ts';
import { exitWith, note, printJson, printLine } from '../output.ts';
import { registerCanonical } from './ledger-canonical.ts';

export { verifyPlace } from '../ledger/verify.ts';

interface VerifyFlags {
  readonly ref?: string;
  readonly tip?: string;
  readonly incremental?: boolean;
  readonly targets?: readonly string[];
  readonly all?: boolean;
  readonly json?: boolean;
}

interface ExportFlags {
  readonly out?: string;
  readonly dir?: string;
  readonly ref?: string;
  readonly json?: boolean;
}

/** `countersign ledger verify | export | canonical | hash`. */
export function register(program: Command): void {
  const ledger = program.command('ledger').description('check the ledger, take evidence out of it, and write canonical JSON as it does');
  ledger
    .command('verify')
    .description('check every record of a ledger, offline, from its git objects alone; reads the whole branch')
    .argument('[DIR]', 'bare repository, checkout, directory of `countersign up`, git bundle, or evidence pack', '.')
    .option('--ref <REF>', 'the branch or commit to verify (default: the ledger branch)')
    .option('--tip <COMMIT>', 'a tip seen before: it must still be part of the history')
    .option('--incremental', 'take everything up to --tip as verified, and read only what came after it')
    .option('--targets <DIR...>', 'target repositories whose Countersign commits are compared with the ledger')
    .option('--all', 'print every problem in full, even where there are more than a hundred')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', VERIFY_HELP)
    .action(runVerify);
  ledger
    .command('export')
    .description('write one self-contained evidence pack of a workflow: it verifies offline, without git, and in a browser')
    .argument('<WORKFLOW>', 'its id; `countersign status` lists them')
    .option('--out <FILE>', 'where to write it (default: standard output)')
    .option('--dir <DIR>', 'bare repository, checkout or directory of `countersign up` (default: here, else the newest below .countersign/)')
    .option('--ref <REF>', 'the branch or commit up to which it proves (default: the ledger branch)')
    .option('--json', 'one JSON document on stdout that says what was written; needs --out')
    .addHelpText('after', EXPORT_HELP)
    .action(runExport);
  registerCanonical(ledger);
}

const VERIFY_HELP = `
Examples:
  countersign ledger verify                                     the ledger of this repository
  countersign ledger verify --tip 1f0c…                         and the branch still holds a commit seen before
  countersign ledger verify --tip 1f0c… --incremental           only what came after that commit
  countersign ledger verify ../control --targets ../api ../web  and the target repositories agree
  countersign ledger verify wf-20261122-k3v9q2.pack             an evidence pack

0: it holds. 1: it does not; every problem is listed with its place (of more than a hundred, the first ten of each code
and how many there are: --all and --json list every one). 2: this is no ledger that can be read.
`;
const EXPORT_HELP = `
Examples:
  countersign ledger export wf-20261122-k3v9q2 --out wf-20261122-k3v9q2.pack
  countersign ledger export wf-20261122-k3v9q2 --dir .countersign/up-1 | sha256sum

It reads the commits of the branch, and the records of this workflow alone. The same records up to the same tip give the
same bytes on any machine. 1: the records do not hold, and nothing is written.
`;

async function runVerify(path: string, flags: VerifyFlags): Promise<void> {
  const { tip, targets, incremental } = flags;
  if (tip !== undefined && !isOid(tip)) throw inputError('bad-tip', '--tip needs a full commit id (40 lower-case hex digits).');
  if (incremental === true && tip === undefined) throw inputError('bad-usage', '--incremental needs --tip COMMIT: the commit up to which you verified the ledger before.');
  const report = await verifyPath(path, flags.ref ?? null, { ...(tip === undefined ? {} : { tip }), ...(targets ? { targets } : {}), incremental: incremental === true });
  if (flags.json === true) printJson(report);
  else for (const line of reportLines(report, flags.all === true)) printLine(line);
  exitWith(report.ok ? 0 : 1);
}

async function runExport(workflow: string, { out, dir, ref, json }: ExportFlags): Promise<void> {
  if (json === true && out === undefined) throw inputError('bad-usage', '--json needs --out FILE: without it the pack itself goes to standard output.');
  const place = await findPlace(dir, ref ?? null);
  const { report, bytes, sha256 } = await exportWorkflow(place, workflow, out ?? null);
  if (!report.ok) {
    for (const line of reportLines(report)) note(line);
    note(`Nothing was exported: the records of ${workflow} do not hold.`);
    if (json === true) printJson({ ...report, workflow, out: null });
    return exitWith(1);
  }
  if (out === undefined) return;
  if (json === true) return printJson({ ...report, workflow, out, bytes, sha256 });
  printLine(`${workflow}: ${count(report.events, 'event')}, ${count(report.evidence, 'evidence file')}, ${count(report.commits, 'commit')} up to ${report.tip}`);
  printLine(`  ${out}  ${bytes.toLocaleString('en-US')} bytes  sha256:${sha256}`);
  printLine(`  check it anywhere: countersign ledger verify ${out}`);
}

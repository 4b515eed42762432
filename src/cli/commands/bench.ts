import type { Command } from 'commander';
import { inputError } from '../../domain/errors.ts';
import { exitWith, note, printJson, printLine } from '../output.ts';
import { printable } from '../printable.ts';

interface Flags {
  readonly runs: string;
  readonly workflows?: string;
  readonly json?: boolean;
}

/** What a benchmark found: the document for `--json`, the lines for people, and whether what it checks holds. */
export interface BenchReport {
  readonly report: object;
  readonly lines: readonly string[];
  readonly holds: boolean;
}

const RUNS_MAX = 50;

// Each is loaded only when it is asked for.
const BENCHES: Readonly<Record<string, (flags: Flags) => Promise<BenchReport>>> = {
  up: async (flags) => {
    const runs = runsOf(flags);
    const [{ benchUp }, { upLines }] = await Promise.all([import('../bench/up.ts'), import('../bench/up-lines.ts')]);
    const report = await benchUp(runs, note);
    return { report, lines: upLines(report), holds: true };
  },
  canonical: async () => {
    const [{ benchCanonical }, { canonicalLines }] = await Promise.all([import('../bench/canonical.ts'), import('../bench/canonical-lines.ts')]);
    const report = benchCanonical(note);
    return { report, lines: canonicalLines(report), holds: report.numbers.holds };
  },
  'ledger-verify': async (flags) => {
    const [{ benchLedgerVerify }, { ledgerVerifyLines }] = await Promise.all([import('../bench/ledger-verify.ts'), import('../bench/ledger-verify-lines.ts')]);
    const report = await benchLedgerVerify({ workflows: workflowsOf(flags), runs: runsOf(flags) }, note);
    return { report, lines: ledgerVerifyLines(report), holds: report.holds };
  },
};

const HELP = `
Names:
  up         an issue from start to DONE on the local GitHub, beside bare starts of node
  ledger-verify  ledger verify beside git fsck --full of the same ledger, and incremental
  canonical  a million numbers against the published checksum of RFC 8785; reading and writing records

Examples:
  countersign bench
  countersign bench up --runs 5 --json
  countersign bench canonical
  countersign bench ledger-verify --workflows 1000 --runs 1
`;

/** `countersign bench [NAME]`. */
export function register(program: Command): void {
  program
    .command('bench')
    .description('The benchmarks, each beside its peer or limit measured in the same run, as ratios.')
    .argument('[NAME]', `one of: ${Object.keys(BENCHES).join(', ')}`, 'up')
    .option('--runs <n>', 'how often it is measured', '3')
    .option('--workflows <n>', 'how many workflows the ledger of ledger-verify has', '10000')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(name: string, flags: Flags): Promise<void> {
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench === undefined) throw inputError('unknown-bench', `There is no benchmark "${printable(name).slice(0, 60)}". There are: ${Object.keys(BENCHES).join(', ')}.`);
  const { report, lines, holds } = await bench(flags);
  if (flags.json === true) printJson(report);
  else for (const line of lines) printLine(line);
  exitWith(holds ? 0 : 1);
}

function runsOf(flags: Flags): number {
  const runs = /^[1-9]\d?$/.test(flags.runs) ? Number(flags.runs) : 0;
  if (runs < 1 || runs > RUNS_MAX) throw inputError('bad-runs', `--runs needs a number from 1 to ${RUNS_MAX}, got "${printable(flags.runs).slice(0, 60)}".`);
  return runs;
}

function workflowsOf({ workflows = '10000' }: Flags): number {
  const count = /^[1-9]\d{0,5}$/.test(workflows) ? Number(workflows) : 0;
  if (count < 1) throw inputError('bad-workflows', `--workflows needs a number from 1 to 999999, got "${printable(workflows).slice(0, 60)}".`);
  return count;
}

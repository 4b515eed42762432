import type { Command } from 'commander';
import { inputError } from '../../domain/errors.ts';
import { note, printJson, printLine } from '../output.ts';
import { benchUp } from '../bench/up.ts';
import { upLines } from '../bench/up-lines.ts';
import { printable } from '../printable.ts';

interface Flags {
  readonly runs: string;
  readonly json?: boolean;
}

const RUNS_MAX = 50;

/** `countersign bench [NAME]`. */
export function register(program: Command): void {
  program
    .command('bench')
    .description('The benchmarks, each beside its limit measured in the same run, as ratios.')
    .argument('[NAME]', 'up: an issue from start to DONE on the local GitHub', 'up')
    .option('--runs <n>', 'how often each is measured', '3')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExamples:\n  countersign bench\n  countersign bench up --runs 5 --json\n')
    .action(run);
}

async function run(name: string, flags: Flags): Promise<void> {
  if (name !== 'up') throw inputError('unknown-bench', `There is no benchmark "${printable(name).slice(0, 60)}". There is: up.`);
  const runs = /^[1-9]\d?$/.test(flags.runs) ? Number(flags.runs) : 0;
  if (runs < 1 || runs > RUNS_MAX) throw inputError('bad-runs', `--runs needs a number from 1 to ${RUNS_MAX}, got "${printable(flags.runs).slice(0, 60)}".`);
  const report = await benchUp(runs, note);
  if (flags.json === true) printJson(report);
  else for (const line of upLines(report)) printLine(line);
}

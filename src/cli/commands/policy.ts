import type { Command } from 'commander';
import { exitWith, paint, printJson, printLine } from '../output.ts';

interface SimulateFlags {
  readonly ledger?: string;
  readonly dir?: string;
  readonly config: string;
  readonly targets?: readonly string[];
  readonly exitCode?: boolean;
  readonly json?: boolean;
}

interface TestFlags {
  readonly config?: string;
  readonly json?: boolean;
}

const WIDTH_WITHOUT_TERMINAL = 100;
const WIDTH_MAX = 140;
const style = () => ({ width: Math.min(process.stdout.columns ?? WIDTH_WITHOUT_TERMINAL, WIDTH_MAX), ...paint });
const today = (): string => new Date().toISOString().slice(0, 10);

/** `countersign policy simulate | test`. */
export function register(program: Command): void {
  const policy = program.command('policy').description('what a policy would do: over the past, and over cases of your own');
  policy
    .command('simulate')
    .description("judge a ledger's past PatchSets under another config, and say which verdicts would flip, and why")
    .option('--ledger <dir>', 'bare repository, checkout or directory of `countersign up` (default: here, else the newest below .countersign/)')
    .option('--dir <dir>', 'the same as --ledger')
    .requiredOption('--config <file>', 'the countersign.yml to try')
    .option('--targets <dir...>', "repositories that hold the base commits (an `up` directory's own are found)")
    .option('--exit-code', 'end with 1 when a verdict would flip')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', SIMULATE_HELP)
    .action(simulate);
  policy
    .command('test')
    .description('judge a table of cases that you keep beside your config')
    .argument('<FILE>', 'YAML: cases with base, change and what is expected (docs/policy-cases.md)')
    .option('--config <file>', 'the config to test (default: the one that FILE names, else countersign.yml beside it)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', TEST_HELP)
    .action(test);
}

const SIMULATE_HELP = `
Each PatchSet is judged on the day it was proposed: rebuilt from its pinned base where that is at hand, else by what the
ledger's diff shows, and the report says so. Nothing is written.

Examples:
  countersign policy simulate --ledger .countersign/up-1 --config stricter.yml
  countersign policy simulate --ledger ../control --targets ../api ../web --config new.yml --exit-code

Exit codes: 0 judged, 1 with --exit-code when a verdict would flip, 2 the input is wrong.
`;

const TEST_HELP = `
Examples:
  countersign policy test policy-cases.yml
  countersign policy test policy-cases.yml --config stricter.yml --json

Exit codes: 0 every case holds, 1 one does not, 2 the file or the config cannot be read.
`;

async function simulate(flags: SimulateFlags): Promise<void> {
  const { findLedger } = await import('../inspect/find-ledger.ts');
  const { replayPorts } = await import('../inspect/replay-ports.ts');
  const { readConfigFile } = await import('../patch/check-request.ts');
  const { simulatePolicy } = await import('../../orchestrator/simulate/simulate.ts');
  const { simulationLines } = await import('../policy/lines.ts');
  const config = await readConfigFile(flags.config);
  const ledger = await findLedger(flags.ledger ?? flags.dir);
  const simulation = await simulatePolicy(replayPorts(ledger, flags.targets ?? []), ledger.workflows, config);
  const flips = simulation.patchSets.filter(({ comparison }) => comparison.flips).length;
  if (flags.json === true) printJson({ ok: flips === 0, flips, ...simulation });
  else for (const line of simulationLines(simulation, style())) printLine(line);
  exitWith(flags.exitCode === true && flips > 0 ? 1 : 0);
}

async function test(file: string, flags: TestFlags): Promise<void> {
  const { testCases } = await import('../policy/test-cases.ts');
  const { caseLines } = await import('../policy/lines.ts');
  const outcomes = await testCases(file, { today: today(), ...(flags.config === undefined ? {} : { config: flags.config }) });
  const failed = outcomes.filter(({ ok }) => !ok).length;
  if (flags.json === true) printJson({ ok: failed === 0, cases: outcomes.length, failed, outcomes });
  else for (const line of caseLines(outcomes, style())) printLine(line);
  exitWith(failed === 0 ? 0 : 1);
}

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { inputError } from '../../domain/errors.ts';
import { OWN_SET, readSet } from '../eval/eval-case.ts';
import { createReport, holds, type EvalResult } from '../eval/eval-result.ts';
import { htmlPage, tableLines } from '../eval/report.ts';
import { runCase } from '../eval/run-case.ts';
import { exitWith, note, printJson, printLine, type ExitCode } from '../output.ts';
import { systemReason } from '../system-reason.ts';

interface Flags {
  readonly set?: string;
  readonly model?: string;
  readonly case?: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

/** `countersign eval`: issues with known good commits, through the whole product. */
export function register(program: Command): void {
  program
    .command('eval')
    .description('Takes issues with known good changes through the whole product and measures what comes out.')
    .option('--set <dir>', 'a folder of cases (default: the small set that ships with Countersign)')
    .option('--model <provider/name>', 'the model; without it the recipe runner, whose issues carry the known change')
    .option('--case <name>', 'only this case (repeatable)', (name: string, names: readonly string[] | undefined) => [...(names ?? []), name])
    .option('--out <file>', 'where the HTML page goes', 'countersign-eval.html')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(run);
}

const HELP = `
Examples:
  countersign eval
  countersign eval --model anthropic/claude-sonnet-5-5 --case py-slug
  countersign eval --set ../issues --model ollama/qwen3-coder --out report.html --json

Each case runs on a local GitHub of its own; its CI is run on this machine. docs/evaluation.md shows how to write one.

Exit codes: 0 every case that was run came to DONE and passes its checks; 1 one did not; 2 the set is wrong; 3 no case
could be run to an end. Cases whose program is not on this machine are skipped and do not count.
`;

async function run({ set = OWN_SET, model, case: only = [], out = 'countersign-eval.html', json }: Flags): Promise<void> {
  const cases = await readSet(set, only);
  const results: EvalResult[] = [];
  for (const [index, each] of cases.entries()) {
    note(`${index + 1} of ${cases.length}  ${each.name}`);
    results.push(await runCase(each, model ?? null));
  }
  const report = createReport(set === OWN_SET ? 'own' : set, model ?? 'recipe', results);
  await writeFile(out, htmlPage(report)).catch((error: unknown) => Promise.reject(inputError('bad-out', `${out} cannot be written: ${systemReason(error)}. Name another file with --out.`, error)));
  if (json === true) printJson(report);
  else for (const line of [...tableLines(report), '', `  page: ${resolve(out)}`]) printLine(line);
  exitWith(exitCodeOf(results));
}

/** 1 when a case that was run does not hold, 3 when none could be run to an end. */
function exitCodeOf(results: readonly EvalResult[]): ExitCode {
  const run = results.filter(({ skipped }) => skipped === null);
  if (run.length > 0 && run.every(({ failed }) => failed !== null)) return 3;
  return run.every(holds) ? 0 : 1;
}

import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { inputError } from '../../domain/errors.ts';
import { OWN_SET, readSet } from '../eval/eval-case.ts';
import { createReport, exitCodeOf, type EvalReport } from '../eval/eval-result.ts';
import { runCases } from '../eval/run-cases.ts';
import { htmlPage, tableLines } from '../eval/report.ts';
import { openUnfinished } from '../eval/unfinished.ts';
import { exitWith, note, printJson, printLine } from '../output.ts';
import { systemReason } from '../system-reason.ts';
import { readSettings } from '../up/local-config.ts';
import { planModel } from '../up/model-plan.ts';

interface Flags {
  readonly set?: string;
  readonly model?: string;
  readonly case?: readonly string[];
  readonly out?: string;
  readonly config?: string;
  readonly goOn?: boolean;
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
    .option('--config <file>', 'a countersign.yml whose limits, policy and settings of models hold for every case')
    .option('--go-on', 'goes on with an evaluation that was interrupted: what was measured is not measured again')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(run);
}

const HELP = `
Examples:
  countersign eval
  countersign eval --model anthropic/claude-sonnet-5-5 --case py-slug
  countersign eval --set ../issues --model ollama/qwen3-coder --config caps.yml --out report.html --json

Each case runs on a local GitHub of its own; its CI is run on this machine. docs/evaluation.md shows how to write one.
The page is written after each case. Ctrl-C ends with what there is; the same command with --go-on goes on.

A case whose checks pass without the known change, or fail with it, is a bad case: no model is asked and it is not counted.

Exit codes: 0 every case that was run came to DONE and passes its checks; 1 one did not, or is a bad case; 2 all are bad
cases, another input is wrong, or it was interrupted; 3 no case could be run to an end. Cases whose program is not on this
machine are skipped.
`;

async function run({ set = OWN_SET, model, case: only = [], out = 'countersign-eval.html', config, goOn = false, json }: Flags): Promise<void> {
  const cases = await readSet(set, only);
  const settings = config === undefined ? {} : await readSettings(config);
  await planModel({ model: model ?? null, record: null, replay: null, settings }, note);
  await requireWritable(out);
  const unfinished = await openUnfinished(out, model ?? 'recipe', goOn);
  const report = (results: EvalReport['results']): EvalReport => createReport({ set: set === OWN_SET ? 'own' : set, model: model ?? 'recipe', planned: cases.length }, results);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  for (const signal of SIGNALS) process.on(signal, interrupt);
  const results = await runCases(cases, {
    setup: { model: model ?? null, settings, stop: stop.signal },
    unfinished,
    onResult: async (soFar) => writeFile(out, htmlPage(report(soFar))),
  }).finally(() => SIGNALS.forEach((signal) => process.off(signal, interrupt)));
  if (json === true) printJson(report(results));
  else for (const line of [...tableLines(report(results)), '', `  page: ${resolve(out)}`]) printLine(line);
  const again = results.length < cases.length ? `Interrupted after ${results.length} of ${cases.length} cases.` : results.some(({ failed }) => failed !== null) ? 'Some cases could not be run to an end.' : null;
  if (again === null) await unfinished.close();
  else note(`${again} Go on with the same command and --go-on: what was measured is not measured again.`);
  exitWith(results.length < cases.length ? 2 : exitCodeOf(results));
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Before anything is paid for: the page can be written where it should go. */
async function requireWritable(out: string): Promise<void> {
  const found = await stat(out).catch(() => null);
  const refuse = (why: string): never => {
    throw inputError('bad-out', `${out} cannot be written: ${why}. Name another file with --out.`);
  };
  if (found !== null && !found.isFile()) refuse('it is not a file');
  await access(found === null ? dirname(resolve(out)) : out, constants.W_OK).catch((error: unknown) => refuse(systemReason(error)));
}

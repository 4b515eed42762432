import { enableCompileCache } from 'node:module';
import { Command, CommanderError } from 'commander';
import { inputError } from '../domain/errors.ts';
import { makeCacheFolder } from './cache-folder.ts';
import { exitWith, printError, reportError, reportUsage } from './output.ts';
import { printable } from './printable.ts';
import { usageOf } from './usage.ts';

type Register = (program: Command) => void;

// Each command's code is loaded only when it is asked for: a cold `patch check` must not pay for `up`.
const COMMANDS: Readonly<Record<string, () => Promise<readonly Register[]>>> = {
  up: async () => [(await import('./commands/up.ts')).register],
  patch: async () => [(await import('./commands/patch-check.ts')).register, (await import('./commands/patch-diff.ts')).register],
  ledger: async () => [(await import('./commands/ledger.ts')).register],
  status: async () => [(await import('./commands/status.ts')).register],
  show: async () => [(await import('./commands/show.ts')).register],
  propose: async () => [(await import('./commands/propose.ts')).register],
  replay: async () => [(await import('./commands/replay.ts')).register],
  eval: async () => [(await import('./commands/eval.ts')).register],
  policy: async () => [(await import('./commands/policy.ts')).register],
  bench: async () => [(await import('./commands/bench.ts')).register],
  context: async () => [(await import('./commands/context.ts')).register],
};

const HELP = `
Examples:
  countersign up --approve octocat                    the sample issue, from INGESTED to DONE
  countersign up --repo ../api --issue issue.md       the same for a repository of yours (it is never written to)
  countersign status                                  whose turn it is
  countersign ledger verify DIR                       check every record, offline
  countersign patch check --repo . --base HEAD --patch change.diff
  countersign context --repo . --query issue.md       what a repository holds, and which files an issue is about

Exit codes: 0 it holds, 1 it does not hold, 2 the input is wrong, 3 an outside system failed. --debug shows stack traces.
`;

// A reader that has seen enough (`| head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// What is loaded from here on is compiled once, not at every start.
const compiled = makeCacheFolder('compile');
if (compiled !== null) enableCompileCache(compiled);

const debug = process.argv.includes('--debug');
try {
  const program = await createProgram(process.argv[2]);
  await program.parseAsync(process.argv.filter((argument) => argument !== '--debug'));
} catch (error) {
  // Scripts that asked for JSON get one document whatever happens; people's sentence goes to stderr all the same.
  if (process.argv.includes('--json') && !(error instanceof CommanderError && error.exitCode === 0)) printError(error);
  // Commander has already printed its own sentence about wrong usage.
  if (error instanceof CommanderError) exitWith(error.exitCode === 0 ? 0 : 2);
  else exitWith(reportError(error, debug));
}

async function createProgram(name: string | undefined): Promise<Command> {
  const program = new Command('countersign')
    .description('Turns issues into safe, auditable code changes that a human countersigns.')
    .addHelpText('after', HELP);
  const loaders = name !== undefined && Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  for (const load of loaders) for (const register of (await load?.()) ?? []) register(program);
  speakPlainly(program);
  requireKnownCommand(program, process.argv.slice(2));
  return program;
}

/** Wrong usage ends in one sentence of ours and exit code 2, at every depth. */
function speakPlainly(command: Command): void {
  command.exitOverride().configureOutput({ outputError: (text) => reportUsage(usageOf(text, nameOf(command))) });
  for (const child of command.commands) speakPlainly(child);
}

// Commander answers `--help` behind a word that is no command with the help of what is above it, and success.
function requireKnownCommand(command: Command, words: readonly string[]): void {
  const [word, ...rest] = words;
  if (word === undefined || word.startsWith('-') || word === 'help' || command.commands.length === 0) return;
  const child = command.commands.find((each) => each.name() === word);
  if (child === undefined) throw inputError('usage', `"${printable(word).slice(0, 100)}" is no command of ${nameOf(command)}. Its commands: ${command.commands.map((each) => each.name()).join(', ')}.`);
  requireKnownCommand(child, rest);
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

import { Command, CommanderError } from 'commander';

import { exitWith, reportError } from '../output.ts';
import { register } from './ledger.ts';

// The ledger command alone, with the exit codes of the whole: its tests do not depend on the other commands.
const program = new Command('countersign').exitOverride();
register(program);
override(program);
try {
  await program.parseAsync(process.argv);
} catch (error) {
  exitWith(error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : reportError(error, false));
}

function override(command: Command): void {
  for (const child of command.commands) override(child.exitOverride());
}

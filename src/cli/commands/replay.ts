import type { Command } from 'commander';
import { replayWorkflow } from '../../orchestrator/replay/replay.ts';
import { exitWith, printJson, printLine, terminalWidth } from '../output.ts';
import { findLedger, requireListed } from '../inspect/find-ledger.ts';
import { replayLines } from '../inspect/replay-lines.ts';
import { replayPorts } from '../inspect/replay-ports.ts';

interface Flags {
  readonly dir?: string;
  readonly ledger?: string;
  readonly targets?: readonly string[];
  readonly json?: boolean;
}

/** `countersign replay WORKFLOW`. */
export function register(program: Command): void {
  program
    .command('replay')
    .description('Folds a workflow again and rebuilds contexts, prompts, documents, result trees and approval digests from pinned inputs.')
    .argument('<WORKFLOW>', 'its id; `countersign status` lists them')
    .option('--dir <dir>', 'bare repository, checkout or directory of `countersign up` (default: here, else the newest below .countersign/)')
    .option('--ledger <dir>', 'the same as --dir')
    .option('--targets <dir...>', "repositories that hold the pinned base commits (an `up` directory's own are found)")
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(run);
}

const HELP = `
Nothing is written, no model is asked, and no network is used: recorded answers stand in for a model. An item is the same,
different (with where it differs first, if its record is kept), or not rebuildable with the reason (an input that is not at
hand, a prompt template or a grammar that changed).

Examples:
  countersign replay wf-20261122-k3v9q2
  countersign replay wf-20261122-k3v9q2 --dir .countersign/up-1 --json
  countersign replay wf-20261122-k3v9q2 --ledger ../control --targets ../api ../web

Exit codes: 0 all that can be rebuilt is the same, 1 something is different, 2 the input is wrong.
`;

async function run(id: string, { dir, ledger, targets, json }: Flags): Promise<void> {
  const found = await findLedger(dir ?? ledger);
  const report = await replayWorkflow(replayPorts(found, targets ?? []), requireListed(found, id));
  if (json === true) printJson(report);
  else for (const line of replayLines(report, terminalWidth())) printLine(line);
  exitWith(report.ok ? 0 : 1);
}

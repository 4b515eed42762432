import type { Command } from 'commander';
import { inputError } from '../../domain/errors.ts';
import { printJson, printLine, terminalWidth } from '../output.ts';
import { findLedger, requireInLedger, type FoundLedger } from '../inspect/find-ledger.ts';
import { listLines, statusLines } from '../inspect/status-lines.ts';
import { summaryOf, type WorkflowSummary } from '../inspect/summary.ts';

interface Flags {
  readonly dir?: string;
  readonly json?: boolean;
}

/** `countersign status [WORKFLOW]`. */
export function register(program: Command): void {
  program
    .command('status')
    .description('Whose turn it is: state, gates, approvals, pull requests and cost, from the ledger alone.')
    .argument('[WORKFLOW]', 'one workflow; without it, all of them by whose turn it is')
    .option('--dir <dir>', 'bare repository, checkout or directory of `countersign up` (default: here, else the newest below .countersign/)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(run);
}

const HELP = `
Examples:
  countersign status
  countersign status wf-20261122-k3v9q2
  countersign status --dir ../control --json
`;

async function run(id: string | undefined, { dir, json }: Flags): Promise<void> {
  const ledger = await findLedger(dir);
  if (id === undefined) return all(ledger, json === true);
  const { workflow: found, events } = await requireInLedger(ledger, id);
  const summary = summaryOf(found, events);
  if (json === true) printJson(summary);
  else for (const line of statusLines(summary, terminalWidth())) printLine(line);
}

async function all(ledger: FoundLedger, json: boolean): Promise<void> {
  if (ledger.workflows.length === 0) throw inputError('no-workflows', `The ledger of ${ledger.directory} holds no workflow yet. Start one from an issue: countersign start --issue URL`);
  const summaries: WorkflowSummary[] = [];
  for (const each of ledger.workflows) {
    const { workflow, events } = await requireInLedger(ledger, each);
    summaries.push(summaryOf(workflow, events));
  }
  if (json) printJson({ workflows: summaries });
  else for (const line of listLines(summaries)) printLine(line);
}

import type { Command } from 'commander';
import { printJson, printLine, terminalWidth } from '../output.ts';
import { findLedger, requireInLedger } from '../inspect/find-ledger.ts';
import { storyLines, tell } from '../inspect/show-lines.ts';
import { statusLines } from '../inspect/status-lines.ts';
import { summaryOf } from '../inspect/summary.ts';

interface Flags {
  readonly dir?: string;
  readonly json?: boolean;
}

/** `countersign show WORKFLOW`. */
export function register(program: Command): void {
  program
    .command('show')
    .description('The whole story of a workflow: every record as one sentence, with its evidence, violations and links.')
    .argument('<WORKFLOW>', 'its id; `countersign status` lists them')
    .option('--dir <dir>', 'bare repository, checkout or directory of `countersign up` (default: here, else the newest below .countersign/)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(run);
}

const HELP = `
Examples:
  countersign show wf-20261122-k3v9q2
  countersign show wf-20261122-k3v9q2 --dir .countersign/up-1 --json
`;

async function run(id: string, { dir, json }: Flags): Promise<void> {
  const ledger = await findLedger(dir);
  const { workflow, events, tip } = await requireInLedger(ledger, id);
  const told = await tell(ledger.store, workflow, events);
  const summary = summaryOf(workflow, events);
  if (json === true) return printJson({ ...summary, ledger: { tip }, events: told });
  const width = terminalWidth();
  for (const line of [...statusLines(summary, width), ...storyLines(told, width)]) printLine(line);
  printLine(`\n  ledger at ${tip.slice(0, 7)}; --json has every hash in full`);
  printLine(`  check every record: countersign ledger verify ${ledger.directory}`);
  printLine(`  make it all again:  countersign replay ${workflow.id} --dir ${ledger.directory}`);
}

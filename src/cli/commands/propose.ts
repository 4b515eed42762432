import type { Command } from 'commander';
import { isTerminal } from '../output.ts';
import { findLedger } from '../inspect/find-ledger.ts';
import { parseUpFlags } from '../up/options.ts';
import { readPlaceOf } from '../up/place.ts';
import { runSession } from '../up/run-session.ts';
import { readProposalFile, requireTaken } from '../up/proposal-file.ts';

interface Flags {
  readonly from: string;
  readonly repo?: string;
  readonly workflow?: string;
  readonly dir?: string;
  readonly approve?: string;
  readonly comment?: boolean;
  readonly json?: boolean;
}

/** `countersign propose`: another agent's or a person's change, through the same gates. */
export function register(program: Command): void {
  program
    .command('propose')
    .description("Puts a change that another agent or a person made at the pinned base through the same gates.")
    .requiredOption('--from <file>', 'a unified diff as `git diff` prints it, or search/replace blocks; - reads standard input')
    .option('--repo <owner/name>', 'the repository that the change is for (default: the primary one)')
    .option('--workflow <id>', 'the workflow that asks for it (default: the only one that does)')
    .option('--dir <dir>', 'directory of `countersign up` (default: the newest below .countersign/)')
    .option('--approve <login>', 'then plays that reviewer, as `countersign up --approve` does')
    .option('--comment', 'prints the comment for the tracking issue on GitHub, and does nothing else')
    .option('--json', 'prints one JSON document, and nothing else, on stdout')
    .addHelpText('after', HELP)
    .action(run);
}

const HELP = `
Examples:
  countersign propose --from change.diff
  git diff | countersign propose --from - --repo local/web --approve octocat
  countersign propose --from change.diff --comment | gh issue comment 7 --body-file -

A workflow takes a proposal while it asks for a change: when the issue carries none, or when Gate 3 refused the last one.
docs/bring-your-own-agent.md shows how to put an agent behind these gates.
`;

async function run(flags: Flags): Promise<void> {
  const blocks = await readProposalFile(flags.from, flags.repo ?? null);
  if (flags.comment === true) {
    process.stdout.write(`/propose\n\n${blocks}`);
    return;
  }
  const ledger = await findLedger(flags.dir);
  const dir = await readPlaceOf(ledger.directory);
  await requireTaken(ledger, { dir, blocks, workflow: flags.workflow ?? null });
  const { approve, json } = flags;
  await runSession(parseUpFlags({ dir, ...(approve === undefined ? {} : { approve }), ...(json === undefined ? {} : { json }) }, isTerminal()), (session) => session.propose(blocks));
}

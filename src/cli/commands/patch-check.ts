import type { Command } from 'commander';
import { Option } from 'commander';
import { inputError } from '../../domain/errors.ts';
import type { CheckFlags } from '../patch/run-check.ts';

const HELP = `
Examples:
  git diff --binary --full-index HEAD~1 HEAD | countersign patch check --repo . --base HEAD~1 --patch -
  git format-patch -1 --stdout | countersign patch check --repo . --base HEAD~1 --patch -
  countersign patch check --repo ../api --base main --patch change.md --format edits --scope 'src/**' --json
  countersign patch check --repo . --base main --patch change.diff --config countersign.yml --sarif findings.sarif
  countersign patch check --batch patches.jsonl
  my-agent | countersign patch check --batch - --repo . --base main     (each line is answered as it comes)

Exit codes: 0 it applies and nothing blocks, 1 a rule blocks it, 2 it is malformed or does not apply exactly
(error.code says which), 3 git failed. What is taken and what is not: docs/patches.md and docs/edit-blocks.md.
`;

/** `countersign patch check`: does a patch apply exactly at a commit, and does the policy allow it? */
export function register(program: Command): void {
  patchCommand(program)
    .command('check')
    .description('check a patch against a commit: does it apply exactly, and does the policy allow it? Never changes the repository')
    .option('--repo <gitdir>', 'the git repository to read')
    .option('--base <commit>', 'the commit the patch was made for')
    .option('--patch <file>', 'the patch: a diff as git prints it, or a mail of git format-patch; - reads standard input')
    .addOption(new Option('--format <format>', 'what the patch is').choices(['diff', 'edits']).default('diff'))
    .option('--config <file>', 'a countersign.yml whose policy counts (default: every rule at its default)')
    .option('--scope <glob>', 'a path that may change; may be given several times', (glob: string, before: string[]) => [...before, glob], [])
    .option('--batch <file>', 'check many: one JSON {"repo", "base", "patch", "config"} a line; - reads standard input')
    .option('--sarif <file>', 'also write what the policy found as SARIF 2.1.0, for code scanning')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async (flags: CheckFlags) => {
      const { runBatch, runCheck } = await import('../patch/run-check.ts');
      if (flags.batch !== undefined) {
        if (flags.patch !== undefined) throw inputError('bad-usage', 'Give either --patch or --batch, not both.');
        if (flags.sarif !== undefined) throw inputError('bad-usage', '--sarif is for one patch; a batch answers in JSON lines.');
        await runBatch(flags, flags.batch);
      } else await runCheck(flags);
    });
}

/** The `patch` group, shared by its commands. */
export const patchCommand = (program: Command): Command =>
  program.commands.find((command) => command.name() === 'patch') ?? program.command('patch').description('check and show patches, offline');

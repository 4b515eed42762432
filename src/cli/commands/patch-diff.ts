import type { Command } from 'commander';
import { patchCommand } from './patch-check.ts';

/** `countersign patch diff`: the canonical diff of two commits or trees, on standard output, byte for byte. */
export function register(program: Command): void {
  patchCommand(program)
    .command('diff')
    .description('print the canonical diff of two commits or trees')
    .requiredOption('--repo <gitdir>', 'the git repository to read')
    .option('--json', 'print one JSON document, the diff in base64')
    .addHelpText('after', '\nExamples:\n  countersign patch diff --repo . HEAD~1 HEAD\n\nByte for byte what git diff-tree -p --binary --full-index -M prints where nothing is\nconfigured and no attributes count (docs/patches.md).\n')
    .argument('<base>', 'commit or tree')
    .argument('<result>', 'commit or tree')
    .action(async (base: string, result: string, flags: { repo: string; json?: true }) => {
      const { runDiff } = await import('../patch/run-diff.ts');
      await runDiff({ ...flags, base, result });
    });
}

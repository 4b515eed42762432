import type { Command } from 'commander';
import { patchCommand } from './patch-check.ts';

/** `countersign patch diff`: the canonical diff of two commits or trees, on standard output, byte for byte. */
export function register(program: Command): void {
  patchCommand(program)
    .command('diff')
    .description('print the canonical diff of two commits or trees')
    .requiredOption('--repo <gitdir>', 'the git repository to read')
    .option('--json', 'print one JSON document, the diff in base64')
    .argument('<base>', 'commit or tree')
    .argument('<result>', 'commit or tree')
    .action(async (base: string, result: string, flags: { repo: string; json?: true }) => {
      const { runDiff } = await import('../patch/run-diff.ts');
      await runDiff({ ...flags, base, result });
    });
}

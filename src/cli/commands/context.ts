import type { Command } from 'commander';

/** What the command line says, as it stands. */
export interface ContextFlags {
  readonly repo: readonly string[];
  /** None, or one for each repository, in their order. */
  readonly ref?: readonly string[];
  readonly query?: string;
  readonly top: string;
  readonly budget: string;
  readonly cache: string | boolean;
  readonly json?: true;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** `countersign context`: what is known of a repository at a commit, and which files an issue is about. */
export function register(program: Command): void {
  program
    .command('context')
    .description('read a repository at a commit, without running anything of it, and rank its files for an issue')
    .requiredOption('--repo <gitdir>', 'the git repository to read: a work tree, a .git directory or a bare repository; several: what one provides and another uses is shown too', collect)
    .option('--ref <ref>', 'the commit: a branch, a tag, an id; HEAD without it; with several repositories one for each, in their order', collect)
    .option('--query <file>', "the issue's text; - reads standard input")
    .option('--top <n>', 'how many files of the ranking to print', '20')
    .option('--budget <bytes>', 'bytes of text that a role would be shown; the rest is cut off', '400000')
    .option('--cache <dir>', 'where facts are kept by blob id between runs')
    .option('--no-cache', 'read everything anew, and keep nothing')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExamples:\n  countersign context --repo .\n  countersign context --repo ../api --ref v2.1.0 --query issue.md --top 10\n  echo "Retry-After is ignored" | countersign context --repo . --query - --json\n  countersign context --repo ../api --repo ../web\n  countersign context --repo ../api --repo ../web --ref v2.1.0 --ref HEAD --json\n\nSeveral repositories: packages, HTTP routes, schemas and names across them.\nWith --json: {repos: [{name, ...each as it is alone}], ranking,\n  across: [{kind, name, provider: {repo, path, line}, user: {repo, path, line}}]}\n\nSymlinks, submodules and LFS pointers are listed and never followed; nothing is fetched.\n')
    .action(async (flags: ContextFlags) => {
      if (flags.repo.length > 1) {
        const { runSeveral } = await import('../context/run-several.ts');
        return runSeveral(flags);
      }
      const { beginReading } = await import('../context/begin.ts');
      const beginning = await beginReading(flags);
      const { runContext } = await import('../context/run-context.ts');
      await runContext(flags, beginning);
    });
}

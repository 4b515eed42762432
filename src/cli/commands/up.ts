import type { Command } from 'commander';
import { isTerminal } from '../output.ts';
import { parseUpFlags, type UpFlags } from '../up/options.ts';
import { runSession } from '../up/run-session.ts';

export function register(program: Command): void {
  program
    .command('up')
    .description('Brings up a local GitHub, opens a workflow from an issue and follows it.')
    .option('--repo <path>', 'an existing local git repository; copied in, never written to (repeatable)', (path: string, paths: readonly string[] | undefined) => [...(paths ?? []), path])
    .option('--issue <file>', 'the issue in Markdown, with its change (docs/writing-an-issue.md)')
    .option('--approve <login>', 'plays that reviewer: approves every PatchSet')
    .option('--reject <login>', 'plays that reviewer: rejects')
    .option('--comment <text>', 'the comment of --reject; "changes: …" asks for a new revision')
    .option('--until <state>', 'stops when the workflow reaches this state')
    .option('--ci <command>', "consents to run this command in a throw-away copy as the repository's own CI (clean environment: PATH, LANG, CI, an empty HOME)")
    .option('--model <provider/name>', 'a model instead of the recipe runner; the key comes from its usual environment variable')
    .option('--config <file>', 'a countersign.yml whose limits, policy and settings of models and CI hold here, too')
    .option('--record <dir>', 'keeps what the model is asked and answers (never its key) in a new directory')
    .option('--replay <dir>', 'answers from such a directory instead of a model; makes no call, and tells how a request differs that is not in it')
    .option('--port <n>', 'where the local GitHub listens (default: 4180, or any free port)')
    .option('--dir <dir>', 'where it keeps everything; a used directory goes on where it was')
    .option('--keep', 'stays up after the end, so that the pages can be browsed')
    .option('--json', 'prints one JSON document, and nothing else, on stdout')
    .addHelpText('after', HELP)
    .action((flags: UpFlags) => runSession(parseUpFlags(flags, isTerminal()), (session) => session.run()));
}

const HELP = `
Examples:
  countersign up --approve octocat
  countersign up --repo ../api --issue issue.md --approve octocat --ci 'npm ci && npm test'
  countersign up --dir .countersign/up-1 --keep
  countersign up --repo ../api --issue issue.md --model anthropic/claude-sonnet-5-5 --record talk
  countersign up --repo ../api --issue issue.md --model ollama/qwen3-coder --config local.yml
  countersign up --repo ../api --issue issue.md --replay talk

Models, their keys and addresses (ANTHROPIC_API_KEY, OPENAI_BASE_URL, …), Ollama and Azure: docs/models.md.

Exit codes: 0 DONE, or waiting for a person, or at the state of --until; 1 it ended otherwise; 2 the input is wrong;
3 an outside system failed.
`;

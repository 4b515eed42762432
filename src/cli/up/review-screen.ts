import { createInterface } from 'node:readline';
import { spawn } from 'node:child_process';
import { z } from 'zod';
import type { PatchSetState, Workflow } from '../../domain/workflow.ts';
import { parsePolicyResult } from '../../schema/gate-records.ts';
import { parseCanonical } from '../../ledger/canonical-json.ts';
import { paint, printLine } from '../output.ts';
import { printable, printableLines } from '../printable.ts';
import { LineReader } from './line-reader.ts';
import type { LedgerFollower } from './ledger-follow.ts';

export type Choice = { readonly kind: 'approve' } | { readonly kind: 'reject'; readonly comment: string } | { readonly kind: 'open' } | { readonly kind: 'quit' };

/** Shows one waiting PatchSet whole: what, from where to where, its tasks, policy, gates and the diff. */
export async function showPatchSet(follower: LedgerFollower, workflow: Workflow, patchSet: PatchSetState): Promise<void> {
  const base = workflow.repos.find(({ repo }) => repo === patchSet.repo);
  printLine();
  printLine(`${paint.bold(`${patchSet.id} r${patchSet.revision}`)} · ${patchSet.repo} @ ${printable(base?.baseBranch ?? '')} ${base?.baseCommit.slice(0, 7) ?? ''} → tree ${patchSet.resultTree.slice(0, 7)}`);
  printLine(`  digest sha256:${patchSet.digest}`);
  for (const { task, paths } of patchSet.patches) printLine(`  ${printable(task)}  ${paths.map(printable).join(', ')}`);
  printLine();
  printLine(colourDiff(new TextDecoder().decode(await follower.evidence(patchSet.diff))));
  printLine();
  await showPolicy(follower, patchSet);
  const gates = [0, 1, 2].map((gate) => `gate ${gate} ${workflow.gates[gate as 0 | 1 | 2]?.outcome.toLowerCase() ?? '–'}`);
  printLine(`  ${gates.join(' · ')} · gate 3 ${patchSet.gate3?.outcome.toLowerCase() ?? '–'}`);
  printLine(`  Approving creates one branch and one pull request in ${patchSet.repo}, nothing else${workflow.repos.length > 1 ? ', once all are approved' : ''}.`);
  printLine();
}

async function showPolicy(follower: LedgerFollower, patchSet: PatchSetState): Promise<void> {
  if (!patchSet.policy) return;
  const parsed = parsePolicyResult(parseCanonical(await follower.evidence(patchSet.policy.result)));
  const violations = parsed.kind === 'valid' ? parsed.record.rules.flatMap((rule) => rule.violations) : [];
  for (const { severity, rule, path, line, message } of violations) {
    printLine(`  ${severity === 'BLOCK' ? paint.red('block') : paint.yellow('warn ')}  ${rule}  ${printable(path)}${line === null ? '' : `:${line}`}  ${printable(message)}`);
  }
  printLine(`  policy ${patchSet.policy.block} block, ${patchSet.policy.warn} warn`);
}

function colourDiff(diff: string): string {
  return printableLines(diff.trimEnd())
    .split('\n')
    .map((line) => (/^(?:diff|index|---|\+\+\+|new|deleted|old|rename|similarity) ?/.test(line) ? paint.dim(line) : line.startsWith('+') ? paint.green(line) : line.startsWith('-') ? paint.red(line) : line.startsWith('@@') ? paint.cyan(line) : line))
    .map((line) => `  ${line}`)
    .join('\n');
}

const NARROW_COLUMNS = 72;
const prompt = (): string => ((process.stdout.columns || 80) < NARROW_COLUMNS ? '[a]pprove [r]eject [c]hanges [o]pen [q]uit › ' : '[a]pprove  [r]eject  [c]hanges  [o]pen in browser  [q]uit › ');

/** Asks until there is an answer. Nothing is chosen by default: an empty line asks again. Rejects when `signal` ends it. */
export async function askChoice(signal: AbortSignal): Promise<Choice> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // The terminal hands Ctrl-C over as a key: it is to mean here what it means everywhere else.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await readChoice(new LineReader(terminal, signal));
  } catch (error) {
    printLine();
    throw error;
  } finally {
    terminal.close();
  }
}

async function readChoice(lines: LineReader): Promise<Choice> {
  for (;;) {
    const answer = (await lines.next(prompt()))?.trim().toLowerCase();
    if (answer === undefined || answer === 'q' || answer === 'quit') return { kind: 'quit' };
    if (answer === 'a' || answer === 'approve') return { kind: 'approve' };
    if (answer === 'o' || answer === 'open') return { kind: 'open' };
    if (answer === 'r' || answer === 'reject') return { kind: 'reject', comment: (await lines.next('Why (may be empty) › ')) ?? '' };
    if (answer === 'c' || answer === 'changes') {
      const text = await readText(lines);
      if (text.trim() !== '') return { kind: 'reject', comment: `changes: ${text}` };
    }
  }
}

async function readText(lines: LineReader): Promise<string> {
  const text: string[] = [];
  printLine('What should change? Without a model, paste search/replace blocks. A line with only a full stop ends it.');
  for (;;) {
    const line = await lines.next('');
    // An input that ends in the middle asks for nothing.
    if (line === null) return '';
    if (line.trimEnd() === '.') return text.join('\n');
    text.push(line);
  }
}

/** Opens a page with the desktop's own command, where there is one. */
export function openInBrowser(url: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(command, [z.url().parse(url)], { stdio: 'ignore', detached: true }).on('error', () => printLine(`  Open ${url}`)).unref();
}

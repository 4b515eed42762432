import { createInterface } from 'node:readline/promises';
import { spawn } from 'node:child_process';
import { z } from 'zod';
import type { PatchSetState, Workflow } from '../../domain/workflow.ts';
import { parsePolicyResult } from '../../schema/gate-records.ts';
import { parseCanonical } from '../../ledger/canonical-json.ts';
import { paint, printLine } from '../output.ts';
import { printable, printableLines } from '../printable.ts';
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
  await showPolicy(follower, patchSet);
  const gates = [0, 1, 2].map((gate) => `gate ${gate} ${workflow.gates[gate as 0 | 1 | 2]?.outcome.toLowerCase() ?? '–'}`);
  printLine(`  ${gates.join(' · ')} · gate 3 ${patchSet.gate3?.outcome.toLowerCase() ?? '–'}`);
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
  return printableLines(diff)
    .split('\n')
    .map((line) => (/^(?:diff|index|---|\+\+\+|new|deleted|old|rename|similarity) ?/.test(line) ? paint.dim(line) : line.startsWith('+') ? paint.green(line) : line.startsWith('-') ? paint.red(line) : line.startsWith('@@') ? paint.cyan(line) : line))
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Asks until there is an answer. Nothing is chosen by default: an empty line asks again. */
export async function askChoice(signal: AbortSignal): Promise<Choice> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    for (;;) {
      const answer = (await terminal.question('[a]pprove  [r]eject  [c]hanges  [o]pen in browser  [q]uit › ', { signal })).trim().toLowerCase();
      if (answer === 'a' || answer === 'approve') return { kind: 'approve' };
      if (answer === 'r' || answer === 'reject') return { kind: 'reject', comment: await terminal.question('Why (may be empty) › ', { signal }) };
      if (answer === 'c' || answer === 'changes') return { kind: 'reject', comment: `changes: ${await askText(terminal, signal)}` };
      if (answer === 'o' || answer === 'open') return { kind: 'open' };
      if (answer === 'q' || answer === 'quit') return { kind: 'quit' };
    }
  } finally {
    terminal.close();
  }
}

async function askText(terminal: ReturnType<typeof createInterface>, signal: AbortSignal): Promise<string> {
  const lines: string[] = [];
  printLine('What should change? Without a model, paste search/replace blocks. End with a line that holds only a full stop.');
  for (;;) {
    const line = await terminal.question('', { signal });
    if (line === '.') return lines.join('\n');
    lines.push(line);
  }
}

/** Opens a page with the desktop's own command, where there is one. */
export function openInBrowser(url: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(command, [z.url().parse(url)], { stdio: 'ignore', detached: true }).on('error', () => printLine(`  Open ${url}`)).unref();
}

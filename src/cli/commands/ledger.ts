import type { Command } from 'commander';

import { inputError } from '../../domain/errors.ts';
import { isOid } from '../../domain/ids.ts';
import { locateLedger, type LedgerPlace } from '../../git/ledger-store-inspect.ts';
import { openLedgerRepository } from '../../git/ledger-objects.ts';
import { checkTargets } from '../../ledger/verify/targets.ts';
import { toProblem, verifyLedger, type LedgerProblem, type VerifyReport } from '../../ledger/verify.ts';
import { readTargetCommits } from '../../git/ledger-targets.ts';
import { exitWith, paint, printJson, printLine } from '../output.ts';
import { registerCanonical } from './ledger-canonical.ts';

interface VerifyFlags {
  readonly ref?: string;
  readonly tip?: string;
  readonly targets?: readonly string[];
  readonly json?: boolean;
}

/** `countersign ledger verify | canonical | hash`. */
export function register(program: Command): void {
  const ledger = program.command('ledger').description('check the ledger, and write canonical JSON as it does');
  ledger
    .command('verify')
    .description('check every record of a ledger, offline, from its git objects alone')
    .argument('[DIR]', 'bare repository, checkout, or directory of `countersign up`', '.')
    .option('--ref <REF>', 'the branch or commit to verify (default: the ledger branch)')
    .option('--tip <COMMIT>', 'a tip seen before: it must still be part of the history')
    .option('--targets <DIR...>', 'target repositories whose Countersign commits are compared with the ledger')
    .option('--json', 'one JSON document on stdout')
    .action(runVerify);
  registerCanonical(ledger);
}

async function runVerify(directory: string, flags: VerifyFlags): Promise<void> {
  if (flags.tip !== undefined && !isOid(flags.tip)) throw inputError('bad-tip', '--tip needs a full commit id (40 lower-case hex digits).');
  const place = await locateLedger(directory, flags.ref ?? null);
  const report = await verifyPlace(place, flags);
  if (flags.json === true) printJson(report);
  else printReport(report);
  exitWith(report.ok ? 0 : 1);
}

/** Verifies the ledger at `place`; replace refs, grafts and shallow clones are problems too. */
export async function verifyPlace(place: LedgerPlace, options: { readonly tip?: string; readonly targets?: readonly string[] } = {}): Promise<VerifyReport> {
  const overlays = place.overlays.map(({ kind, detail }) => toProblem(kind, OVERLAY_MESSAGES[kind], {}, { found: detail }));
  const targets = await Promise.all((options.targets ?? []).map(readTargetCommits));
  const objects = await openLedgerRepository(place.objects);
  try {
    const check = checkTargets(targets);
    const remembered = options.tip === undefined ? {} : { rememberedTip: options.tip };
    const report = await verifyLedger({ objects, history: objects.history(place.tip), tip: place.tip, ...remembered, onEvent: check.onEvent, onCommit: check.onCommit });
    const problems = [...overlays, ...report.problems, ...check.finish()];
    return { ...report, ok: problems.length === 0, problems };
  } finally {
    await objects.close();
  }
}

const OVERLAY_MESSAGES = {
  'replace-ref': 'The repository has a replace ref: git would show other objects than the ledger holds. Remove it; the check read the real objects.',
  graft: 'The repository has grafts: git would show another history than the ledger holds. Remove the file; the check read the real objects.',
  shallow: 'The repository is a shallow clone: the oldest records are missing. Run "git fetch --unshallow".',
} as const;

function printReport(report: VerifyReport): void {
  const size = `${count(report.workflows, 'workflow')}, ${count(report.events, 'event')}, ${count(report.evidence, 'evidence file')}, ${count(report.commits, 'commit')}`;
  if (report.ok) printLine(`${paint.green('ledger verified')}: ${size}, 0 problems`);
  else printLine(`${paint.red('ledger does not hold')}: ${count(report.problems.length, 'problem')} in ${size}`);
  printLine(`  ledger ${report.ledger ?? 'unknown'}  tip ${report.tip}`);
  for (const problem of report.problems) printProblem(problem);
}

function printProblem(problem: LedgerProblem): void {
  const place = [problem.workflow, problem.seq === null ? null : `event ${problem.seq}`, problem.path].filter((part) => part !== null);
  printLine(`  ${paint.red(problem.code)}  ${plain(problem.message)}`);
  if (place.length > 0) printLine(`    at        ${place.join(' · ')}`);
  if (problem.expected !== null) printLine(`    expected  ${plain(problem.expected)}`);
  if (problem.found !== null) printLine(`    found     ${plain(problem.found)}`);
}

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
// Messages may quote what a forged record says.
const plain = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (unit) => `\\u{${unit.codePointAt(0)?.toString(16) ?? ''}}`).slice(0, 1_000);

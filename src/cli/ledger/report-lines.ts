import type { LedgerProblem, VerifyReport } from '../../ledger/verify.ts';
import { paint } from '../output.ts';
import { printable } from '../printable.ts';

/** What people read of a verification: one line when it holds, else every problem with its place. */
export function reportLines(report: VerifyReport): readonly string[] {
  const size = [count(report.workflows, 'workflow'), count(report.events, 'event'), count(report.evidence, 'evidence file'), count(report.commits, 'commit')].join(', ');
  const verdict = report.ok ? `${paint.green('ledger verified')}: ${size}, 0 problems` : `${paint.red('ledger does not hold')}: ${count(report.problems.length, 'problem')} in ${size}`;
  return [verdict, `  ledger ${report.ledger ?? 'unknown'}  tip ${report.tip}`, ...report.problems.flatMap(problemLines)];
}

function problemLines(problem: LedgerProblem): readonly string[] {
  const place = [problem.workflow, problem.seq === null ? null : `event ${problem.seq}`, problem.path].filter((part) => part !== null);
  return [
    `  ${paint.red(problem.code)}  ${plain(problem.message)}`,
    ...(place.length > 0 ? [`    at        ${place.join(' · ')}`] : []),
    ...(problem.expected === null ? [] : [`    expected  ${plain(problem.expected)}`]),
    ...(problem.found === null ? [] : [`    found     ${plain(problem.found)}`]),
  ];
}

export const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
// Messages may quote what a forged record says.
const plain = (text: string): string => printable(text).slice(0, 1_000);

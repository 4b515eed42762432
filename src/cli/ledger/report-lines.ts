import type { LedgerProblem, VerifyReport } from '../../ledger/verify.ts';
import { paint } from '../output.ts';
import { printable } from '../printable.ts';

/** Up to so many problems are printed in full unless all are asked for; of more, so many of each code. */
const SHOWN_MAX = 100;
const SHOWN_OF_A_CODE = 10;

/** What people read of a verification: one line when it holds, else the problems with their places. Thousands of them are summed up by code, unless `all`. */
export function reportLines(report: VerifyReport, all = false): readonly string[] {
  const size = [count(report.workflows, 'workflow'), count(report.events, 'event'), count(report.evidence, 'evidence file'), count(report.commits, 'commit')].join(', ');
  const found = report.problems.length + (report.unlisted ?? 0);
  const verdict = report.ok ? `${paint.green('ledger verified')}: ${size}, 0 problems` : `${paint.red('ledger does not hold')}: ${count(found, 'problem')} in ${size}`;
  const isShort = all || report.problems.length <= SHOWN_MAX;
  return [verdict, `  ledger ${report.ledger ?? 'unknown'}`, `  tip    ${report.tip}`, ...(isShort ? report.problems.flatMap(problemLines) : summaryLines(report.problems)), ...unlistedLines(report.unlisted)];
}

function summaryLines(problems: readonly LedgerProblem[]): readonly string[] {
  const byCode = [...Map.groupBy(problems, ({ code }) => code)];
  const first = byCode.flatMap(([code, same]) => [...same.slice(0, SHOWN_OF_A_CODE).flatMap(problemLines), ...moreLines(code, same.length - SHOWN_OF_A_CODE)]);
  const width = Math.max(...byCode.map(([, same]) => grouped(same.length).length));
  const sums = byCode.map(([code, same]) => `  ${grouped(same.length).padStart(width)}  ${code}`);
  return [...first, '', ...sums, '', `  The first ${SHOWN_OF_A_CODE} of each code are shown above. All of them: --all, or --json.`];
}

const moreLines = (code: string, more: number): readonly string[] => (more > 0 ? [`  ${paint.red(code)}  and ${grouped(more)} more`] : []);
const unlistedLines = (unlisted: number | undefined): readonly string[] => (unlisted === undefined ? [] : [`  ${count(unlisted, 'more problem')} found, but not listed: 100,000 are, at most.`]);

function problemLines(problem: LedgerProblem): readonly string[] {
  const place = [problem.workflow, problem.seq === null ? null : `event ${problem.seq}`, problem.path].filter((part) => part !== null);
  return [
    `  ${paint.red(problem.code)}  ${plain(problem.message)}`,
    ...(place.length > 0 ? [`    at        ${place.join(' · ')}`] : []),
    ...(problem.expected === null ? [] : [`    expected  ${plain(problem.expected)}`]),
    ...(problem.found === null ? [] : [`    found     ${plain(problem.found)}`]),
  ];
}

const grouped = (number: number): string => number.toLocaleString('en-US');
export const count = (number: number, one: string): string => `${grouped(number)} ${one}${number === 1 ? '' : 's'}`;
// Messages may quote what a forged record says.
const plain = (text: string): string => printable(text).slice(0, 1_000);

import { expect, it } from 'vitest';
import { PROBLEMS_MAX, ProblemList, toProblem, type ProblemCode } from '../../ledger/verify/problem.ts';
import type { LedgerProblem, VerifyReport } from '../../ledger/verify.ts';
import { reportLines } from './report-lines.ts';

const problem = (code: ProblemCode, index: number): LedgerProblem => toProblem(code, `Problem ${index}.`, { workflow: 'wf-20260101-000000', seq: index }, { expected: 'a', found: 'b' });
const reportOf = (problems: readonly LedgerProblem[], unlisted?: number): VerifyReport => ({ ok: problems.length === 0, ledger: 'f'.repeat(32), tip: 'a'.repeat(40), commits: 7_001, workflows: 1_000, events: 33_000, evidence: 27_000, problems, ...(unlisted === undefined ? {} : { unlisted }) });

it('says in one line that a ledger holds, within 80 columns', () => {
  const lines = reportLines(reportOf([]));
  expect(lines[0]).toMatch(/ledger verified.*: 1,000 workflows, 33,000 events, 27,000 evidence files, 7,001 commits, 0 problems$/);
  expect(Math.max(...lines.slice(1).map(({ length }) => length))).toBeLessThanOrEqual(80);
});

it('prints a hundred problems in full; of more, the first ten of each code and their numbers, unless all are asked for', () => {
  const some = Array.from({ length: 100 }, (_, index) => problem('event-chain', index));
  expect(reportLines(reportOf(some)).filter((line) => line.includes('Problem '))).toHaveLength(100);
  const many = [...Array.from({ length: 4_000 }, (_, index) => problem('wrong-ledger', index)), problem('genesis', 0), ...some];
  const lines = reportLines(reportOf(many, 5));
  expect(lines[0]).toMatch(/4,106 problems/);
  expect(lines.filter((line) => line.includes('Problem '))).toHaveLength(21);
  expect(lines).toEqual(expect.arrayContaining(['  4,000  wrong-ledger', '      1  genesis', '    100  event-chain', '  The first 10 of each code are shown above. All of them: --all, or --json.']));
  expect(lines.at(-1)).toBe('  5 more problems found, but not listed: 100,000 are, at most.');
  expect(reportLines(reportOf(many), true).filter((line) => line.includes('Problem '))).toHaveLength(4_101);
});

it('keeps no more problems than memory holds, and counts the others', () => {
  const list = new ProblemList<number>();
  for (let index = 0; index < PROBLEMS_MAX + 3; index++) list.add(index);
  expect(list.toReport()).toMatchObject({ ok: false, unlisted: 3 });
  expect(list.listed).toHaveLength(PROBLEMS_MAX);
});

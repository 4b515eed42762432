import type { PolicyViolation } from '../../domain/policy.ts';
import { paint, printLine } from '../output.ts';
import type { CheckAnswer } from './check-patch.ts';
import { publicChanges, publicPath } from './public-paths.ts';
import { reportLines } from './report-lines.ts';

/** The answer with exactly the keys of the command's contract. */
export function publicAnswer(answer: CheckAnswer): Record<string, unknown> {
  const { excerpts: _, ...contract } = answer;
  return { ...contract, changes: publicChanges(answer.changes), violations: answer.violations.map(publicViolation) };
}

const publicViolation = ({ rule, severity, path, line, message, help }: PolicyViolation): Record<string, unknown> => ({
  rule,
  severity,
  ...publicPath(path),
  ...(line === null ? {} : { line }),
  message,
  help,
});

const WIDTH_WITHOUT_TERMINAL = 100;
const WIDTH_MAX = 140;

/** The answer for people. Everything that comes from the patch is made visible, and no secret is shown. */
export function printAnswer(answer: CheckAnswer): void {
  const width = Math.min(process.stdout.columns ?? WIDTH_WITHOUT_TERMINAL, WIDTH_MAX);
  for (const line of reportLines(answer, answer.excerpts ?? new Map(), { width, ...paint })) printLine(line);
}

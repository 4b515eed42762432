import type { Change } from '../../domain/change-set.ts';
import { showDigest } from '../../domain/ids.ts';
import type { PolicyViolation } from '../../domain/policy.ts';
import { paint, printLine } from '../output.ts';
import type { CheckAnswer } from './check-patch.ts';
import { publicChanges, publicPath } from './public-paths.ts';

/** The answer with exactly the keys of the command's contract. */
export function publicAnswer(answer: CheckAnswer): Record<string, unknown> {
  return { ...answer, changes: publicChanges(answer.changes), violations: answer.violations.map(publicViolation) };
}

const publicViolation = ({ rule, severity, path, line, message, help }: PolicyViolation): Record<string, unknown> => ({
  rule,
  severity,
  ...publicPath(path),
  ...(line === null ? {} : { line }),
  message,
  help,
});

/** The answer for people. Everything that comes from the patch is escaped. */
export function printAnswer(answer: CheckAnswer): void {
  if (answer.error !== undefined) return printLine(`${paint.red('does not apply')} ${answer.error.message} (${answer.error.code})`);
  for (const change of answer.changes) printLine(`  ${change.op.padEnd(6)} ${escaped(change.path)}${modesOf(change)}`);
  for (const violation of answer.violations) printViolation(violation);
  const verdict = answer.ok ? paint.green('ok') : paint.red('blocked');
  const blocks = answer.violations.filter(({ severity }) => severity === 'BLOCK').length;
  printLine(`${verdict} ${answer.changes.length} changed, ${blocks} block, ${answer.violations.length - blocks} warn · tree ${answer.result?.tree ?? ''} · ${showDigest(answer.digest ?? '')}`);
}

function printViolation({ rule, severity, path, line, message, why, help }: PolicyViolation): void {
  const mark = severity === 'BLOCK' ? paint.red('block') : paint.yellow('warn ');
  printLine(`${mark} ${escaped(path)}${line === null ? '' : `:${line}`} (rule ${rule}): ${escaped(message)}`);
  printLine(`      Why   ${escaped(why)}`);
  printLine(`      Next  ${escaped(help)}`);
}

function modesOf({ op, oldMode, newMode }: Change): string {
  if (op === 'modify') return oldMode === newMode ? '' : `  ${oldMode ?? ''} → ${newMode ?? ''}`;
  const mode = oldMode ?? newMode;
  return mode === '100644' ? '' : `  ${mode ?? ''}`;
}

const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

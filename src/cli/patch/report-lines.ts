import type { Change } from '../../domain/change-set.ts';
import { showDigest } from '../../domain/ids.ts';
import type { PolicyViolation } from '../../domain/policy.ts';
import { codePointMark } from '../../domain/code-point.ts';
import { revealHidden } from '../../policy/hidden-characters.ts';
import { showPath, showText } from '../../policy/show.ts';
import type { CheckAnswer } from './check-patch.ts';
import { excerptKey, type Excerpts } from './excerpts.ts';
import { wrap } from './wrap.ts';

/** How the report is drawn. */
export interface ReportStyle {
  /** Columns; longer sentences are broken at spaces. */
  readonly width: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

const FINDINGS_PER_RULE_MAX = 10;
const CHANGES_MAX = 40;
const WIDTH_LEAST = 60;
const OPS = { add: 'added', modify: 'changed', delete: 'deleted' } as const;

/** What a person reads about a checked patch: the verdict, each rule's findings with their lines, why and what next, and the change. */
export function reportLines(answer: CheckAnswer, excerpts: Excerpts, style: ReportStyle): string[] {
  if (answer.error !== undefined) return wrap(safe(answer.error.message), { width: widthOf(style), first: `${style.red('Does not apply')} (${answer.error.code}): `, rest: '  ' });
  const groups = [...Map.groupBy(answer.violations, ({ rule, severity, why }) => JSON.stringify([severity, rule, why])).values()].toSorted((a, b) => rank(a) - rank(b));
  return [headline(answer, style), ...groups.flatMap((group) => ['', ...ruleLines(group, excerpts, style)]), '', ...changeLines(answer.changes, style), '', ...idLines(answer, style)];
}

const widthOf = ({ width }: ReportStyle): number => Math.max(WIDTH_LEAST, width);
const rank = ([first]: readonly PolicyViolation[]): number => (first?.severity === 'BLOCK' ? 0 : 1);
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function headline({ violations, changes }: CheckAnswer, style: ReportStyle): string {
  const blocks = violations.filter(({ severity }) => severity === 'BLOCK').length;
  const warnings = violations.length - blocks;
  const files = plural(changes.length, 'file');
  if (blocks > 0) return `${style.red(style.bold('Blocked'))}  ${files} changed · ${blocks} block, ${warnings} warn`;
  if (warnings > 0) return `${style.green(style.bold('Allowed'))}  ${files} changed · ${plural(warnings, 'warning')} for the reviewer`;
  return `${style.green(style.bold('Allowed'))}  ${files} changed · no rule objects`;
}

function ruleLines(group: readonly PolicyViolation[], excerpts: Excerpts, style: ReportStyle): string[] {
  const [first] = group;
  if (!first) return [];
  const mark = first.severity === 'BLOCK' ? style.red('block') : style.yellow('warn ');
  const shown = group.slice(0, FINDINGS_PER_RULE_MAX);
  const rest = group.length - shown.length;
  const width = widthOf(style);
  const sentence = (label: string, text: string): string[] => wrap(safe(text), { width, first: `  ${label}  `, rest: '        ' });
  const others = new Set(group.map(({ help }) => help)).size > 1 ? ' The same goes for the others.' : '';
  return [
    `${mark}  ${style.bold(first.rule)}`,
    ...shown.flatMap((violation) => findingLines(violation, excerpts, style)),
    ...(rest > 0 ? [`  … and ${rest} more (--json lists all)`] : []),
    ...sentence('Why ', first.why),
    ...sentence('Next', `${first.help}${others}`),
  ];
}

function findingLines({ path, line, message }: PolicyViolation, excerpts: Excerpts, style: ReportStyle): string[] {
  const width = widthOf(style);
  const excerpt = line === null ? undefined : excerpts.get(excerptKey(path, line));
  const quoted = excerpt === undefined || line === null ? [] : [style.dim(`    ${String(line).padStart(5)} │ ${cut(safe(excerpt.replaceAll('\t', '  ').trimEnd()), width - 12)}`)];
  return [...wrap(safe(message), { width, first: '  ', rest: '    ' }), ...quoted];
}

/** Long lines are cut where the window ends, visibly. */
const cut = (text: string, characters: number): string => (text.length > characters ? `${text.slice(0, Math.max(10, characters - 1))}…` : text);

function changeLines(changes: readonly Change[], { dim }: ReportStyle): string[] {
  const shown = changes.slice(0, CHANGES_MAX).map((change) => `  ${OPS[change.op].padEnd(7)}  ${showPath(change.path)}${dim(modesOf(change))}`);
  return changes.length > CHANGES_MAX ? [...shown, `  … and ${changes.length - CHANGES_MAX} more (--json lists all)`] : shown;
}

const idLines = ({ result, digest }: CheckAnswer, { dim }: ReportStyle): string[] => [dim(`tree ${result?.tree ?? ''}`), dim(`digest ${showDigest(digest ?? '')}`)];

function modesOf({ op, oldMode, newMode }: Change): string {
  if (op === 'modify') return oldMode === newMode ? '' : `  ${oldMode ?? ''} → ${newMode ?? ''}`;
  const mode = oldMode ?? newMode;
  return mode === '100644' ? '' : `  ${mode ?? ''}`;
}

const safe = (text: string): string => showText(revealHidden(text, codePointMark), 2000);

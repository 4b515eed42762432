import type { Simulation, SimulatedPatchSet } from '../../orchestrator/simulate/simulate.ts';
import type { ShownViolation } from '../../orchestrator/simulate/compare.ts';
import { printable } from '../printable.ts';
import type { ReportStyle } from '../patch/report-lines.ts';
import { wrap } from '../patch/wrap.ts';
import type { CaseOutcome } from './run-case.ts';

const WORDS = { pass: 'allowed', warn: 'allowed, with warnings', block: 'blocked' } as const;
const REASONS_MAX = 8;
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The report of `policy simulate`: what would flip and why, what else would change, and what could not be judged. */
export function simulationLines({ workflows, patchSets, unjudged }: Simulation, style: ReportStyle): string[] {
  const flips = patchSets.filter(({ comparison }) => comparison.flips);
  const others = patchSets.filter(({ comparison: { flips: isFlip, appear, disappear } }) => !isFlip && appear.length + disappear.length > 0);
  const partly = patchSets.filter(({ judgedBy }) => judgedBy === 'diff').length;
  return [
    style.bold(`${flips.length} of ${plural(patchSets.length, 'PatchSet')} would flip`) + style.dim(`  ${plural(workflows, 'workflow')} · ${others.length} more would be judged with other findings`),
    ...flips.flatMap((each) => ['', ...patchSetLines(each, style)]),
    ...others.flatMap((each) => ['', ...patchSetLines(each, style)]),
    ...(unjudged.length > 0 ? ['', ...unjudged.flatMap(({ workflow, patchSet, revision, why }) => wrap(printable(why), { width: style.width, first: `${style.yellow('not judged')}  ${workflow} ${patchSet} r${revision}: `, rest: '  ' }))] : []),
    ...(partly > 0 ? ['', ...wrap(`${plural(partly, 'PatchSet')} judged by what the ledger's diff shows: lines outside of it were not seen. --targets names repositories that hold the base commits.`, { width: style.width, first: '', rest: '' })] : []),
  ];
}

function patchSetLines({ workflow, patchSet, revision, repo, comparison }: SimulatedPatchSet, style: ReportStyle): string[] {
  const { was, would, flips, appear, disappear } = comparison;
  const mark = flips ? (would === 'block' ? style.red('would be blocked') : style.green('would be allowed')) : style.dim(`stays ${WORDS[would]}`);
  return [
    `${mark}  ${workflow} ${patchSet} r${revision} · ${repo}${flips ? style.dim(`  (was ${WORDS[was]})`) : ''}`,
    ...violationLines('+', appear, style),
    ...violationLines('−', disappear, style),
  ];
}

function violationLines(sign: '+' | '−', violations: readonly ShownViolation[], { width, dim }: ReportStyle): string[] {
  const lines = violations.slice(0, REASONS_MAX).flatMap(({ severity, rule, message }) => wrap(printable(message), { width, first: `  ${sign} ${severity.toLowerCase()} ${rule}: `, rest: '      ' }));
  return violations.length > REASONS_MAX ? [...lines, dim(`  ${sign} … and ${violations.length - REASONS_MAX} more (--json lists all)`)] : lines;
}

/** The report of `policy test`: one line a case, with what differs. */
export function caseLines(outcomes: readonly CaseOutcome[], { width, green, red, bold }: ReportStyle): string[] {
  const failed = outcomes.filter(({ ok }) => !ok).length;
  const lines = outcomes.flatMap(({ name, ok, verdict, differences }) => [
    `${ok ? green('ok  ') : red('fail')}  ${printable(name)}${verdict === null ? '' : `  (${verdict})`}`,
    ...differences.flatMap((difference) => wrap(printable(difference), { width, first: '        ', rest: '          ' })),
  ]);
  return [...lines, '', bold(failed === 0 ? green(`${plural(outcomes.length, 'case')} hold`) : red(`${failed} of ${plural(outcomes.length, 'case')} do not hold`))];
}

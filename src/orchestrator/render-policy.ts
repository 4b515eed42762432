import type { PolicyResult, PolicyViolation } from '../domain/policy.ts';
import type { Annotation } from './ports.ts';
import { showPath, showText } from '../policy/show.ts';
import { code, inline, showHidden } from './text.ts';

/** GitHub shows ten errors and ten warnings of a step; the summary has all of them. */
const ANNOTATIONS_PER_LEVEL_MAX = 10;

const placeOf = ({ path, line }: PolicyViolation): string => (line === null ? path : `${path}:${line}`);
const violationsOf = (policy: PolicyResult): readonly PolicyViolation[] => policy.rules.flatMap(({ violations }) => violations);

/** The policy's answer as Markdown: each rule that objects once, with its findings, why it matters and what to do. */
export function policyPart(policy: PolicyResult, heading = 'Policy'): string {
  const examined = policy.rules.filter(({ severity }) => severity !== 'off').length;
  const allowed = policy.rules.flatMap((rule) => rule.allowed.map((each) => ({ rule: rule.rule, ...each })));
  const groups = [...Map.groupBy(violationsOf(policy), ({ severity, rule, why }) => JSON.stringify([severity, rule, why])).values()].toSorted((a, b) => rank(a) - rank(b));
  return [
    `## ${heading}: ${policy.block} block, ${policy.warn} warn (${examined} rules)`,
    ...groups.flatMap((group) => ['', ...rulePart(group)]),
    ...(allowed.length > 0 ? ['', ...allowed.map(({ rule, path, reason, expires }) => `- allowed by ${code(rule)}: ${code(path)}, because ${inline(reason)} (until ${inline(expires)})`)] : []),
  ].join('\n');
}

const rank = ([first]: readonly PolicyViolation[]): number => (first?.severity === 'BLOCK' ? 0 : 1);

function rulePart(group: readonly PolicyViolation[]): string[] {
  const [first] = group;
  if (!first) return [];
  const findings = group.map((violation) => `- ${violation.path === '' ? '' : `${code(placeOf(violation))}: `}${inline(violation.message, 1_000)}`);
  const others = new Set(group.map(({ help }) => help)).size > 1 ? ' The same goes for the others.' : '';
  return [`**${first.severity}** ${code(first.rule)}`, ...findings, '', `Why: ${inline(first.why, 1_000)}`, '', `Next: ${inline(first.help, 1_000)}${others}`];
}

/** The same for the list of annotations of a run: an error for each BLOCK, a warning for each WARN, as many as GitHub shows. */
export function annotationsOf(policy: PolicyResult, subject: string): Annotation[] {
  const all = violationsOf(policy).map((violation): Annotation => ({
    level: violation.severity === 'BLOCK' ? 'error' : 'warning',
    title: showText(`${subject} ${violation.path === '' ? '' : `${showPath(placeOf(violation))} `}(${violation.rule})`, 200),
    message: showText(showHidden(`${violation.message} ${violation.why} ${violation.help}`), 2_000),
  }));
  return (['error', 'warning'] as const).flatMap((level) => {
    const some = all.filter((annotation) => annotation.level === level);
    if (some.length <= ANNOTATIONS_PER_LEVEL_MAX) return some;
    const rest = some.length - (ANNOTATIONS_PER_LEVEL_MAX - 1);
    return [...some.slice(0, ANNOTATIONS_PER_LEVEL_MAX - 1), { level, title: subject, message: `And ${rest} more of the policy's findings: the summary of this run lists all of them.` }];
  });
}

import type { PolicyAllowance, RuleConfig } from '../domain/config.ts';
import { brokenError, inputError } from '../domain/errors.ts';
import type { PolicyResult, PolicyViolation, RuleResult } from '../domain/policy.ts';
import type { RepoName } from '../domain/ids.ts';
import { RULE_DEFAULTS, isRuleId } from '../domain/policy-rules.ts';
import { createAllowanceFinder, helpToAllow } from './allowances.ts';
import type { BaseFiles, PolicyInput } from './input.ts';
import { RULES } from './registry.ts';
import type { Finding, Rule } from './rule.ts';
import { redact } from './secrets/redact.ts';
import { showText } from './show.ts';

/** Why no more violations of one rule are listed. The verdict stands with the first already. */
const VIOLATIONS_PER_RULE_MAX = 1000;

/**
 * Judges a change set by every rule, in the registry's order, and explains each answer. Pure and synchronous.
 * @throws CountersignError `unknown-policy-rule` when the config names a rule that does not exist: ignoring it would
 * leave something unchecked that the owner believes is checked.
 */
export function evaluatePolicy(input: PolicyInput): PolicyResult {
  assertJudgeable(input);
  const rules = RULES.map((rule) => evaluateRule(rule, input));
  const violations = rules.flatMap((rule) => rule.violations);
  const block = violations.filter(({ severity }) => severity === 'BLOCK').length;
  const warn = violations.length - block;
  const verdict = block > 0 ? 'block' : warn > 0 ? 'warn' : 'pass';
  return { format: 'countersign/policy-result@1', repo: input.repo, policy: input.policy, verdict, block, warn, rules };
}

/** The paths of the base tree that some rule wants to read and that are not known yet. Ask until there are none. */
export function wantedBaseFiles(basePaths: readonly string[], known: BaseFiles): string[] {
  const wanted = new Set(RULES.flatMap((rule) => rule.wants?.(basePaths, known) ?? []));
  return [...wanted].filter((path) => !known.has(path));
}

function assertJudgeable({ config, today }: PolicyInput): void {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(today)) throw brokenError('bad-day', `Expected today as YYYY-MM-DD, got ${showText(today, 40)}.`);
  const unknown = config.kind === 'rules' ? Object.keys(config.rules).filter((id) => !isRuleId(id)) : [];
  if (unknown.length > 0) {
    throw inputError('unknown-policy-rule', `The policy names rules that do not exist: ${showText(unknown.join(', '))}. Remove them from countersign.yml, or use a version that has them.`);
  }
}

function evaluateRule(rule: Rule, input: PolicyInput): RuleResult {
  const settings = settingsOf(rule, input);
  const { severity } = settings;
  if (severity === 'off') return { rule: rule.id, severity: 'off', examined: 0, allowed: [], violations: [] };
  const { findAllowance, findExpired } = createAllowanceFinder(RULE_DEFAULTS[rule.id].noAllow === null ? settings.allow : [], input.repo, input.today);
  const allowed: { path: string; reason: string; expires: string }[] = [];
  const violations: PolicyViolation[] = [];
  for (const finding of rule.evaluate(input, settings)) {
    const allowance = finding.allowable === false ? undefined : findAllowance(finding);
    if (allowance) allowed.push({ path: finding.path, reason: allowance.reason, expires: allowance.expires });
    else violations.push(violationOf(finding, { rule, severity, repo: input.repo, expired: finding.allowable === false ? undefined : findExpired(finding) }));
  }
  return { rule: rule.id, severity, examined: input.changes.length, allowed, violations: capped(violations).map(withoutSecrets) };
}

/** A rule that the config does not mention runs with its defaults: silence never switches anything off. */
function settingsOf(rule: Rule, { config }: PolicyInput): RuleConfig {
  const defaults: RuleConfig = { severity: rule.defaultSeverity, allow: [], ...rule.parameters };
  if (config.kind === 'off') return { ...defaults, severity: 'off' };
  return { ...defaults, ...config.rules[rule.id] };
}

interface Judging {
  readonly rule: Rule;
  readonly severity: PolicyViolation['severity'];
  readonly repo: RepoName;
  readonly expired: PolicyAllowance | undefined;
}

function violationOf(finding: Finding, { rule, severity, repo, expired }: Judging): PolicyViolation {
  return {
    rule: rule.id,
    // A kind of finding can weigh less than its rule, never more.
    severity: severity === 'WARN' ? severity : (finding.severity ?? severity),
    path: finding.path,
    line: finding.line ?? null,
    message: expired === undefined ? finding.message : `${finding.message} It was allowed until ${expired.expires} (${showText(expired.reason, 200)}).`,
    why: finding.why,
    help: finding.help ?? helpToAllow(rule.id, finding, repo),
  };
}

/** Whatever a rule quotes (a script, a version, a name), no report and no ledger shows a secret because of it. The path is the change's own. */
const withoutSecrets = (violation: PolicyViolation): PolicyViolation => ({ ...violation, message: redact(violation.message), help: redact(violation.help) });

function capped(violations: readonly PolicyViolation[]): readonly PolicyViolation[] {
  const first = violations[0];
  if (!first || violations.length <= VIOLATIONS_PER_RULE_MAX) return violations;
  const rest = violations.length - (VIOLATIONS_PER_RULE_MAX - 1);
  const message = `And ${rest} more of the same rule, not listed one by one.`;
  return [...violations.slice(0, VIOLATIONS_PER_RULE_MAX - 1), { ...first, path: '', line: null, message, help: 'Make the change smaller.' }];
}

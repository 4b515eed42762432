import type { RuleConfig } from '../domain/config.ts';
import type { Severity } from '../domain/policy.ts';
import { RULE_DEFAULTS, type RuleId } from '../domain/policy-rules.ts';
import type { JudgedChange, PolicyInput } from './input.ts';
import { matchFrozen, type PathMatcher } from './match-path.ts';
import type { Finding, Rule } from './rule.ts';
import { showPath, showText } from './show.ts';

const VERBS = { add: 'Adds', modify: 'Changes', delete: 'Deletes' } as const;

/** A rule that is only about names: every change of a path that one of the globs matches. */
export function createPathRule(id: RuleId, about: { what: string; why: string; globs: readonly string[] }): Rule {
  // Compiled at the first use, and once: judging many change sets must not pay for it each time.
  let builtIn: PathMatcher | null = null;
  return createRule(id, (input, settings) => {
    const isBuiltIn = (builtIn ??= matchFrozen(about.globs));
    const configured = listOf(settings, 'paths').map((glob) => ({ glob, isMatch: matchFrozen([glob]) }));
    return input.changes.flatMap(({ change: { op, path } }): Finding[] => {
      if (isBuiltIn(path)) return [{ path, message: `${VERBS[op]} ${showPath(path)}, ${about.what}.`, why: about.why }];
      const named = configured.find(({ isMatch }) => isMatch(path));
      return named === undefined ? [] : [{ path, message: `${VERBS[op]} ${showPath(path)}, which countersign.yml names (${showText(named.glob, 120)}).`, why: `The owner of the policy has put it under policy.${id}.paths.` }];
    });
  });
}

/** A rule with the defaults that stand under its id. */
export function createRule(id: RuleId, evaluate: (input: PolicyInput, settings: RuleConfig) => readonly Finding[]): Rule {
  const { severity, parameters } = RULE_DEFAULTS[id];
  return { id, defaultSeverity: severity, parameters, evaluate };
}

/** A rule that looks at each change alone. */
export function createChangeRule(id: RuleId, judge: (judged: JudgedChange, settings: RuleConfig) => readonly Finding[]): Rule {
  return createRule(id, (input, settings) => input.changes.flatMap((judged) => judge(judged, settings)));
}

/** A parameter that is a list of globs. The engine has filled in the defaults and checked the types. */
export function listOf(settings: RuleConfig, name: string): readonly string[] {
  const value = settings[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** A parameter that is a limit. A missing one is a limit of zero: what is not said is not allowed. */
export function limitOf(settings: RuleConfig, name: string): number {
  const value = settings[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** A parameter that is the severity of one kind of finding. Anything else than a known one blocks. */
export function severityOf(settings: RuleConfig, name: string): Severity | 'off' {
  const value = settings[name];
  return value === 'WARN' || value === 'off' ? value : 'BLOCK';
}

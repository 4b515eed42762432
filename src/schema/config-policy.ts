import { z } from 'zod';
import type { PolicyAllowance, PolicyConfig, RuleConfig } from '../domain/config.ts';
import { RULE_DEFAULTS, RULE_IDS, type RuleDefaults, type RuleId } from '../domain/policy-rules.ts';
import { repoNameSchema } from './fields.ts';
import { daySchema } from './policy-day.ts';
import { globSchema } from './policy-glob.ts';

const LIMIT_MAX = 1_000_000_000;

const allowSchema = z.strictObject({
  path: globSchema.describe('Glob over the whole path, exactly as it is spelled.'),
  repo: repoNameSchema.nullable().default(null).describe('Only in this repository; all of them when it is left out.'),
  reason: z.string().trim().min(3, 'must say why, in a few words').max(500).describe('Why the path may change. Shown with every result that used it.'),
  expires: daySchema.describe('The last day on which it holds, YYYY-MM-DD.'),
});
// For rules about dependencies: a package by name, in whichever file, or only in the files that `path` names.
const packageAllowSchema = z
  .strictObject({
    ...allowSchema.shape,
    path: allowSchema.shape.path.optional(),
    package: globSchema.optional().describe('Glob over ECOSYSTEM:NAME, such as "npm:@octokit/*" or "pypi:requests".'),
  })
  .refine(({ path, package: name }) => path !== undefined || name !== undefined, 'must name a path, a package, or both');
const severitySchema = z.enum(['BLOCK', 'WARN', 'off']);

/** What a file may say about one rule: a severity alone, or severity, parameters and allowances. */
function ruleSchema({ parameters, noAllow, allowsPackages }: RuleDefaults) {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, value] of Object.entries(parameters)) {
    shape[name] = parameterSchema(value).optional();
  }
  const allow = noAllow === null ? z.array(allowsPackages === true ? packageAllowSchema : allowSchema).max(500) : z.array(allowSchema).max(0, `is not possible for this rule: ${noAllow}`);
  return z.union([severitySchema, z.strictObject({ severity: severitySchema.optional(), allow: allow.optional(), ...shape })]);
}

function parameterSchema(byDefault: RuleDefaults['parameters'][string]): z.ZodType {
  if (typeof byDefault === 'number') return z.int().min(0).max(LIMIT_MAX);
  return typeof byDefault === 'string' ? severitySchema : z.array(globSchema).max(500);
}

const rulesShape = Object.fromEntries(RULE_IDS.map((id) => [id, ruleSchema(RULE_DEFAULTS[id]).optional()]));

/** The `policy:` of a file or of one target: `off`, or settings by rule. */
export const policySchema = z.union([z.literal('off'), z.strictObject(rulesShape)]);
export type PolicySettings = z.output<typeof policySchema>;

const EVERYWHERE = '**';
const allowanceSchema = z
  .strictObject({ ...allowSchema.shape, path: globSchema.default(EVERYWHERE), package: globSchema.optional() })
  .transform(({ package: name, ...allowance }): PolicyAllowance => (name === undefined ? allowance : { ...allowance, package: name }));
// The shape above is made in a loop, so its static type is loose; this is what it has checked.
const settingsSchema = z.union([
  severitySchema.transform((severity) => ({ severity, allow: [] as PolicyAllowance[], parameters: {} })),
  z.looseObject({ severity: severitySchema.optional(), allow: z.array(allowanceSchema).default([]) }).transform(({ severity, allow, ...parameters }) => ({ severity, allow, parameters })),
]);

/** Lays settings over rules: a severity or limit replaces, globs and allowances are added. */
export function mergePolicy(base: PolicyConfig, settings: PolicySettings): PolicyConfig {
  if (settings === 'off') return { kind: 'off' };
  if (base.kind === 'off') return base;
  const rules = Object.entries(base.rules).map(([id, rule]) => [id, settings[id] === undefined ? rule : mergeRule(rule, settings[id])] as const);
  return { kind: 'rules', rules: Object.fromEntries(rules) };
}

function mergeRule(rule: RuleConfig, given: unknown): RuleConfig {
  const { severity, allow, parameters } = settingsSchema.parse(given);
  const merged = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, Array.isArray(value) ? [...listOf(rule[name]), ...listOf(value)] : value] as const);
  return { ...rule, ...Object.fromEntries(merged), severity: severity ?? rule.severity, allow: [...rule.allow, ...allow] };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Every rule with its defaults. */
export function defaultPolicy(): PolicyConfig {
  const rules = RULE_IDS.map((id): [RuleId, RuleConfig] => [id, { severity: RULE_DEFAULTS[id].severity, allow: [], ...RULE_DEFAULTS[id].parameters }]);
  return { kind: 'rules', rules: Object.fromEntries(rules) };
}

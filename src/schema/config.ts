import { z } from 'zod';
import type { CountersignConfig, PolicyConfig, TargetConfig } from '../domain/config.ts';
import type { RepoName } from '../domain/ids.ts';
import { configFileSchema, type ConfigFile } from './config-file.ts';
import { defaultPolicy, mergePolicy, policySchema } from './config-policy.ts';
import { parseYaml } from './config-yaml.ts';

/**
 * Reads `countersign.yml`, with defaults filled in. A file that says nothing gives the defaults, and those block.
 * @param name what to call the file in messages.
 * @throws CountersignError `bad-config` (input): every fault with its line, its key and what is allowed there.
 */
export function parseConfig(text: string, name = 'countersign.yml'): CountersignConfig {
  const { value, refuse } = parseYaml(text, name);
  const parsed = configFileSchema.safeParse(value ?? {});
  if (!parsed.success) throw refuse(parsed.error.issues, configFileSchema);
  const config = toConfig(parsed.data);
  if (config.policy.kind === 'off' && config.targets.some(({ policy }) => Object.keys(policy).length > 0)) {
    throw refuse([{ code: 'custom', path: ['policy'], message: 'is "off", so no target can have rules of its own: remove one of the two', input: 'off' }], configFileSchema);
  }
  return config;
}

/** What holds when there is no file: the recipe runner, no target, no approver, every rule at its default. */
export const defaultConfig = (): CountersignConfig => toConfig(configFileSchema.parse({}));

/** The policy for one repository: the common one with that target's own settings laid over it. */
export function effectivePolicy(config: CountersignConfig, repo: RepoName): PolicyConfig {
  const target = findTarget(config, repo);
  return target ? mergePolicy(config.policy, policySchema.parse(target.policy)) : config.policy;
}

/** The settings of one repository. GitHub compares names without case, and so do we. */
const findTarget = (config: CountersignConfig, repo: RepoName): TargetConfig | undefined =>
  config.targets.find((target) => target.repo.toLowerCase() === repo.toLowerCase());

/** JSON Schema of `countersign.yml`, for editors. */
export const configJsonSchema = (): Record<string, unknown> => ({ ...z.toJSONSchema(configFileSchema, { io: 'input' }), title: 'countersign.yml' });

function toConfig(file: ConfigFile): CountersignConfig {
  return { ...file, targets: file.targets.map((target) => ({ ...target, policy: toRules(target.policy) })), policy: mergePolicy(defaultPolicy(), file.policy) };
}

/** A target's `policy: off` is every rule off: the record keeps one shape. */
function toRules(policy: ConfigFile['policy']): Readonly<Record<string, unknown>> {
  if (policy !== 'off') return policy;
  const rules = defaultPolicy();
  return rules.kind === 'off' ? {} : Object.fromEntries(Object.keys(rules.rules).map((id) => [id, 'off']));
}

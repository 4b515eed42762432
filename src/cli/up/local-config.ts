import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { z } from 'zod';
import { inputError } from '../../domain/errors.ts';
import { parseConfig } from '../../schema/config.ts';
import { parseYaml } from '../../schema/config-yaml.ts';
import { systemReason } from '../system-reason.ts';
import { providerName } from '../../model/client/providers.ts';
import type { ModelPlan } from './model-plan.ts';

/** How soon a pull request's checks are looked at, and looked at again. The samples' CI takes about a second. */
const POLL_SECONDS = 2;

const settingsSchema = z.object({ model: z.record(z.string(), z.unknown()), limits: z.unknown(), ci: z.record(z.string(), z.unknown()), context: z.unknown(), evidence: z.unknown(), policy: z.unknown() }).partial();

/** What of somebody's `countersign.yml` holds on a local GitHub: all but who approves, and which repositories. */
export type Settings = z.infer<typeof settingsSchema>;

/** Reads a whole, valid `countersign.yml` for its settings. Rejects with `bad-config`. */
export async function readSettings(path: string): Promise<Settings> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => Promise.reject(inputError('bad-config', `${path} cannot be read: ${systemReason(error)}. --config names a countersign.yml (docs/configuration.md).`, error)));
  parseConfig(text, path);
  return settingsSchema.parse(parseYaml(text, path).value ?? {});
}

export interface LocalConfigInput {
  readonly login: string;
  readonly targets: readonly { readonly repo: string; readonly branch: string }[];
  readonly model: ModelPlan | null;
  readonly settings: Settings;
}

/** The control repo's `countersign.yml`: the settings over the defaults, one approver, the target repositories and the model. */
export function renderConfig({ login, targets, model, settings }: LocalConfigInput): string {
  const { model: modelSettings, ci, ...others } = settings;
  const config = {
    ...others,
    approvers: [login],
    targets: targets.map(({ repo, branch }) => ({ repo, base: branch })),
    // The model is named where its key is looked for, by --model: what else is said of models holds for that one.
    ...(model === null ? {} : { model: { ...localModel(model), ...modelSettings, name: model.name, ...(model.url === null ? {} : { url: model.url }), ...rolesOf(modelSettings, model) } }),
    ci: { pollSeconds: POLL_SECONDS, ...ci },
  };
  return `# Written by \`countersign up\`. docs/configuration.md explains every key.\n${stringify(config)}`;
}

/** A deployment's name does not say whether its model takes a temperature, and the newer ones refuse it. */
const localModel = ({ name }: ModelPlan): object => (providerName(name) === 'azure' ? { temperature: null } : {});

const rolesSchema = z.record(z.string(), z.looseObject({}));

/** The roles as they are set, each with the address that it is asked at. */
function rolesOf(model: Settings['model'], { roleUrls }: ModelPlan): object {
  const roles = rolesSchema.parse(model?.['roles'] ?? {});
  const urls: Readonly<Record<string, string>> = roleUrls;
  const entries = Object.entries(roles).map(([role, own]): [string, object] => [role, { ...own, ...(Object.hasOwn(urls, role) ? { url: urls[role] } : {}) }]);
  return entries.length === 0 ? {} : { roles: Object.fromEntries(entries) };
}

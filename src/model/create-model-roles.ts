import type { CountersignConfig, ModelConfig, ModelRole } from '../domain/config.ts';
import { inputError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { RoleModel, RoleModels } from './ask.ts';
import { createBudget, type Budget, type RoleBudget, type Spent, type UnderBudget } from './client/budget.ts';
import { priceOf, type Price } from './client/prices.ts';
import { withProgress } from './client/progress.ts';
import { assertModelUrl } from './client/model-url.ts';
import { createProviderClient } from './client/provider-client.ts';
import { providerName, PROVIDERS, providerOf } from './client/providers.ts';
import { createModelDesigner } from './model-designer.ts';
import { createModelProposer } from './model-proposer.ts';
import type { RecipeParsers } from './recipe/parsers.ts';
import type { Designer, Proposer } from './roles.ts';

export interface ModelSetup {
  /** `model` of countersign.yml. */
  readonly model: CountersignConfig['model'];
  /** The secret: one key, or a line `PROVIDER=KEY` for each provider. Null for a server that wants none. */
  readonly keys: string | null;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** Of the whole workflow. */
  readonly budget: Budget;
  /** What each role has used of it before; one that is left out nothing. */
  readonly spentByRole: Readonly<Partial<Record<ModelRole, Spent>>>;
}

/** The designer and the proposer of the configured models, under the workflow's budget and each role's own. Throws an `input` error for a setup that cannot work. */
export function createModelRoles(setup: ModelSetup, parsers: RecipeParsers): { designer: Designer; proposer: Proposer } {
  const underBudget = createBudget(setup.budget);
  const models: Readonly<Record<ModelRole, RoleModel>> = {
    triage: modelFor('triage', setup, underBudget),
    architect: modelFor('architect', setup, underBudget),
    planner: modelFor('planner', setup, underBudget),
    proposer: modelFor('proposer', setup, underBudget),
    repairer: modelFor('repairer', setup, underBudget),
  };
  const choose: RoleModels = (role) => models[role];
  return { designer: createModelDesigner(choose), proposer: createModelProposer(choose, parsers) };
}

function modelFor(role: ModelRole, { model, keys, clock, log, spentByRole }: ModelSetup, underBudget: UnderBudget): RoleModel {
  const own = model.roles[role];
  const isOther = own?.name !== undefined && own.name !== model.name;
  // Another model has another price than the common one, and another provider another address.
  const isElsewhere = own?.name !== undefined && providerName(own.name) !== providerName(model.name);
  const chosen: ModelConfig = { ...model, ...(isOther ? { price: null } : {}), ...(isElsewhere ? { url: null } : {}), ...own };
  const price = configuredPrice(chosen, clock) ?? priceOf(chosen.name);
  const traffic = { receivedBytes: 0 };
  const client = createProviderClient({ name: chosen.name, baseUrl: baseUrlOf(chosen, isElsewhere || own?.url !== undefined ? `model.roles.${role}.url` : 'model.url'), apiKey: keyFor(chosen.name, { model, keys }), clock, price, traffic });
  const settings = { maxOutputTokens: chosen.maxOutputTokens, timeoutMs: chosen.timeoutSeconds * 1_000, temperature: chosen.temperature };
  const budget: RoleBudget = {
    ...(spentByRole[role] ?? NOTHING_SPENT),
    role,
    costMicroUsdMax: microUsdOfCap(own?.costUsd),
    tokensMax: own?.tokens ?? null,
    priceKey: isOther || own?.price !== undefined ? `model.roles.${role}.price` : 'model.price',
    outputKey: own?.maxOutputTokens === undefined ? 'model.maxOutputTokens' : `model.roles.${role}.maxOutputTokens`,
  };
  return { client: underBudget(withProgress(client, { log, clock, traffic }), price, budget), settings };
}

const NOTHING_SPENT: Spent = { costMicroUsdUsed: 0, tokensUsed: 0, unknownCalls: 0 };

/** A cap in dollars, as it is counted; null for none. */
export const microUsdOfCap = (usd: number | null | undefined): number | null => (usd === null || usd === undefined ? null : Math.round(usd * 1_000_000));

const configuredPrice = ({ price }: ModelConfig, clock: Clock): Price | null => (price ? { ...price, asOf: clock.now().slice(0, 10), inputTokensMax: null } : null);

/** The lines of the secret, by provider; null for one key alone, which may have a `=` in it. */
function keyLines(keys: string | null, names: readonly string[]): readonly (readonly [provider: string, key: string])[] | null {
  const lines = (keys ?? '').split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '');
  const byProvider = lines.flatMap((line): [string, string][] => {
    const [, provider, key] = /^([a-z0-9-]{1,50})=(.+)$/.exec(line) ?? [];
    return provider === undefined || key === undefined ? [] : [[provider, key]];
  });
  if (byProvider.length === 0 || byProvider.length < lines.length) return null;
  return lines.length > 1 || byProvider.some(([provider]) => names.includes(provider) || Object.hasOwn(PROVIDERS, provider)) ? byProvider : null;
}

const providersOf = (model: ModelSetup['model']): readonly string[] => [...new Set([model.name, ...Object.values(model.roles).flatMap((role) => role?.name ?? [])].map(providerName))];

/** The only key, or the line of this provider. Throws an `input` error when there is none for it: one provider's key is never sent to another. */
function keyFor(name: string, { model, keys }: Pick<ModelSetup, 'model' | 'keys'>): string | null {
  const providers = providersOf(model);
  const lines = keyLines(keys, providers);
  if (lines === null && keys?.trim() && providers.length > 1) throw inputError('no-model-key', `COUNTERSIGN_MODEL_KEY holds one key, and models of ${providers.join(' and ')} are asked. Give it a line for each that wants a key: ${providers.map((provider) => `${provider}=KEY`).join(', ')}.`);
  if (lines === null) return keys?.trim() ? keys.trim() : null;
  const found = lines.find(([provider]) => provider === providerName(name))?.[1] ?? null;
  if (found === null && providerOf(name).keyVariable !== null) throw inputError('no-model-key', `COUNTERSIGN_MODEL_KEY has a line for ${lines.map(([provider]) => provider).join(' and ')}, and none for ${providerName(name)}. Add the line ${providerName(name)}=KEY.`);
  return found;
}

/** `key`: where its address stands in countersign.yml. */
function baseUrlOf({ name, url }: ModelConfig, key: string): string {
  if (!/^[^\s/]+\/\S+$/.test(name)) throw inputError('bad-model', `model.name should be recipe or PROVIDER/MODEL, not ${JSON.stringify(name.slice(0, 100))}.`);
  const found = url ?? providerOf(name).baseUrl;
  if (found === null) throw inputError('no-model-url', `There is no known address for the provider ${providerName(name)}. Set ${key} to its OpenAI-compatible base URL, up to and including /v1.`);
  assertModelUrl(found, key);
  return found.replace(/\/+$/, '');
}

import { inputError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { withBudget } from './client/budget.ts';
import { createOpenAiCompatibleClient } from './client/openai-compatible.ts';
import type { Price } from './client/prices.ts';
import { createModelDesigner } from './model-designer.ts';
import { createModelProposer } from './model-proposer.ts';
import type { RecipeParsers } from './recipe/parsers.ts';
import type { Designer, Proposer } from './roles.ts';

/** Where the well-known providers answer in the OpenAI format; any other needs `model.url`. */
const BASE_URLS: Readonly<Record<string, string>> = {
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta/openai',
  openai: 'https://api.openai.com/v1',
};

export interface ModelSetup {
  /** `model` of countersign.yml. */
  readonly model: { readonly name: string; readonly url: string | null; readonly maxOutputTokens: number; readonly timeoutSeconds: number };
  /** Null for a server that wants none. */
  readonly apiKey: string | null;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  /** Cap for the whole workflow in millionths of a US dollar, and what it has spent. A cap needs a price. */
  readonly costMicroUsdMax: number | null;
  readonly costMicroUsdUsed: number;
  readonly price: Price | null;
}

/** The designer and the proposer of a provider's model, with one budget over both. Throws an `input` error for a setup that cannot work. */
export function createModelRoles(setup: ModelSetup, parsers: RecipeParsers): { designer: Designer; proposer: Proposer } {
  const { name, maxOutputTokens, timeoutSeconds } = setup.model;
  const client = withBudget(
    createOpenAiCompatibleClient({ name, baseUrl: baseUrlOf(setup.model), apiKey: setup.apiKey, clock: setup.clock, price: setup.price }),
    { costMicroUsdMax: setup.costMicroUsdMax, costMicroUsdUsed: setup.costMicroUsdUsed, tokensMax: null, price: setup.price },
  );
  const settings = { maxOutputTokens, timeoutMs: timeoutSeconds * 1_000 };
  return { designer: createModelDesigner(client, settings), proposer: createModelProposer(client, settings, parsers) };
}

function baseUrlOf({ name, url }: ModelSetup['model']): string {
  const provider = name.slice(0, name.indexOf('/'));
  const found = url ?? (Object.hasOwn(BASE_URLS, provider) ? BASE_URLS[provider] : undefined);
  if (!/^[^\s/]+\/\S+$/.test(name)) throw inputError('bad-model', `model.name should be recipe or PROVIDER/MODEL, not ${JSON.stringify(name.slice(0, 100))}.`);
  if (found === undefined) throw inputError('no-model-url', `There is no known address for the provider ${provider}. Set model.url to its OpenAI-compatible base URL, up to and including /v1.`);
  // A key must not travel in the clear; a model on this machine needs no encryption.
  if (!/^https:\/\/|^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/|$)/.test(found)) throw inputError('bad-model-url', 'model.url must begin with https:// (http:// only for localhost).');
  return found.replace(/\/+$/, '');
}

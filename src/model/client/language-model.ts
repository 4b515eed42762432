import type { LanguageModel } from 'ai';
import { createProviderFetch, type Traffic } from './capped-fetch.ts';
import type { Wire } from './providers.ts';

export interface Endpoint {
  readonly wire: Wire;
  readonly baseUrl: string;
  /** Null for a server that wants none. */
  readonly apiKey: string | null;
  readonly model: string;
  /** The header that takes the key instead of `Authorization`; null for that one. */
  readonly keyHeader: 'api-key' | null;
  readonly traffic?: Traffic;
}

/** A server without a key gets this one: the official clients insist on a header. */
const NO_KEY = 'none';

/** The adapter of one wire format, loaded when it is used. */
export async function loadLanguageModel({ wire, baseUrl: address, apiKey, model, keyHeader, traffic }: Endpoint): Promise<LanguageModel> {
  // A query is no part of the path that a request adds to: Azure's `?api-version=…` goes behind it.
  const [baseUrl = '', query = ''] = address.split('?');
  const fetch = createProviderFetch({ query, ...(traffic ? { traffic } : {}) });
  const key = apiKey ?? NO_KEY;
  // The model classes alone: what else the packages make (images, speech, batches) is left out of the action's bundle.
  switch (wire) {
    case 'anthropic':
      return new (await import('@ai-sdk/anthropic/internal')).AnthropicLanguageModel(model, { provider: wire, baseURL: baseUrl, fetch, headers: { 'anthropic-version': '2023-06-01', 'x-api-key': key } });
    case 'openai':
      return new (await import('@ai-sdk/openai/internal')).OpenAIResponsesLanguageModel(model, { provider: 'openai.responses', url: ({ path }) => `${baseUrl}${path}`, fetch, headers: { authorization: `Bearer ${key}` } });
    case 'google':
      return new (await import('@ai-sdk/google/internal')).GoogleLanguageModel(model, { provider: 'google.generative-ai', baseURL: baseUrl, fetch, headers: { 'x-goog-api-key': key }, generateId: () => 'id' });
    case 'openai-compatible':
      return (await import('@ai-sdk/openai-compatible')).createOpenAICompatible({ baseURL: baseUrl, fetch, name: 'openai-compatible', supportsStructuredOutputs: true, ...keyOf(apiKey, keyHeader), ...(keyHeader === 'api-key' ? { transformRequestBody: azureBody } : {}) })(model);
  }
}

const keyOf = (apiKey: string | null, header: Endpoint['keyHeader']): { apiKey?: string; headers?: Record<string, string> } => (apiKey === null ? {} : header === null ? { apiKey } : { headers: { [header]: apiKey } });

/** Models that think refuse `max_tokens` at Azure, and the others take its successor, too. The name is a deployment's: which model it is cannot be seen. */
const azureBody = ({ max_tokens: maxTokens, ...body }: Record<string, unknown>): Record<string, unknown> => (maxTokens === undefined ? body : { ...body, max_completion_tokens: maxTokens });

/**
 * Answers are checked against the whole schema here. A provider's strict mode knows a part of JSON Schema only and
 * refuses the rest, so the schema travels as a guide. Nothing is left with the provider that it need not keep.
 */
export const PROVIDER_OPTIONS = { openai: { strictJsonSchema: false, store: false } } as const;

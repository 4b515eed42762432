/** The wire formats that are spoken. */
export type Wire = 'anthropic' | 'openai' | 'google' | 'openai-compatible';

/** What is known of a provider, the part of a model's name before the first slash. */
export interface Provider {
  readonly wire: Wire;
  /** Null: `model.url` has to say it. */
  readonly baseUrl: string | null;
  /** The environment variable in which people keep its key; null for a server that wants none. */
  readonly keyVariable: string | null;
  /** Where the key goes when it is not `Authorization`. */
  readonly keyHeader?: 'api-key';
}

/**
 * Providers by name. Whatever is not here speaks the OpenAI format at `model.url`: Azure, vLLM, llama.cpp, a gateway.
 * Addresses: the providers' own API documentation.
 */
export const PROVIDERS: Readonly<Record<string, Provider>> = {
  anthropic: { wire: 'anthropic', baseUrl: 'https://api.anthropic.com/v1', keyVariable: 'ANTHROPIC_API_KEY' },
  azure: { wire: 'openai-compatible', baseUrl: null, keyVariable: 'AZURE_OPENAI_API_KEY', keyHeader: 'api-key' },
  google: { wire: 'google', baseUrl: 'https://generativelanguage.googleapis.com/v1beta', keyVariable: 'GOOGLE_GENERATIVE_AI_API_KEY' },
  'llama-cpp': { wire: 'openai-compatible', baseUrl: 'http://localhost:8080/v1', keyVariable: null },
  ollama: { wire: 'openai-compatible', baseUrl: 'http://localhost:11434/v1', keyVariable: null },
  openai: { wire: 'openai', baseUrl: 'https://api.openai.com/v1', keyVariable: 'OPENAI_API_KEY' },
  'openai-compatible': { wire: 'openai-compatible', baseUrl: null, keyVariable: 'OPENAI_API_KEY' },
  vllm: { wire: 'openai-compatible', baseUrl: 'http://localhost:8000/v1', keyVariable: null },
};

const UNKNOWN: Provider = { wire: 'openai-compatible', baseUrl: null, keyVariable: null };

/** The provider of a `PROVIDER/MODEL` name. */
export const providerOf = (name: string): Provider => {
  const provider = providerName(name);
  return Object.hasOwn(PROVIDERS, provider) ? (PROVIDERS[provider] ?? UNKNOWN) : UNKNOWN;
};

export const providerName = (name: string): string => name.slice(0, Math.max(0, name.indexOf('/')));

/** What the provider itself calls the model. */
export const modelName = (name: string): string => name.slice(name.indexOf('/') + 1);

const ADDRESS_VARIABLES: Readonly<Record<Wire, string>> = { anthropic: 'ANTHROPIC_BASE_URL', google: 'GOOGLE_GENERATIVE_AI_BASE_URL', openai: 'OPENAI_BASE_URL', 'openai-compatible': 'OPENAI_BASE_URL' };

/** The environment variable in which people keep another address of a provider, by its usual name. */
export const addressVariable = (provider: string): string => ADDRESS_VARIABLES[providerOf(`${provider}/`).wire];

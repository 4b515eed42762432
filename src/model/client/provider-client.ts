import type { ModelAnswer, ModelClient, ModelFailure, ModelRequest, ModelUsage } from '../../ports/model-client.ts';
import type { Clock } from '../../ports/clock.ts';
import { microUsdOf, type Price } from './prices.ts';
import { modelName, providerOf } from './providers.ts';

export interface ProviderClientOptions {
  /** `PROVIDER/MODEL`, for the record; the part after the first slash is sent as the model. */
  readonly name: string;
  /** Where the provider answers, in the format that its name stands for. */
  readonly baseUrl: string;
  /** Null for a server that wants none. Never shown, logged or recorded. */
  readonly apiKey: string | null;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep' | 'now'>;
  /** Null: the cost of a call is not known. */
  readonly price: Price | null;
  /** Tries after a 429 or a 5xx. Default 2. */
  readonly retriesMax?: number;
  /** The longest Retry-After that is waited for; a longer one is a failure. Default 60,000. */
  readonly retryAfterMsMax?: number;
}

type Outcome = { readonly kind: 'done'; readonly answer: Answer } | { readonly kind: 'retry'; readonly afterMs: number; readonly answer: Answer };
type Answer = { readonly kind: 'answered'; readonly text: string; readonly json: unknown; readonly usage: ModelUsage } | { readonly kind: 'failed'; readonly failure: ModelFailure; readonly reason: string; readonly usage: ModelUsage };

export const NO_USAGE: ModelUsage = { tokensIn: null, tokensOut: null, costMicroUsd: null };

/**
 * A model behind a provider's own wire format or any OpenAI-compatible address, through the AI SDK, which is loaded at
 * the first call. Every failure is an answer with a reason of our own words: a provider's message may hold anything, even the key.
 */
export function createProviderClient(options: ProviderClientOptions): ModelClient {
  const { name, clock } = options;
  return {
    name,
    async generate(request) {
      const startedMs = clock.monotonicMs();
      const finish = (answer: Answer): ModelAnswer => ({ ...answer, model: name, durationMs: Math.round(clock.monotonicMs() - startedMs) });
      for (let tries = 0; ; tries++) {
        const outcome = await callOnce(request, options);
        if (outcome.kind === 'done' || tries >= (options.retriesMax ?? 2)) return finish(outcome.answer);
        if (outcome.afterMs > (options.retryAfterMsMax ?? 60_000)) return finish(outcome.answer);
        await clock.sleep(outcome.afterMs > 0 ? outcome.afterMs : 1_000 * 2 ** tries);
      }
    },
  };
}

async function callOnce(request: ModelRequest, options: ProviderClientOptions): Promise<Outcome> {
  const { askOnce } = await import('./ai-sdk.ts');
  const result = await askOnce(request, { wire: providerOf(options.name).wire, baseUrl: options.baseUrl, apiKey: options.apiKey, model: modelName(options.name), keyHeader: providerOf(options.name).keyHeader ?? null });
  const failed = (failure: ModelFailure, reason: string, usage = NO_USAGE): Answer => ({ kind: 'failed', failure, reason, usage });
  switch (result.kind) {
    case 'finished': {
      const usage = { tokensIn: result.tokensIn, tokensOut: result.tokensOut, costMicroUsd: microUsdOf(options.price, result.tokensIn, result.tokensOut) };
      return { kind: 'done', answer: judgeText({ text: withoutKey(result.text, options.apiKey), finish: result.finish }, request, usage) };
    }
    case 'http': {
      const { status } = result;
      const retryAfterMs = parseRetryAfter(result.retryAfter, options.clock.now());
      if (status === 429) return { kind: 'retry', afterMs: retryAfterMs ?? 0, answer: failed('rate-limited', rateLimitReason(retryAfterMs)) };
      if (status >= 500) return { kind: 'retry', afterMs: retryAfterMs ?? 0, answer: failed('provider-down', `the provider answered ${status}; try again later`) };
      return { kind: 'done', answer: failed('provider-down', `the provider answered ${status}: ${hintOf(status)}`) };
    }
    case 'timeout':
      return { kind: 'done', answer: failed('no-answer', `no answer within ${request.timeoutMs} ms; raise model.timeoutSeconds or use a faster model`) };
    case 'garbage':
      return { kind: 'done', answer: failed('no-answer', "the provider's answer is not in its format, broke off or is too large; check the base URL (model.url)") };
    case 'unreachable':
      return unreachable(result.code, failed);
  }
}

/** Nothing is tried again that will be no other the next second. */
function unreachable(code: string | null, failed: (failure: ModelFailure, reason: string) => Answer): Outcome {
  const why = (reason: string): Answer => failed('provider-down', `the provider cannot be reached: ${reason}`);
  if (code !== null && /CERT|TLS|SSL|SELF_SIGNED|ISSUER/.test(code)) return { kind: 'done', answer: why('its certificate is not trusted, has ended or is for another name; check the base URL (model.url)') };
  if (code === 'ENOTFOUND') return { kind: 'done', answer: why('there is no server of that name; check the base URL (model.url)') };
  return { kind: 'retry', afterMs: 0, answer: why(code === 'ECONNREFUSED' ? 'nothing listens at that address; start the server, or check the base URL (model.url)' : 'check the base URL (model.url) and the network') };
}

/** Seconds, or a date as HTTP writes it. Null when it says nothing that is understood. */
function parseRetryAfter(header: string | null, now: string): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,15}(?:\.\d{1,9})?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const until = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) - Date.parse(now) : Number.NaN;
  return Number.isFinite(until) ? Math.max(0, until) : null;
}

const rateLimitReason = (retryAfterMs: number | null): string =>
  `the provider's rate limit is reached${retryAfterMs === null ? '' : `; it asks to wait ${Math.ceil(retryAfterMs / 1000)} s`}`;

function hintOf(status: number): string {
  if (status < 400) return 'it redirects, and the key follows no redirect; set model.url to the address that it redirects to';
  if (status === 401 || status === 403) return 'check the API key (COUNTERSIGN_MODEL_KEY)';
  if (status === 404) return 'check the model name (model.name) and the base URL (model.url)';
  if (status === 402) return 'the account with the provider has no credit left';
  if (status === 413) return 'the request is too large for it; lower context.budgetBytes';
  return 'it does not accept the request; check that the model exists and takes a prompt of this size (context.budgetBytes, model.maxOutputTokens)';
}

/** Shorter ones are no secrets but placeholders; taking `x` out of an answer would only spoil it. */
const KEY_CHARACTERS_MIN = 8;

/** Answers are put on the record: a provider that quotes the key back must not bring it there. */
const withoutKey = (text: string, apiKey: string | null): string => (apiKey === null || apiKey.length < KEY_CHARACTERS_MIN ? text : text.replaceAll(apiKey, '***'));

/** The wire says how it ended; only then is the text worth reading. */
function judgeText(result: { text: string; finish: string }, request: ModelRequest, usage: ModelUsage): Answer {
  const failed = (failure: ModelFailure, reason: string): Answer => ({ kind: 'failed', failure, reason, usage });
  if (result.finish === 'length') return failed('truncated', `the answer was cut off after ${request.maxOutputTokens} tokens; raise model.maxOutputTokens`);
  if (result.finish === 'content-filter') return failed('refused', 'the provider refused to answer');
  if (result.finish === 'tool-calls') return failed('no-answer', 'the model called a tool instead of answering, and it has none; use a model that answers by a schema');
  if (result.finish !== 'stop') return failed('no-answer', 'the answer ended without a reason that is understood');
  if (result.text.trim() === '') return failed('no-answer', 'the answer is empty');
  if (request.schema === null) return { kind: 'answered', text: result.text, json: null, usage };
  try {
    const text = withoutFence(result.text);
    const json: unknown = JSON.parse(text);
    return { kind: 'answered', text, json, usage };
  } catch {
    return failed('not-by-schema', 'the answer is not JSON');
  }
}

/** Models that were not made for schemas put their JSON into a fence. It is the whole answer or it is not taken. */
const withoutFence = (text: string): string => /^\s*```(?:json)?[ \t]*\r?\n([^]*?)\r?\n[ \t]*```\s*$/i.exec(text)?.[1] ?? text;

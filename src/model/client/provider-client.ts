import { CountersignError } from '../../domain/errors.ts';
import type { ModelAnswer, ModelClient, ModelFailure, ModelRequest, ModelUsage } from '../../ports/model-client.ts';
import type { Clock } from '../../ports/clock.ts';
import { parseIJson } from '../../schema/strict-json.ts';
import { ANSWER_BYTES_MAX, ANSWER_TOO_LARGE, type Traffic } from './capped-fetch.ts';
import { httpFailure, parseRetryAfter, REFUSED } from './http-failure.ts';
import { isHeaderText, withoutKeys } from './key-form.ts';
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
  /** Is kept up to date while an answer arrives. */
  readonly traffic?: Traffic;
}

type Outcome = { readonly kind: 'done'; readonly answer: Answer } | { readonly kind: 'retry'; readonly afterMs: number; readonly answer: Answer };
type Answer = { readonly kind: 'answered'; readonly text: string; readonly json: unknown; readonly usage: ModelUsage } | { readonly kind: 'failed'; readonly failure: ModelFailure; readonly reason: string; readonly usage: ModelUsage };

/** Nobody said what was used. */
export const NO_USAGE: ModelUsage = { tokensIn: null, tokensOut: null, costMicroUsd: null };
/** No model was asked: the request did not get there, or was turned away. */
export const NOTHING_USED: ModelUsage = { tokensIn: 0, tokensOut: 0, costMicroUsd: 0 };

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
  const failed = (failure: ModelFailure, reason: string, usage = NOTHING_USED): Answer => ({ kind: 'failed', failure, reason, usage });
  if (options.apiKey !== null && !isHeaderText(options.apiKey)) return { kind: 'done', answer: failed('provider-down', BAD_KEY) };
  const { askOnce } = await import('./ai-sdk.ts');
  const result = await askOnce(request, { wire: providerOf(options.name).wire, baseUrl: options.baseUrl, apiKey: options.apiKey, model: modelName(options.name), keyHeader: providerOf(options.name).keyHeader ?? null, ...(options.traffic ? { traffic: options.traffic } : {}) });
  switch (result.kind) {
    case 'finished': {
      const usage = usageOf(result, options.price);
      return { kind: 'done', answer: judgeText({ text: withoutKeys(result.text, options.apiKey === null ? [] : [options.apiKey]), finish: result.finish }, request, usage) };
    }
    case 'http': {
      const retryAfterMs = parseRetryAfter(result, options.clock.now());
      const { failure, reason, again } = httpFailure({ status: result.status, body: result.body, retryAfterMs, keyVariable: providerOf(options.name).keyVariable });
      return again ? { kind: 'retry', afterMs: retryAfterMs ?? 0, answer: failed(failure, reason) } : { kind: 'done', answer: failed(failure, reason) };
    }
    case 'timeout':
      return { kind: 'done', answer: failed('no-answer', `no answer within ${request.timeoutMs < 1_000 ? `${request.timeoutMs} ms` : `${request.timeoutMs / 1_000} s`}; raise model.timeoutSeconds or use a faster model`, NO_USAGE) };
    case 'garbage':
      return { kind: 'done', answer: failed('no-answer', garbageReason(result.code), NO_USAGE) };
    case 'unreachable':
      return unreachable(result.code, failed);
  }
}

function garbageReason(code: string | null): string {
  if (code === ANSWER_TOO_LARGE) return `the provider's answer is larger than ${ANSWER_BYTES_MAX / 1024 / 1024} MiB, which no model's is; check the base URL (model.url)`;
  if (code !== null) return "the provider's answer broke off; try again, or check what stands between (a proxy, a server's own time-out)";
  return "what answers is not in the provider's format; check the base URL (model.url)";
}

/** Nothing is tried again that will be no other the next second, or that may have been answered and paid for. */
function unreachable(code: string | null, failed: (failure: ModelFailure, reason: string, usage?: ModelUsage) => Answer): Outcome {
  const why = (reason: string, usage?: ModelUsage): Answer => failed('provider-down', `the provider cannot be reached: ${reason}`, usage);
  const known = UNREACHABLE.find(([pattern]) => code !== null && pattern.test(code));
  if (known === undefined) return { kind: 'done', answer: why('the connection broke; try again, or check the base URL (model.url) and the network', NO_USAGE) };
  const [, reason, again] = known;
  return again ? { kind: 'retry', afterMs: 0, answer: why(reason) } : { kind: 'done', answer: why(reason) };
}

/** Codes of the system, of OpenSSL and of Node's HTTP parser that say that no request was received; whether another try may do better. */
const UNREACHABLE: readonly (readonly [RegExp, string, boolean])[] = [
  [/WRONG_VERSION_NUMBER|EPROTO|PACKET_LENGTH|ERR_SSL/, 'it does not speak TLS there; check the base URL (model.url) and its port', false],
  [/CERT|LEAF|SELF_SIGNED|ISSUER|TLS|SSL/, 'its certificate is not trusted, has ended or is for another name; check the base URL (model.url), or name your own authority in NODE_EXTRA_CA_CERTS', false],
  [/^ENOTFOUND$/, 'there is no server of that name; check the base URL (model.url)', false],
  [/^EAI_AGAIN$/, 'its name cannot be looked up; check the base URL (model.url) and the network', true],
  [/^ECONNREFUSED$/, 'nothing listens at that address; start the server, or check the base URL (model.url)', true],
  [/^(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/, 'nothing answers at that address; check the base URL (model.url), the network and whether a proxy is needed (NODE_USE_ENV_PROXY=1)', true],
  [/^HPE_/, 'what answers does not speak HTTP; check the base URL (model.url) and its port', false],
];

const BAD_KEY = 'no call was made: the API key (COUNTERSIGN_MODEL_KEY) holds a line break, a space or a character that no key has; store it again';

const TOKENS_MAX = 1_000_000_000;

/** What a provider says of its own use is as hostile as the rest: only counts that can be true are counted, anything else is unknown. */
function usageOf({ tokensIn, tokensOut }: { tokensIn: number | null; tokensOut: number | null }, price: Price | null): ModelUsage {
  const count = (value: number | null, least: number): number | null => (value !== null && Number.isSafeInteger(value) && value >= least && value <= TOKENS_MAX ? value : null);
  // No prompt of ours is empty: a server that counts nothing says 0.
  const counted = { tokensIn: count(tokensIn, 1), tokensOut: count(tokensOut, 0) };
  return { ...counted, costMicroUsd: microUsdOf(price, counted.tokensIn, counted.tokensOut) };
}

/** The wire says how it ended; only then is the text worth reading. */
function judgeText(result: { text: string; finish: string }, request: ModelRequest, usage: ModelUsage): Answer {
  const failed = (failure: ModelFailure, reason: string): Answer => ({ kind: 'failed', failure, reason, usage });
  if (result.finish === 'length') return failed('truncated', `the answer was cut off after ${request.maxOutputTokens} tokens; raise model.maxOutputTokens`);
  if (result.finish === 'content-filter') return failed('refused', REFUSED);
  if (result.finish === 'tool-calls') return failed('no-answer', 'the model called a tool instead of answering, and it has none; use a model that answers by a schema');
  if (result.finish !== 'stop') return failed('no-answer', 'the answer ended without a reason that is understood');
  const said = withoutThoughts(result.text);
  if (said.trim() === '') return failed('no-answer', 'the answer is empty');
  if (request.schema === null) return { kind: 'answered', text: said, json: null, usage };
  const text = withoutFence(said);
  try {
    const json: unknown = JSON.parse(text);
    // What says two things at once, or cannot be said, is no answer: `JSON.parse` would choose.
    parseIJson(new TextEncoder().encode(text));
    return { kind: 'answered', text, json, usage };
  } catch (error) {
    return failed('not-by-schema', error instanceof CountersignError ? error.message : 'the answer is not JSON');
  }
}

/** Models that were not made for schemas put their JSON into a fence. It is the whole answer or it is not taken. */
const withoutFence = (text: string): string => /^\s*```(?:json)?[ \t]*\r?\n([^]*?)\r?\n[ \t]*```\s*$/i.exec(text)?.[1] ?? text;

/** Local servers leave what the model thought before its answer; it is no part of it, and may hold blocks that were given up. */
const withoutThoughts = (text: string): string => text.replace(/^\s*<think>[^]*?<\/think>\s*/, '');

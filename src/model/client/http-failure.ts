import type { ModelFailure } from '../../ports/model-client.ts';

/** What an HTTP status that is no success means: our own words, and whether the same question is worth asking again. */
export interface HttpFailure {
  readonly failure: ModelFailure;
  readonly reason: string;
  readonly again: boolean;
}

/** Its own rules keep it from answering this. */
export const REFUSED = 'the provider refused to answer; ask another model (model.name), or see what in the issue or the code its rules object to';
const KEY = 'check the API key (COUNTERSIGN_MODEL_KEY)';
const MODEL = 'check the model name (model.name, or --model) and the base URL (model.url)';
const PROMPT = 'the prompt is too long for this model; lower context.budgetBytes';
const TEMPERATURE = 'this model takes no temperature; set model.temperature to null';
const NEWER = 'this model takes the newer parameters only; name it azure/NAME at Azure, openai/NAME elsewhere';
const TOKENS = 'the model does not give answers of that size; lower model.maxOutputTokens';
/** What a transcript on this machine answers, in place of a provider. */
const TRANSCRIPT = 'the transcript has no answer to this request, and no call is made; use the inputs that it was recorded with, or record it again';
const CREDIT = 'the account with the provider has no credit left';

/**
 * Providers put the same status on very different things (Google answers a wrong key with 400). What they say beside it is
 * looked for and never repeated: it may hold anything, even the key. Codes: the providers' own API references.
 */
const SAID: readonly (readonly [RegExp, (status: number) => Omit<HttpFailure, 'again'>])[] = [
  [/"(?:API_KEY_INVALID|invalid_api_key)"|API key not valid/, (status) => down(status, KEY)],
  [/"(?:content_filter|content_policy_violation)"/, () => ({ failure: 'refused', reason: REFUSED })],
  [/"not_in_transcript"/, () => ({ failure: 'no-answer', reason: TRANSCRIPT })],
  [/"(?:model_not_found|DeploymentNotFound)"/, (status) => down(status, MODEL)],
  [/"(?:context_length_exceeded|exceed_context_size_error|request_too_large)"|prompt is too long|maximum context length|exceeds the maximum number of tokens/, (status) => down(status, PROMPT)],
  [/"param":\s*"temperature"|\btemperature\b[^{}"]{0,60}(?:not support|unsupported|deprecated)/, (status) => down(status, TEMPERATURE)],
  [/'max_tokens' is not supported/, (status) => down(status, NEWER)],
  [/max_tokens: \d+ > \d+|"param":\s*"max_(?:completion_|output_)?tokens"/, (status) => down(status, TOKENS)],
  [/"(?:insufficient_quota|billing_not_active)"|credit balance is too low/, (status) => down(status, CREDIT)],
];

const down = (status: number, hint: string): Omit<HttpFailure, 'again'> => ({ failure: 'provider-down', reason: `the provider answered ${status}: ${hint}` });

/** `body`: what came with the status, as it came. `retryAfterMs`: what the provider asks for; null when it asks for nothing. */
export function httpFailure({ keyVariable, ...answer }: { status: number; body: string; retryAfterMs: number | null; /** Where people keep the key on their own machine. */ keyVariable: string | null }): HttpFailure {
  const told = tell(answer);
  return keyVariable === null ? told : { ...told, reason: told.reason.replace(KEY, KEY.replace(')', `, or ${keyVariable} on your own machine)`)) };
}

function tell({ status, body, retryAfterMs }: { status: number; body: string; retryAfterMs: number | null }): HttpFailure {
  const said = status >= 400 && status < 500 ? SAID.find(([pattern]) => pattern.test(body))?.[1](status) : undefined;
  if (said) return { ...said, again: false };
  if (status === 429) return { failure: 'rate-limited', reason: `the provider's rate limit is reached${retryAfterMs === null ? '; try again in some minutes' : `; it asks to wait ${Math.ceil(retryAfterMs / 1_000)} s: try again after that`}`, again: true };
  if (status >= 500 || status === 408) return { failure: 'provider-down', reason: `the provider answered ${status}; try again later`, again: true };
  return { ...down(status, hintOf(status)), again: false };
}

function hintOf(status: number): string {
  if (status < 400) return 'it redirects, and the key follows no redirect; set model.url to the address that it redirects to';
  if (status === 401 || status === 403) return KEY;
  if (status === 404) return MODEL;
  if (status === 402) return CREDIT;
  if (status === 413) return 'the request is too large for it; lower context.budgetBytes';
  return 'it does not accept the request; check that the model exists and takes a prompt of this size (context.budgetBytes, model.maxOutputTokens)';
}

/**
 * How long a provider asks to wait, in milliseconds from `now`; null when it says nothing that is understood. OpenAI and
 * Azure say it to the millisecond or by when a limit is reset, Google in the body, everybody else in `Retry-After`.
 */
export function parseRetryAfter({ headers, body }: { headers: Readonly<Record<string, string>>; body: string }, now: string): number | null {
  const precise = headers['retry-after-ms']?.trim() ?? '';
  if (/^\d{1,15}(?:\.\d{1,9})?$/.test(precise)) return Math.ceil(Number(precise));
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,15}(?:\.\d{1,9})?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const until = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) - Date.parse(now) : Number.NaN;
  if (Number.isFinite(until)) return Math.max(0, until);
  const delays = [/"retryDelay":\s*"([^"]{1,40})"/.exec(body)?.[1], headers['x-ratelimit-reset-requests'], headers['x-ratelimit-reset-tokens']].flatMap((delay) => durationMs(delay) ?? []);
  return delays.length === 0 ? null : Math.max(...delays);
}

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** `6m0s`, `2.5s`, `120ms`. */
function durationMs(text = ''): number | null {
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s)){1,4}$/.test(text)) return null;
  return Math.ceil([...text.matchAll(/([\d.]+)(ms|[hms])/g)].reduce((sum, [, number, unit = 's']) => sum + Number(number) * (UNITS_MS[unit] ?? 0), 0));
}

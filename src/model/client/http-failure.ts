import type { ModelFailure } from '../../ports/model-client.ts';

/** What an HTTP status that is no success means: our own words, and whether the same question is worth asking again. */
export interface HttpFailure {
  readonly failure: ModelFailure;
  readonly reason: string;
  readonly again: boolean;
}

const KEY = 'check the API key (COUNTERSIGN_MODEL_KEY)';
const MODEL = 'check the model name (model.name) and the base URL (model.url)';
const PROMPT = 'the prompt is too long for this model; lower context.budgetBytes';
const CREDIT = 'the account with the provider has no credit left';

/**
 * Providers put the same status on very different things (Google answers a wrong key with 400). What they say beside it is
 * looked for and never repeated: it may hold anything, even the key. Codes: the providers' own API references.
 */
const SAID: readonly (readonly [RegExp, (status: number) => Omit<HttpFailure, 'again'>])[] = [
  [/"(?:API_KEY_INVALID|invalid_api_key)"|API key not valid/, (status) => down(status, KEY)],
  [/"(?:content_filter|content_policy_violation)"/, () => ({ failure: 'refused', reason: 'the provider refused to answer' })],
  [/"(?:model_not_found|DeploymentNotFound)"/, (status) => down(status, MODEL)],
  [/"(?:context_length_exceeded|exceed_context_size_error|request_too_large)"|prompt is too long|maximum context length|exceeds the maximum number of tokens/, (status) => down(status, PROMPT)],
  [/"(?:insufficient_quota|billing_not_active)"|credit balance is too low/, (status) => down(status, CREDIT)],
];

const down = (status: number, hint: string): Omit<HttpFailure, 'again'> => ({ failure: 'provider-down', reason: `the provider answered ${status}: ${hint}` });

/** `body`: what came with the status, as it came. `retryAfterMs`: what the provider asks for; null when it asks for nothing. */
export function httpFailure({ status, body, retryAfterMs }: { status: number; body: string; retryAfterMs: number | null }): HttpFailure {
  const said = status >= 400 && status < 500 ? SAID.find(([pattern]) => pattern.test(body))?.[1](status) : undefined;
  if (said) return { ...said, again: false };
  if (status === 429) return { failure: 'rate-limited', reason: `the provider's rate limit is reached${retryAfterMs === null ? '' : `; it asks to wait ${Math.ceil(retryAfterMs / 1_000)} s`}`, again: true };
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

/** Seconds, or a date as HTTP writes it, in milliseconds from `now`. Null when it says nothing that is understood. */
export function parseRetryAfter(header: string | null, now: string): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,15}(?:\.\d{1,9})?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const until = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) - Date.parse(now) : Number.NaN;
  return Number.isFinite(until) ? Math.max(0, until) : null;
}

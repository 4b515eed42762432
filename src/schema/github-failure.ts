import { z } from 'zod';

import { outsideError, type CountersignError } from '../domain/errors.ts';

/** An unsuccessful answer of GitHub, before anyone has judged it. */
export interface GitHubFailure {
  /** What was being done, as a phrase: "read octo/api#1". */
  readonly doing: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** The parsed body, whatever it is. */
  readonly data: unknown;
  /** The token of the request; replaced wherever the answer repeats it. */
  readonly secret: string;
}

const bodySchema = z.object({
  message: z.string().optional(),
  documentation_url: z.string().optional(),
  errors: z.array(z.union([z.string(), z.object({ message: z.string().optional(), code: z.string().optional(), field: z.string().optional() })])).optional().catch(undefined),
});

const MESSAGE_MAX = 300;

/** GitHub's own words, safe to show: one line, capped, without control characters and without the token. */
export function githubMessage(data: unknown, secret: string): string {
  const body = bodySchema.safeParse(data);
  if (!body.success) return '';
  const details = (body.data.errors ?? []).map((error) => (typeof error === 'string' ? error : (error.message ?? [error.field, error.code].filter(Boolean).join(' '))));
  return safeText([body.data.message, ...details].filter(Boolean).join(': '), secret);
}

/** One line of someone else's text: capped, without control characters, without `secret`. */
export function safeText(text: string, secret: string): string {
  const masked = secret === '' ? text : text.replaceAll(secret, '***');
  const clean = masked.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return clean.length > MESSAGE_MAX ? `${clean.slice(0, MESSAGE_MAX)}…` : clean;
}

/** True when GitHub asked to come back later: the request was not carried out. */
export function isRateLimited({ status, headers, data, secret }: Pick<GitHubFailure, 'status' | 'headers' | 'data' | 'secret'>): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return headers['retry-after'] !== undefined || String(headers['x-ratelimit-remaining']) === '0' || /rate limit/i.test(githubMessage(data, secret));
}

/** The longest hint that is believed, in seconds: GitHub's limits start anew every hour. */
const WAIT_SECONDS_MAX = 3600;

/** How long GitHub asks to wait, in milliseconds; null when it does not say. Uses its own clock (the `date` header), not ours. */
export function retryAfterMs(headers: GitHubFailure['headers']): number | null {
  const seconds = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(seconds) && seconds >= 0) return Math.min(seconds, WAIT_SECONDS_MAX) * 1000;
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  const now = Date.parse(String(headers['date']));
  if (String(headers['x-ratelimit-remaining']) !== '0' || !Number.isFinite(reset) || !Number.isFinite(now)) return null;
  return Math.min(Math.max(reset - now, 0) + 1000, WAIT_SECONDS_MAX * 1000);
}

/** Turns an unsuccessful answer into an error whose sentence says what to check. Never carries the token. */
export function githubError(failure: GitHubFailure): CountersignError {
  const { code, advice } = judge(failure);
  const said = githubMessage(failure.data, failure.secret);
  const link = documentationLink(failure.data);
  return outsideError(code, `GitHub did not ${failure.doing} (${failure.status}${said === '' ? '' : `: ${said}`}). ${advice}${link}`);
}

function judge(failure: GitHubFailure): { code: string; advice: string } {
  const { status } = failure;
  if (isRateLimited(failure)) return { code: 'github-rate-limit', advice: rateLimitAdvice(failure.headers) };
  if (status >= 300 && status < 400) return { code: 'github-moved', advice: 'The repository was renamed or moved: name it as GitHub calls it now.' };
  if (status === 401) return { code: 'github-token', advice: 'Check that the token is set, belongs to this server and has not expired.' };
  if (status === 403) return { code: 'github-permission', advice: 'Check that the token has the permission for this and reaches this repository.' };
  if (status === 404) return { code: 'github-not-found', advice: 'Check the name, and that the token may see the repository: GitHub hides what a token must not see.' };
  if (status === 409) return { code: 'github-conflict', advice: 'Something changed there meanwhile, or the repository is empty. Try again.' };
  if (status === 422) return { code: 'github-invalid', advice: 'GitHub understood the request and declined it.' };
  if (status >= 500) return { code: 'github-down', advice: 'This is a fault on its side: try again later.' };
  return { code: 'github-unexpected', advice: 'That answer was not expected here.' };
}

function rateLimitAdvice(headers: GitHubFailure['headers']): string {
  const waitMs = retryAfterMs(headers);
  return waitMs === null ? 'The request limit is used up: try again later.' : `The request limit is used up: try again in ${Math.ceil(waitMs / 1000)} seconds.`;
}

function documentationLink(data: unknown): string {
  const body = bodySchema.safeParse(data);
  const url = body.success ? (body.data.documentation_url ?? '') : '';
  return /^https:\/\/docs\.github\.com\/[\w./?#=&%-]{0,200}$/.test(url) ? ` See ${url}` : '';
}

/** GitHub could not be reached, or the connection broke. */
export function unreachableError(doing: string, cause: unknown): CountersignError {
  return outsideError('github-unreachable', `GitHub could not be reached to ${doing} (${networkCode(cause) ?? 'connection failed'}). Check the network and the API address.`, cause);
}

/** The system's code of a network failure, wherever in the chain of causes it is. */
export function networkCode(error: unknown): string | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return null;
}

const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** True when the request certainly never reached GitHub. */
export const wasNotSent = (error: unknown): boolean => NOT_SENT.includes(networkCode(error) ?? '');

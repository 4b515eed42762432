import { CountersignError } from '../domain/errors.ts';
import { isRateLimited, retryAfterMs } from '../schema/github-failure.ts';
import type { Answer } from './exchange.ts';

/** How often a read is tried, the first time included. */
export const ATTEMPTS_MAX = 5;
const BACKOFF_BASE_MS = 400;
const BACKOFF_MAX_MS = 8_000;
/** Longer than this a job does not wait for a rate limit: it ends with a sentence that says when to come back. */
const RATE_LIMIT_WAIT_MAX_MS = 60_000;

/** An answer with what is needed to judge it: the request's token, and whether GraphQL reports a passing failure. */
export type JudgedAnswer = Answer & { readonly secret: string; readonly transient: boolean };

/** Milliseconds to wait before the next attempt, or null when this outcome is the last word. `fraction` is the jitter, in [0, 1). */
export function waitBefore(tried: number, outcome: JudgedAnswer | Error, fraction: number): number | null {
  if (tried >= ATTEMPTS_MAX) return null;
  const backoffMs = Math.ceil(Math.min(BACKOFF_BASE_MS * 2 ** (tried - 1), BACKOFF_MAX_MS) * fraction);
  if (outcome instanceof Error) return outcome instanceof CountersignError && outcome.code === 'github-unreachable' ? backoffMs : null;
  if (isRateLimited(outcome)) {
    const askedMs = retryAfterMs(outcome.headers) ?? backoffMs;
    return askedMs > RATE_LIMIT_WAIT_MAX_MS ? null : askedMs + backoffMs;
  }
  return outcome.status >= 500 || outcome.transient ? backoffMs : null;
}

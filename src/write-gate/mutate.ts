import type { z } from 'zod';

import { outsideError, type CountersignError } from '../domain/errors.ts';
import type { Clock, Random } from '../ports/clock.ts';
import { githubError, isRateLimited, retryAfterMs, unreachableError, wasNotSent } from '../schema/github-failure.ts';
import { NoAnswer, sendToGitHub, type GitHubAnswer } from '../system/github-request.ts';

// The only file of the product that sends POST, PATCH, PUT or DELETE to the REST API, or a GraphQL mutation. It sends what
// the intents' files ask for, after they have asked `mayWrite`; nothing outside `write-gate/` may import it.

export interface MutationAccess {
  /** Without a trailing slash, e.g. `https://api.github.com`. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly token: string;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Mutation {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the API address, with a leading slash; or `graphql`. */
  readonly path: string;
  readonly body: object | null;
  /** A phrase: "create the branch x in octo/api". */
  readonly doing: string;
  /**
   * True when doing it twice has the effect of doing it once. Only then is it repeated after an answer that got lost or a
   * 5xx; otherwise such a failure rejects, and whoever asked has to look at what is there.
   */
  readonly repeatable: boolean;
}

export type MutationAnswer = GitHubAnswer;

const ATTEMPTS_MAX = 4;
const BACKOFF_BASE_MS = 500;
const BACKOFF_MAX_MS = 8_000;
/** Longer than this no write waits for a rate limit. */
const RATE_LIMIT_WAIT_MAX_MS = 90_000;

/**
 * Sends one mutation and gives back GitHub's last word, whatever its status. Repeated only where that is safe: when the request
 * certainly did not arrive or was put off by a rate limit, and else only when it is repeatable.
 * Rejects with `github-unreachable` when nothing was sent, with `outcome-unknown` when it may have been carried out.
 */
export async function mutate(access: MutationAccess, mutation: Mutation): Promise<MutationAnswer> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await send(access, mutation);
    const waitMs = tried < ATTEMPTS_MAX ? waitBeforeRepeating(access, mutation, { outcome, tried }) : null;
    if (waitMs !== null) await access.clock.sleep(waitMs);
    else if (outcome.kind === 'answered') return settled(access, mutation, outcome.answer);
    else throw outcome.sent && !mutation.repeatable ? outcomeUnknown(mutation, 'the connection broke') : unreachableError(mutation.doing, outcome.error);
  }
}

// A 5xx says as little about what was done as no answer at all.
function settled(access: MutationAccess, mutation: Mutation, answer: MutationAnswer): MutationAnswer {
  if (answer.status < 500) return answer;
  throw mutation.repeatable ? failed(access, mutation, answer) : outcomeUnknown(mutation, `GitHub answered ${answer.status}`);
}

function outcomeUnknown({ doing }: Mutation, why: string): CountersignError {
  return outsideError('outcome-unknown', `GitHub was asked to ${doing}, but ${why}: it may or may not have been done. Look there before asking again.`);
}

type Outcome = { readonly kind: 'answered'; readonly answer: MutationAnswer } | { readonly kind: 'unanswered'; readonly sent: boolean; readonly error: unknown };

function waitBeforeRepeating({ token, random }: MutationAccess, { repeatable }: Mutation, { outcome, tried }: { outcome: Outcome; tried: number }): number | null {
  const backoffMs = Math.ceil(Math.min(BACKOFF_BASE_MS * 2 ** (tried - 1), BACKOFF_MAX_MS) * random.fraction());
  if (outcome.kind === 'unanswered') return repeatable || !outcome.sent ? backoffMs : null;
  const { answer } = outcome;
  if (isRateLimited({ ...answer, secret: token })) {
    const askedMs = retryAfterMs(answer.headers) ?? backoffMs;
    return askedMs > RATE_LIMIT_WAIT_MAX_MS ? null : askedMs + backoffMs;
  }
  return answer.status >= 500 && repeatable ? backoffMs : null;
}

async function send({ apiUrl, graphqlUrl, token, userAgent }: MutationAccess, { method, path, body }: Mutation): Promise<Outcome> {
  const url = path === 'graphql' ? graphqlUrl : `${apiUrl}${path}`;
  try {
    return { kind: 'answered', answer: await sendToGitHub({ method, url, token, userAgent, body }) };
  } catch (error) {
    const cause = error instanceof NoAnswer ? error.cause : error;
    return { kind: 'unanswered', sent: !wasNotSent(cause), error: cause };
  }
}

/** The error for an answer that is not what was asked for. */
export function failed({ token }: Pick<MutationAccess, 'token'>, { doing }: Pick<Mutation, 'doing'>, answer: MutationAnswer): CountersignError {
  return githubError({ ...answer, doing, secret: token });
}

/** As `mutate`, but expects `status` and an answer of `schema`'s shape. */
export async function mutateTo<T>(access: MutationAccess, mutation: Mutation, expected: { readonly status: number; readonly schema: z.ZodType<T> }): Promise<T> {
  const answer = await mutate(access, mutation);
  if (answer.status !== expected.status) throw failed(access, mutation, answer);
  return parseAnswer(answer, expected.schema, mutation);
}

export function parseAnswer<T>(answer: MutationAnswer, schema: z.ZodType<T>, { doing }: Pick<Mutation, 'doing'>): T {
  const parsed = schema.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw outsideError('github-answer', `GitHub was asked to ${doing} and answered in an unexpected shape at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}.`);
}

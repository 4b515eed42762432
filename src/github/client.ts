import type { z } from 'zod';

import { outsideError } from '../domain/errors.ts';
import type { Clock, Random } from '../ports/clock.ts';
import { githubError } from '../schema/github-failure.ts';
import { sendGet, sendQuery, type Answer, type GitHubAccess } from './exchange.ts';
import { graphqlData, isTransient } from './graphql-answer.ts';
import { waitBefore } from './retry.ts';

export interface GitHubClientOptions extends GitHubAccess {
  readonly clock: Clock;
  readonly random: Random;
}

/** Reads GitHub: GETs and GraphQL queries, nothing else. Every answer is parsed; every failure says what to check. */
export interface GitHubClient {
  /** Rejects with an `outside` error unless GitHub answers 200 in the expected shape. `doing` is a phrase: "read octo/api#1". */
  get<T>(path: string, schema: z.ZodType<T>, doing: string): Promise<T>;
  /** As `get`, but null when GitHub answers 404. */
  find<T>(path: string, schema: z.ZodType<T>, doing: string): Promise<T | null>;
  query<T>(query: GraphqlQuery, schema: z.ZodType<T>, doing: string): Promise<T>;
}

export interface GraphqlQuery {
  readonly text: string;
  readonly variables: Readonly<Record<string, string | number | boolean>>;
}

export function createGitHubClient(options: GitHubClientOptions): GitHubClient {
  const read = (path: string, doing: string) => persist(options, () => sendGet(options, path, doing));
  return {
    get: async (path, schema, doing) => parse(expectOk(await read(path, doing), options.token, doing), schema, doing),
    find: async (path, schema, doing) => {
      const answer = await read(path, doing);
      return answer.status === 404 ? null : parse(expectOk(answer, options.token, doing), schema, doing);
    },
    query: async (query, schema, doing) => {
      const answer = await persist(options, () => sendQuery(options, query, doing));
      return parse(graphqlData(expectOk(answer, options.token, doing), options.token, doing), schema, doing);
    },
  };
}

/** Reading is harmless, so it is repeated on 5xx, on a broken connection and when GitHub asks to wait: bounded, with full jitter. */
async function persist({ clock, random, token }: GitHubClientOptions, attempt: () => Promise<Answer>): Promise<Answer> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await attempt().catch(asError);
    const judged = outcome instanceof Error ? outcome : { ...outcome, secret: token, transient: isTransient(outcome) };
    const waitMs = waitBefore(tried, judged, random.fraction());
    if (waitMs !== null) await clock.sleep(waitMs);
    else if (outcome instanceof Error) throw outcome;
    else return outcome;
  }
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

function expectOk(answer: Answer, secret: string, doing: string): unknown {
  if (answer.status === 200) return answer.data;
  throw githubError({ ...answer, doing, secret });
}

function parse<T>(data: unknown, schema: z.ZodType<T>, doing: string): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw outsideError('github-answer', `GitHub's answer to "${doing}" has an unexpected shape at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}. Check that the API address is a GitHub server of a supported version.`);
}


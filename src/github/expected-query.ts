import { z } from 'zod';

import { outsideError } from '../domain/errors.ts';
import type { GitHubClient, GraphqlQuery } from './client.ts';

const QUERY = /^query \w+\(([\s\S]*?)\) \{([\s\S]*)\}\s*$/;
const dataSchema = z.record(z.string(), z.unknown());

/** A question that is sure to come. */
export interface ExpectedQuery {
  readonly query: GraphqlQuery;
  /** Which of an answer's top-level names are its own. */
  readonly isOwn: (name: string) => boolean;
}

/**
 * A client that sends a question which is sure to come together with the one before it: one request for both. When it is then asked
 * in these very words, the answer is there, once; in other words it is asked like any other. A refusal of either part fails both: then
 * each is asked for by itself.
 */
export function expecting(client: GitHubClient, { query: expected, isOwn }: ExpectedQuery): GitHubClient {
  let isSent = false;
  let held: Readonly<Record<string, unknown>> | null = null;
  return {
    ...client,
    query: async (query, schema, doing) => {
      if (isSame(query, expected)) {
        const answer = held;
        isSent = true;
        held = null;
        return answer === null ? client.query(query, schema, doing) : parse(answer, schema, doing);
      }
      if (isSent) return client.query(query, schema, doing);
      isSent = true;
      const answer = await client.query(joinQueries(query, expected), dataSchema, doing);
      held = pick(answer, isOwn);
      return parse(pick(answer, (name) => !isOwn(name)), schema, doing);
    },
  };
}

const isSame = (one: GraphqlQuery, other: GraphqlQuery): boolean => one.text === other.text && JSON.stringify(one.variables) === JSON.stringify(other.variables);

/** Two queries as one. Their variables and aliases must differ: both are this product's own texts. */
export function joinQueries(one: GraphqlQuery, other: GraphqlQuery): GraphqlQuery {
  const [, variables = '', fields] = QUERY.exec(one.text) ?? [];
  const [, moreVariables = '', moreFields] = QUERY.exec(other.text) ?? [];
  const shared = Object.keys(one.variables).filter((name) => name in other.variables);
  if (fields === undefined || moreFields === undefined || shared.length > 0) throw new TypeError(`These queries cannot be asked as one: ${shared.join(', ') || 'their form is another'}.`);
  return { text: `query Joined(${variables}, ${moreVariables}) {${fields}${moreFields}}`, variables: { ...one.variables, ...other.variables } };
}

const pick = (data: Readonly<Record<string, unknown>>, isWanted: (name: string) => boolean): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(data).filter(([name]) => isWanted(name)));

function parse<T>(data: unknown, schema: z.ZodType<T>, doing: string): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw outsideError('github-answer', `GitHub's answer to "${doing}" has an unexpected shape at ${parsed.error.issues[0]?.path.join('.') ?? 'its top'}.`);
}

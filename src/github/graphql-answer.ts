import { z } from 'zod';

import { CountersignError, outsideError } from '../domain/errors.ts';
import { safeText } from '../schema/github-failure.ts';
import type { Answer } from './exchange.ts';

const answerSchema = z.object({
  // An answer that is nothing but errors may have no data at all.
  data: z.unknown().optional(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string(), path: z.array(z.union([z.string(), z.number()])).optional() })).optional(),
});

/** The data of a GraphQL answer. Any error fails it: a partial answer would be read as "there is none". */
export function graphqlData(body: unknown, secret: string, doing: string): unknown {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) throw outsideError('github-answer', `GitHub's answer to "${doing}" is not a GraphQL answer. Check the GraphQL address.`);
  const [error] = parsed.data.errors ?? [];
  if (!error) return parsed.data.data;
  const said = safeText(error.message, secret);
  // What cannot be found is what somebody named wrongly; everything else is GitHub's affair.
  throw new CountersignError(error.type === 'NOT_FOUND' ? 'input' : 'outside', codeOf(error.type), `GitHub did not ${doing} (${error.type ?? 'error'}: ${said}). ${adviceOn(error.type)}`);
}

/** True for the failures that GitHub reports with status 200 and that may pass by themselves. */
export function isTransient({ status, data }: Answer): boolean {
  const parsed = answerSchema.safeParse(data);
  const [error] = (parsed.success ? parsed.data.errors : undefined) ?? [];
  return status === 200 && error !== undefined && (error.type === 'RATE_LIMITED' || (error.type === undefined && /something went wrong|timeout/i.test(error.message)));
}

function codeOf(type: string | undefined): string {
  if (type === 'NOT_FOUND') return 'github-not-found';
  if (type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES') return 'github-permission';
  return type === 'RATE_LIMITED' ? 'github-rate-limit' : 'github-graphql';
}

function adviceOn(type: string | undefined): string {
  if (type === 'NOT_FOUND') return 'Check the name and number, and that the token may see the repository.';
  if (type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES') return 'Check that the token has the permission for this and reaches this repository.';
  return type === 'RATE_LIMITED' ? 'The request limit is used up: try again later.' : 'Try again; if it stays, check the server’s version.';
}

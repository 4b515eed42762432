import type { GraphQLError } from 'graphql';
import { Refusal } from '../reply.ts';

/** GitHub gives its errors a `type` beside the message: NOT_FOUND, FORBIDDEN, STALE_DATA, UNPROCESSABLE. */
export class TypedError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = 'TypedError';
    this.type = type;
  }
}

/** An error as GitHub's GraphQL API words it. A refusal's status becomes its type. */
export function formatError(error: GraphQLError): Record<string, unknown> {
  const cause = error.cause;
  const shape = { path: error.path, locations: error.locations };
  if (cause instanceof TypedError) return { type: cause.type, ...shape, message: cause.message };
  if (cause instanceof Refusal) return { type: cause.reply.status === 404 ? 'NOT_FOUND' : 'FORBIDDEN', ...shape, message: cause.message };
  return { ...shape, message: error.message };
}

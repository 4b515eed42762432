// POST /api/graphql, against the slice of GitHub's schema.
import { GraphQLError, buildSchema, execute, parse, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { z } from 'zod';
import { readSchemaText } from '../published.ts';
import { Refusal, ok } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { Call } from '../world.ts';
import { createCommitOnBranch } from './create-commit.ts';
import { formatError } from './errors.ts';
import { queryRoot } from './queries.ts';

const request = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish(), operationName: z.string().nullish() });
const DOCUMENTS_MAX = 100;
interface Prepared {
  /** Null when the text is no GraphQL. */
  readonly document: DocumentNode | null;
  /** What the slice of the schema says against it. */
  readonly errors: readonly GraphQLError[];
}
const known = new Map<string, Prepared>();
let schema: GraphQLSchema | null = null;
const loadSchema = (): GraphQLSchema => (schema ??= buildSchema(readSchemaText()));

/** Parses and validates. The same few queries come again and again, so they are kept. */
function prepare(query: string): Prepared {
  const found = known.get(query);
  if (found !== undefined) return found;
  if (known.size >= DOCUMENTS_MAX) known.clear();
  const prepared = check(query);
  known.set(query, prepared);
  return prepared;
}

function check(query: string): Prepared {
  try {
    const document = parse(query);
    return { document, errors: validate(loadSchema(), document) };
  } catch (error) {
    return { document: null, errors: [error instanceof GraphQLError ? error : new GraphQLError(String(error))] };
  }
}

/** Whether the request's body is a mutation; true when it cannot be told. */
export function isMutation(body: unknown): boolean {
  const input = request.safeParse(body);
  const document = input.success ? prepare(input.data.query).document : null;
  return document === null || document.definitions.some((node) => node.kind === 'OperationDefinition' && node.operation !== 'query');
}

export async function executeGraphql(call: Call): Promise<Reply> {
  if (call.token === null) throw new Refusal(401, 'This endpoint requires you to be authenticated.');
  const input = request.safeParse(call.body);
  if (!input.success) throw new Refusal(400, 'A query attribute must be specified and must be a string.');
  const { document, errors: faults } = prepare(input.data.query);
  if (document === null || faults.length > 0) {
    call.world.services.violations.push(`graphql: ${faults.map((error) => error.message).join(' ')}`);
    return { status: 501, body: { message: `The local GitHub does not serve this query: ${faults[0]?.message ?? ''}`, errors: faults.map(formatError) } };
  }
  const mutation = { createCommitOnBranch: (args: { input: unknown }) => createCommitOnBranch(call, args.input) };
  const result = await execute({ schema: loadSchema(), document, rootValue: { ...queryRoot(call), ...mutation }, variableValues: input.data.variables ?? {}, operationName: input.data.operationName ?? undefined });
  const errors = result.errors ?? [];
  for (const error of errors) if (error.cause instanceof TypeError || error.cause instanceof z.ZodError) call.world.services.violations.push(`graphql: ${error.message}`);
  return ok({ ...(errors.length > 0 ? { errors: errors.map(formatError) } : {}), data: result.data ?? null });
}

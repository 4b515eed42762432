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
let schema: GraphQLSchema | null = null;
const DOCUMENTS_MAX = 100;
const documents = new Map<string, DocumentNode | GraphQLError[]>();

/** A parsed and valid query, or what is wrong with it. The same few queries come again and again. */
function prepare(query: string): DocumentNode | GraphQLError[] {
  const known = documents.get(query);
  if (known !== undefined) return known;
  schema ??= buildSchema(readSchemaText());
  let prepared: DocumentNode | GraphQLError[];
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    prepared = errors.length > 0 ? [...errors] : document;
  } catch (error) {
    prepared = [error instanceof GraphQLError ? error : new GraphQLError(String(error))];
  }
  if (documents.size >= DOCUMENTS_MAX) documents.clear();
  documents.set(query, prepared);
  return prepared;
}

/** Whether the request's body is a mutation; true when it cannot be told. */
export function isMutation(body: unknown): boolean {
  const input = request.safeParse(body);
  const prepared = input.success ? prepare(input.data.query) : [];
  return Array.isArray(prepared) || prepared.definitions.some((node) => node.kind === 'OperationDefinition' && node.operation !== 'query');
}

export async function executeGraphql(call: Call): Promise<Reply> {
  if (call.token === null) throw new Refusal(401, 'This endpoint requires you to be authenticated.');
  const input = request.safeParse(call.body);
  if (!input.success) throw new Refusal(400, 'A query attribute must be specified and must be a string.');
  const prepared = prepare(input.data.query);
  if (Array.isArray(prepared) || schema === null) {
    const errors = Array.isArray(prepared) ? prepared : [];
    call.world.services.violations.push(`graphql: ${errors.map((error) => error.message).join(' ')}`);
    return { status: 501, body: { message: `The local GitHub does not serve this query: ${errors[0]?.message ?? ''}`, errors: errors.map(formatError) } };
  }
  const mutation = { createCommitOnBranch: (args: { input: unknown }) => createCommitOnBranch(call, args.input) };
  const result = await execute({ schema, document: prepared, rootValue: { ...queryRoot(call), ...mutation }, variableValues: input.data.variables ?? {}, operationName: input.data.operationName ?? undefined });
  const errors = result.errors ?? [];
  for (const error of errors) if (error.originalError instanceof TypeError || error.originalError instanceof z.ZodError) call.world.services.violations.push(`graphql: ${error.message}`);
  return ok({ ...(errors.length > 0 ? { errors: errors.map(formatError) } : {}), data: result.data ?? null });
}

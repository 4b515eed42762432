// The slice of GitHub's OpenAPI description that is served, ready for validation and routing.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const parameter = z.union([
  z.object({ $ref: z.string() }),
  z.looseObject({ name: z.string(), in: z.enum(['path', 'query', 'header']), required: z.boolean().optional(), schema: z.json().optional() }),
]);
const media = z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.json().optional() })).optional() });
const operation = z.looseObject({
  operationId: z.string(),
  parameters: z.array(parameter).optional(),
  requestBody: z.looseObject({ required: z.boolean().optional(), content: z.record(z.string(), z.looseObject({ schema: z.json().optional() })) }).optional(),
  responses: z.record(z.string(), z.union([z.object({ $ref: z.string() }), media])),
});
const description = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({
    schemas: z.record(z.string(), z.json()), parameters: z.record(z.string(), parameter), responses: z.record(z.string(), media), headers: z.record(z.string(), z.json()).optional(),
  }),
});

export type Description = z.infer<typeof description>;
export type Operation = z.infer<typeof operation>;
export type Parameter = z.infer<typeof parameter>;

export const readDescription = (): Description =>
  description.parse(JSON.parse(readFileSync(new URL('../published/openapi.json', import.meta.url), 'utf8')));

export const readSchemaText = (): string => readFileSync(new URL('../published/schema.graphql', import.meta.url), 'utf8');

/**
 * OpenAPI 3.0 schemas as JSON Schema: `nullable` without a `type` (beside `allOf`, `anyOf`, `$ref`) becomes a choice with null,
 * and references point into one document.
 */
export function toJsonSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const converted = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJsonSchema(item)]));
  if (converted['nullable'] !== true) return converted;
  const rest: { [key: string]: Json } = Object.fromEntries(Object.entries(converted).filter(([key]) => key !== 'nullable'));
  if (Array.isArray(rest['enum']) && typeof rest['type'] === 'string') return { ...rest, enum: [...rest['enum'], null], type: [rest['type'], 'null'] };
  return typeof rest['type'] === 'string' ? { ...rest, type: [rest['type'], 'null'] } : { anyOf: [{ type: 'null' }, rest] };
}

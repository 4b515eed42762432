import { z } from 'zod';

import type { Actor, EventType, EvidenceRef, RunRef, WorkflowEvent } from '../domain/event.ts';
import { bodySchemas, statusSchema } from './event-bodies.ts';
import type { Same } from './exact.ts';
import { countSchema, instantSchema, ledgerIdSchema, listOf, loginSchema, nameSchema, oidSchema, positiveSchema, repoNameSchema, sha256Schema, workflowIdSchema } from './fields.ts';
import { BY_SCHEMA_ALONE, problemsOf } from './problems.ts';
import { isEvent } from './validators.ts';

/** The most events that one workflow can have: file names carry four digits. */
export const SEQ_MAX = 9_999;
export const MEDIA_TYPES = ['application/json', 'text/markdown', 'text/x-diff', 'text/plain'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

export const actorSchema = z.strictObject({ kind: z.enum(['human', 'workflow', 'model']), login: loginSchema.nullable(), id: positiveSchema.nullable() });
/** @public The compiler reads it: a schema and the domain that differ stop it here. */
export const actorMatches: Same<z.infer<typeof actorSchema>, Actor> = true;

export const runSchema = z.strictObject({
  repository: repoNameSchema,
  id: countSchema,
  attempt: positiveSchema,
  job: nameSchema,
  workflowRef: z.string().max(1_000),
  workflowSha: oidSchema,
});
/** @public The compiler reads it: a schema and the domain that differ stop it here. */
export const runMatches: Same<z.infer<typeof runSchema>, RunRef> = true;

// People and tools save evidence under its name: it can be no path, no option and no hidden file.
const evidenceNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._ -]{0,199}$/, 'expected a file name: letters, digits, dots, hyphens, underscores and spaces');

// Narrower than in the domain: four media types, since each has its file ending.
export const evidenceSchema = z.strictObject({
  sha256: sha256Schema,
  size: countSchema,
  mediaType: z.enum(MEDIA_TYPES),
  name: evidenceNameSchema,
}) satisfies z.ZodType<EvidenceRef>;


// An idempotency key: printable ASCII without spaces, so that it can stand in a log line.
export const eventIdSchema = z.string().regex(/^[!-~]{1,200}$/, 'expected 1 to 200 printable characters without spaces');

/** One ledger record with the body that its type asks for. */
export function eventSchemaOf<T extends EventType>(type: T) {
  return z.strictObject({
    format: z.literal('countersign/event@1'),
    ledger: ledgerIdSchema,
    workflow: workflowIdSchema,
    seq: z.int().min(1).max(SEQ_MAX),
    prev: sha256Schema.nullable(),
    id: eventIdSchema,
    type: z.literal(type),
    at: instantSchema,
    state: z.strictObject({ from: statusSchema.nullable(), to: statusSchema }),
    actor: actorSchema,
    run: runSchema,
    policy: sha256Schema,
    evidence: listOf(evidenceSchema, 1_000),
    body: bodySchemas[type],
  });
}

/** Any ledger record. */
export const eventSchema: z.ZodType<WorkflowEvent> = z.discriminatedUnion('type', [
  eventSchemaOf('E_WORKFLOW_CREATED'),
  eventSchemaOf('E_CONTEXT_INGESTED'),
  eventSchemaOf('E_DECISION_RECORDED'),
  eventSchemaOf('E_ARTIFACT_RECORDED'),
  eventSchemaOf('E_PATCH_SET_PROPOSED'),
  eventSchemaOf('E_POLICY_EVALUATED'),
  eventSchemaOf('E_GATE_EVALUATED'),
  eventSchemaOf('E_APPROVAL_REQUESTED'),
  eventSchemaOf('E_APPROVAL_RECORDED'),
  eventSchemaOf('E_CHANGES_REQUESTED'),
  eventSchemaOf('E_PATCH_SET_REJECTED'),
  eventSchemaOf('E_WRITE_INTENDED'),
  eventSchemaOf('E_PATCH_SET_APPLIED'),
  eventSchemaOf('E_PR_OPENED'),
  eventSchemaOf('E_CI_OBSERVED'),
  eventSchemaOf('E_RUN_RECORDED'),
  eventSchemaOf('E_CONTEXT_PROVIDED'),
  eventSchemaOf('E_NEEDS_HUMAN'),
  eventSchemaOf('E_CANCELLED'),
  eventSchemaOf('E_WORKFLOW_FINISHED'),
]);

export type ParsedEvent = { readonly kind: 'valid'; readonly event: WorkflowEvent } | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Reads one event's JSON value by the published schema of its type. Lists every problem, each with its place. */
export function parseEvent(value: unknown): ParsedEvent {
  if (isEvent(value)) return { kind: 'valid', event: value };
  const parsed = eventSchema.safeParse(value);
  return { kind: 'invalid', problems: parsed.success ? [BY_SCHEMA_ALONE] : problemsOf(parsed.error) };
}

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { z } from 'zod';

import type { Manifest } from '../domain/change-set.ts';
import type { ContextManifest } from '../domain/context.ts';
import type { AnyDocument, ArtifactKind } from '../domain/documents.ts';
import { EVENT_TYPES, type WorkflowEvent } from '../domain/event.ts';
import type { GateResult } from '../domain/gate.ts';
import type { PolicyResult } from '../domain/policy.ts';
import { contextManifestSchema } from './context-manifest.ts';
import { documentSchemas } from './documents.ts';
import { eventSchemaOf } from './events.ts';
import { gateResultSchema, policyResultSchema } from './gate-records.ts';
import { manifestSchema } from './manifest.ts';

// Whoever reads many records judges them by the very JSON Schemas that ledger-schema/ publishes, compiled by ajv: several times
// faster than zod, which is asked for its sentences where a record does not hold.

type Guard<T> = (value: unknown) => value is T;

/** Compiling one schema takes as long as it takes zod to judge some hundred values: it is done for whoever reads more. */
const JUDGED_BY_ZOD = 100;

/** Compiles when it pays. Until then, and where code cannot be compiled (a page that forbids it), nothing passes and zod judges. */
function lazily<T>(schema: () => z.ZodType): Guard<T> {
  let compiled: ValidateFunction | null = null;
  let asked = 0;
  return (value): value is T => {
    if (compiled === null && ++asked <= JUDGED_BY_ZOD) return false;
    compiled ??= compile(schema());
    return compiled(value);
  };
}

function compile(schema: z.ZodType): ValidateFunction {
  try {
    return new Ajv2020({ strict: true, allErrors: false, allowUnionTypes: true }).compile(z.toJSONSchema(schema));
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return Object.assign(() => false, { schema: {}, schemaEnv: {} }) as unknown as ValidateFunction;
  }
}

const events = new Map(EVENT_TYPES.map((type) => [type as string, lazily<WorkflowEvent>(() => eventSchemaOf(type))]));

/** True for an event of a known type that holds by its schema. */
export function isEvent(value: unknown): value is WorkflowEvent {
  const type = typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' ? value.type : '';
  return events.get(type)?.(value) === true;
}

export const isContextManifest = lazily<ContextManifest>(() => contextManifestSchema);
export const isManifest = lazily<Manifest>(() => manifestSchema);
/** By the schema alone: that a result follows from its parts is not asked. */
export const isGateResult = lazily<GateResult>(() => gateResultSchema);
/** By the schema alone, as above. */
export const isPolicyResult = lazily<PolicyResult>(() => policyResultSchema);
/** By the schema alone: that ids are not used twice is not asked. */
export const isDocument: { readonly [Kind in ArtifactKind]: Guard<AnyDocument> } = {
  decision: lazily(() => documentSchemas.decision),
  architecture: lazily(() => documentSchemas.architecture),
  scope: lazily(() => documentSchemas.scope),
  plan: lazily(() => documentSchemas.plan),
  gates: lazily(() => documentSchemas.gates),
};

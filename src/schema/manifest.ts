import { z } from 'zod';

import type { Change, Manifest, Patch } from '../domain/change-set.ts';
import type { Same } from './exact.ts';
import { branchSchema, listOf, nameSchema, oidSchema, patchSetIdSchema, pathSchema, positiveSchema, repoNameSchema, sha256Schema, workflowIdSchema } from './fields.ts';
import { BY_SCHEMA_ALONE, problemsOf } from './problems.ts';
import { isManifest } from './validators.ts';

export const fileModeSchema = z.enum(['100644', '100755', '120000', '160000']);

export const changeSchema = z.strictObject({
  path: pathSchema,
  op: z.enum(['add', 'modify', 'delete']),
  oldMode: fileModeSchema.nullable(),
  newMode: fileModeSchema.nullable(),
  oldBlob: oidSchema.nullable(),
  newBlob: oidSchema.nullable(),
});
/** @public The compiler reads it: a schema and the domain that differ stop it here. */
export const changeMatches: Same<z.infer<typeof changeSchema>, Change> = true;

export const patchSchema = z.strictObject({ id: nameSchema, task: nameSchema, paths: listOf(pathSchema) });
/** @public The compiler reads it: a schema and the domain that differ stop it here. */
export const patchMatches: Same<z.infer<typeof patchSchema>, Patch> = true;

/** What a person countersigns; its canonical bytes' SHA-256 is the approval digest. */
export const manifestSchema = z.strictObject({
  format: z.literal('countersign/manifest@1'),
  workflow: workflowIdSchema,
  patchSet: patchSetIdSchema,
  revision: positiveSchema,
  repo: repoNameSchema,
  base: z.strictObject({ branch: branchSchema, commit: oidSchema, tree: oidSchema }),
  result: z.strictObject({ tree: oidSchema }),
  changes: listOf(changeSchema).min(1),
  patches: listOf(patchSchema),
  diff: sha256Schema,
  scope: sha256Schema,
  plan: sha256Schema,
  gates: sha256Schema,
  gateResults: sha256Schema,
  policy: sha256Schema,
  policyResult: sha256Schema,
  issueRevision: sha256Schema,
});
/** @public The compiler reads it: a schema and the domain that differ stop it here. */
export const manifestMatches: Same<z.infer<typeof manifestSchema>, Manifest> = true;

export type ParsedManifest = { readonly kind: 'valid'; readonly manifest: Manifest } | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Reads a manifest's JSON value. Lists every problem, each with its place. */
export function parseManifest(value: unknown): ParsedManifest {
  if (isManifest(value)) return { kind: 'valid', manifest: value };
  const parsed = manifestSchema.safeParse(value);
  return { kind: 'invalid', problems: parsed.success ? [BY_SCHEMA_ALONE] : problemsOf(parsed.error) };
}

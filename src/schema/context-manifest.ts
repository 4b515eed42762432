import { z } from 'zod';

import type { ContextManifest } from '../domain/context.ts';
import type { Same } from './exact.ts';
import { countSchema, listOf, nameSchema, oidSchema, pathSchema, repoNameSchema, sha256Schema } from './fields.ts';
import { contextManifest } from './generated/result-validators.js';
import { problemsOf } from './problems.ts';

const ENTRIES_MAX = 100_000;

const range = z.strictObject({ repo: repoNameSchema, path: pathSchema, blob: oidSchema, start: countSchema, end: countSchema });

/** What a context hash is the hash of: enough to read the same bytes again from the pinned commits. */
export const contextManifestSchema = z.strictObject({
  format: z.literal('countersign/context@1'),
  repos: listOf(z.strictObject({ repo: repoNameSchema, commit: oidSchema, tree: oidSchema }), 100).min(1),
  shown: listOf(range, ENTRIES_MAX),
  cutOff: listOf(z.strictObject({ repo: repoNameSchema, path: pathSchema, files: countSchema, reason: z.enum(['budget', 'too-large', 'binary', 'unreadable', 'link', 'over-limit', 'lfs-pointer', 'lockfile']) }), ENTRIES_MAX),
  budgetBytes: countSchema,
  tools: listOf(z.strictObject({ name: nameSchema, version: nameSchema }), 100),
  promptTemplates: listOf(z.strictObject({ role: nameSchema, hash: sha256Schema }), 100),
});
/** @public The compiler reads it: a schema and the domain that differ stop it here. */
export const contextManifestMatches: Same<z.infer<typeof contextManifestSchema>, ContextManifest> = true;

export type ParsedContextManifest = { readonly kind: 'valid'; readonly manifest: ContextManifest } | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Reads a context manifest's JSON value. Lists every problem, each with its place. */
export function parseContextManifest(value: unknown): ParsedContextManifest {
  if (isContextManifest(value)) return { kind: 'valid', manifest: value };
  const parsed = contextManifestSchema.safeParse(value);
  return parsed.success ? { kind: 'valid', manifest: parsed.data } : { kind: 'invalid', problems: problemsOf(parsed.error) };
}

// What ajv made of the published schema; zod is asked where it says no, for the sentences.
const isContextManifest = (value: unknown): value is ContextManifest => contextManifest(value);

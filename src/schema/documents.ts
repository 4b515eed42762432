import { z } from 'zod';
import type { AnyDocument, Architecture, ArtifactKind, Decision, Documents, GatesDocument, Plan, Scope } from '../domain/documents.ts';
import { oidSchema, repoNameSchema, sha256Schema, workflowIdSchema } from './fields.ts';
import { globSchema } from './policy-glob.ts';
import * as validators from './generated/document-validators.js';
import { BY_SCHEMA_ALONE, problemsOf } from './problems.ts';

// Documents are written by models: every text and list has a limit, every field a type, and an unknown field is a fault.
const sentence = z.string().min(1).max(2000);
const text = z.string().max(8000);
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be a short id: letters, digits, ".", "_" and "-"');
const path = z.string().min(1).max(4096);
const list = <T extends z.ZodType>(item: T, max = 100) => z.array(item).max(max);
const ids = list(id);

/** One citation of a document. */
export const citationSchema = z.strictObject({
  id,
  repo: repoNameSchema,
  commit: oidSchema,
  path,
  lines: z
    .tuple([z.int().min(1).max(10_000_000), z.int().min(1).max(10_000_000)])
    .refine(([first, last]) => first <= last, 'must run from the first line to the last')
    .nullable(),
  blob: oidSchema,
});

/** One open or answered question of a document. */
export const unknownSchema = z.strictObject({
  id,
  question: sentence,
  whyItMatters: text,
  blocking: z.boolean(),
  options: list(sentence, 20),
  answer: text.nullable(),
  answeredBy: z.string().max(200).nullable(),
});

const envelope = <Stage extends ArtifactKind>(stage: Stage) => ({
  schemaVersion: z.literal(1),
  workflow: workflowIdSchema,
  stage: z.literal(stage),
  author: z.string().max(200).regex(/^(?:recipe|[^\s/]+\/\S+)$/, 'must be "recipe" or PROVIDER/MODEL'),
  inputHashes: list(sha256Schema),
  contextHash: sha256Schema,
  evidence: list(citationSchema, 500),
  unknowns: list(unknownSchema),
  assumptions: list(z.strictObject({ id, text: sentence, evidenceIds: ids })),
});

const decision = z.strictObject({
  ...envelope('decision'),
  verdict: z.enum(['GO', 'NO_GO', 'DEFER']),
  reasons: list(z.strictObject({ text: sentence, evidenceIds: ids })),
  risk: z.enum(['low', 'medium', 'high']),
  missingContext: list(sentence),
  duplicates: list(sentence),
  deferUntil: sentence.nullable(),
}) satisfies z.ZodType<Decision>;

const name = z.string().max(300);
const root = z.string().max(4096);
const tableOf = <T extends z.ZodType>(item: T) => z.array(item).max(200);
const end = z.strictObject({ repo: repoNameSchema, root });
const place = z.strictObject({ repo: repoNameSchema, path: root, line: z.int().min(1).max(10_000_000).nullable() });
const count = z.int().min(0).max(100_000_000);
const ecosystem = z.enum(['npm', 'python', 'go', 'cargo', 'maven', 'gradle', 'composer', 'rubygems', 'nuget', 'pub', 'swift', 'hex']);

const topology = z.strictObject({
  components: tableOf(z.strictObject({ repo: repoNameSchema, root, name, ecosystem: ecosystem.nullable(), files: count, tests: count })),
  links: tableOf(z.strictObject({ from: end, to: end, imports: count, declared: name.nullable() })),
  crossRepo: tableOf(z.strictObject({ kind: z.enum(['package', 'route', 'schema', 'name']), name, provider: place, user: place })),
  dependencies: tableOf(z.strictObject({ repo: repoNameSchema, manifest: root, name, requirement: name, group: z.enum(['runtime', 'development', 'peer', 'optional', 'build']) })),
  omitted: z.strictObject({ components: count, links: count, crossRepo: count, dependencies: count }),
});

const architecture = z.strictObject({
  ...envelope('architecture'),
  topology: topology.optional(),
  components: list(z.strictObject({ id, repo: repoNameSchema, paths: list(path, 500), role: sentence })),
  interfaces: list(z.strictObject({ id, description: text, providers: ids, consumers: ids })),
  decisions: list(
    z.strictObject({ id, title: sentence, drivers: list(sentence), options: list(sentence), chosen: sentence, consequences: list(sentence), confirmation: sentence }),
  ),
  invariants: list(sentence),
  crossRepoOrder: list(repoNameSchema),
  risks: list(z.strictObject({ text: sentence, mitigation: text })),
}) satisfies z.ZodType<Architecture>;

const pathSets = list(z.strictObject({ repo: repoNameSchema, paths: list(globSchema, 500) }));

const scope = z.strictObject({
  ...envelope('scope'),
  goals: list(sentence),
  nonGoals: list(sentence),
  allowedPaths: pathSets,
  newPaths: pathSets.optional(),
  forbiddenPaths: pathSets,
  acceptanceCriteria: list(z.strictObject({ id, sentence, given: text, when: text, then: text, verification: text })),
}) satisfies z.ZodType<Scope>;

const plan = z.strictObject({
  ...envelope('plan'),
  tasks: list(
    z.strictObject({
      id,
      title: sentence,
      criteriaIds: ids,
      repo: repoNameSchema,
      files: list(z.strictObject({ path, operation: z.enum(['add', 'modify', 'delete']) }), 1000),
      dependsOn: ids,
      verification: text,
    }),
  ),
  budget: z.strictObject({ files: z.int().min(0).max(100_000), lines: z.int().min(0).max(10_000_000) }),
  rollback: text,
}) satisfies z.ZodType<Plan>;

const gates = z.strictObject({
  ...envelope('gates'),
  gates: list(
    z.strictObject({ gate: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]), requires: list(sentence) }),
    6,
  ),
}) satisfies z.ZodType<GatesDocument>;

/** The schema of each document. `satisfies` above holds them to the domain's types. */
export const documentSchemas: { readonly [Kind in ArtifactKind]: z.ZodType<Documents[Kind]> } = { decision, architecture, scope, plan, gates };

// What ajv made of the published schemas, which are the contract.
const VALIDATORS: Readonly<Record<ArtifactKind, (value: unknown) => boolean>> = validators;

export type ParsedDocument<Kind extends ArtifactKind> =
  | { readonly kind: 'valid'; readonly document: Documents[Kind] }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Checks what a model or an artifact offers as a document. Every fault is listed, as `path: what is wrong`; ids must be unique. */
export function parseDocument<Kind extends ArtifactKind>(kind: Kind, value: unknown): ParsedDocument<Kind> {
  const holds = isBySchema(kind, value);
  // Lines that end before they begin are more than a schema can tell.
  if (holds && value.evidence.every(({ lines }) => lines === null)) return withUniqueIds(value);
  const parsed = documentSchemas[kind].safeParse(value);
  if (parsed.success && !holds) return { kind: 'invalid', problems: [BY_SCHEMA_ALONE] };
  if (!parsed.success) return { kind: 'invalid', problems: safeProblems(parsed.error) };
  return withUniqueIds(parsed.data);
}

const isBySchema = <Kind extends ArtifactKind>(kind: Kind, value: unknown): value is Documents[Kind] => VALIDATORS[kind](value);

function withUniqueIds<Kind extends ArtifactKind>(document: Documents[Kind]): ParsedDocument<Kind> {
  const problems = repeatedIds(document);
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'valid', document };
}

/** A schema's complaints in lines that are safe to show: an unknown key is quoted in them, and it may hold anything. */
export const safeProblems = (error: z.ZodError): string[] => problemsOf(error).map((problem) => problem.slice(0, 300).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?'));

/** A reference by id must mean one thing. */
function repeatedIds(document: AnyDocument): string[] {
  const lists = Object.entries(document).filter((entry): entry is [string, readonly { id: string }[]] => isListWithIds(entry[1]));
  return lists.flatMap(([name, items]) => {
    const ids = items.map(({ id }) => id);
    if (new Set(ids).size === ids.length) return [];
    const repeated = [...new Set(ids)].filter((id) => ids.indexOf(id) !== ids.lastIndexOf(id));
    return repeated.map((same) => `${name}: the id ${same} is used twice`);
  });
}

const isListWithIds = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every((item: unknown) => typeof item === 'object' && item !== null && 'id' in item);

import { z } from 'zod';
import type { RepositoryContext } from '../domain/context.ts';
import type { ArtifactKind, DocumentEnvelope, Documents, Evidence } from '../domain/documents.ts';
import { CountersignError } from '../domain/errors.ts';
import { nearby } from '../domain/nearby-path.ts';
import { LEDGER_JSON } from '../schema/json.ts';
import { copyPlain } from '../schema/plain-json.ts';
import { documentSchemas, parseDocument } from '../schema/documents.ts';
import type { Accepted } from './ask.ts';
import { topologyFor } from './topology.ts';

/** Fields of a document that facts decide, so that no model is asked for them. */
const OWN_FIELDS: readonly (keyof DocumentEnvelope<ArtifactKind> | 'topology')[] = ['topology', 'schemaVersion', 'workflow', 'stage', 'author', 'inputHashes', 'contextHash', 'evidence'];

const citation = z.strictObject({ id: z.string().max(64), repo: z.string().max(140), path: z.string().max(4_096), lines: z.tuple([z.int().min(1), z.int().min(1)]).nullable() });
const cites = z.array(citation).max(200);

/** The JSON Schema of what a model writes of a document: everything but the envelope's facts, and `cites` for evidence. */
export function contentJsonSchema(kind: ArtifactKind): Record<string, unknown> {
  const schema = z.toJSONSchema(documentSchemas[kind], { unrepresentable: 'any' });
  const own = new Set<string>(OWN_FIELDS);
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !own.has(name)));
  const citesSchema = { ...z.toJSONSchema(cites) };
  delete citesSchema['$schema'];
  return { type: 'object', properties: { ...properties, cites: citesSchema }, required: [...Object.keys(properties), 'cites'], additionalProperties: false };
}

/** Puts a model's content under an envelope of facts and checks the whole. Citations must name files of the pinned trees. */
export function completeDocument<Kind extends ArtifactKind>(kind: Kind, json: unknown, from: { envelope: Omit<DocumentEnvelope<Kind>, 'evidence' | 'unknowns' | 'assumptions'>; context: RepositoryContext }): Accepted<Documents[Kind]> {
  const unfit = unfitForRecords(json);
  if (unfit !== null) return { kind: 'faulty', problems: [unfit] };
  const content = z.looseObject({ cites }).safeParse(json);
  if (!content.success) return { kind: 'faulty', problems: content.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  const { cites: cited, ...fields } = content.data;
  const evidence = cited.map((each) => evidenceOf(each, from.context));
  const missing = evidence.filter((found) => typeof found === 'string');
  if (missing.length > 0) return { kind: 'faulty', problems: missing };
  // The envelope comes last: a model that writes these fields anyway changes nothing.
  const facts = kind === 'architecture' ? { topology: topologyFor(from.context) } : {};
  const parsed = parseDocument(kind, { ...fields, ...from.envelope, ...facts, evidence });
  return parsed.kind === 'valid' ? { kind: 'accepted', value: parsed.document } : { kind: 'faulty', problems: parsed.problems.map((problem) => problem.replace(/^evidence\b/, 'cites')) };
}

/** Why no record can hold this (half a character, NUL, a number that is none), or null. The model is told, and may mend it. */
function unfitForRecords(json: unknown): string | null {
  try {
    copyPlain(json, LEDGER_JSON);
    return null;
  } catch (error) {
    if (error instanceof CountersignError && error.kind === 'input') return error.message;
    throw error;
  }
}

/** What is cited, or what is wrong with it. */
function evidenceOf({ id, repo, path, lines }: z.infer<typeof citation>, context: RepositoryContext): Evidence | string {
  const facts = context.repos.find((each) => each.repo === repo);
  if (facts === undefined) return `cites ${id}: ${repo} is not one of this workflow's repositories (${context.repos.map((each) => each.repo).join(', ')}).`;
  const file = facts.files.find((each) => each.path === path);
  if (file === undefined) return `cites ${id}: ${path} is not in the pinned tree of ${repo}.${nearby(path, facts.files.map((each) => each.path))}`;
  if (lines === null) return { id, repo, path, lines, commit: facts.commit, blob: file.blob };
  if (file.lines === null) return `cites ${id}: lines of ${path} can not be told, as it was not read as text: cite the whole file, with null.`;
  if (lines[0] > lines[1] || lines[1] > file.lines) return `cites ${id}: ${path} has no lines ${lines[0]} to ${lines[1]}; it has ${file.lines}${file.lines === 0 ? ' (it is empty): cite the whole file, with null' : ''}.`;
  return { id, repo, path, lines, commit: facts.commit, blob: file.blob };
}

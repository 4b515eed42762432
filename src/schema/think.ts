import { z } from 'zod';
import { isOid, isPatchSetId, isRepoName, isSha256, isWorkflowId } from '../domain/ids.ts';
import { hashCanonical } from './canonical-json.ts';
import { repoNameSchema, TEXT_MAX } from './fields.ts';

// What a think job hands to its record job. The record job treats every byte of it as hostile: capped, strict, recomputed.

/** Largest artifact that is read at all. */
export const THINK_BYTES_MAX = 16 * 1024 * 1024;
const PROPOSAL_CHARACTERS_MAX = 8 * 1024 * 1024;

const sha256 = z.string().refine(isSha256, 'is not a SHA-256');
const oid = z.string().refine(isOid, 'is not a git object id');
const repoName = z.string().refine(isRepoName, 'is not OWNER/NAME');
const sentence = z.string().max(4_000);
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable();

/** A longer prompt is not kept, whatever the config says: its hash is. */
export const RENDERED_CHARACTERS_MAX = 2_000_000;

const rendered = z.strictObject({ system: z.string().max(100_000), prompt: z.string().max(RENDERED_CHARACTERS_MAX) });

const call = z.strictObject({
  role: z.string().regex(/^[a-z-]{1,40}$/),
  model: z.string().max(200).nullable(),
  promptTemplate: sha256.nullable(),
  prompt: sha256.nullable(),
  /** The prompt itself, when the config asks for it. */
  rendered: rendered.nullable(),
  parameters: z.record(z.string().max(100), z.union([z.string().max(1_000), z.int(), z.boolean(), z.null()])),
  output: z.string().max(PROPOSAL_CHARACTERS_MAX),
  tokensIn: count,
  tokensOut: count,
  costMicroUsd: count,
  durationMs: z.int().min(0).max(86_400_000),
  outcome: z.enum(['succeeded', 'failed']),
  reason: sentence.nullable(),
}).refine((made) => made.rendered === null || hashCanonical(made.rendered) === made.prompt, 'its rendered prompt does not have the hash that it names');

const question = z.strictObject({ id: z.string().max(40), question: sentence });
const failure = z.strictObject({ code: z.string().regex(/^[a-z0-9-]{1,60}$/), reason: sentence, questions: z.array(question).max(50) });

const workflowRepo = z.strictObject({
  repo: repoName,
  role: z.enum(['primary', 'secondary']),
  baseBranch: z.string().min(1).max(250),
  baseCommit: oid,
  baseTree: oid,
});

const designArtifact = z.strictObject({
  format: z.literal('countersign/think@1'),
  stage: z.literal('design'),
  workflow: z.string().refine(isWorkflowId, 'is not a workflow id'),
  issueRevision: sha256,
  repos: z.array(workflowRepo).min(1).max(20),
  contextHash: sha256,
  /** Each is parsed again by its own schema. */
  documents: z.strictObject({
    decision: z.unknown(),
    architecture: z.unknown(),
    scope: z.unknown(),
    plan: z.unknown(),
    gates: z.unknown(),
  }),
  calls: z.array(call).max(50),
  failure: failure.nullable(),
});

const part = z.strictObject({ format: z.enum(['edits', 'diff']), text: z.string().max(PROPOSAL_CHARACTERS_MAX) });

const patchArtifact = z.strictObject({
  format: z.literal('countersign/think@1'),
  stage: z.literal('patch'),
  workflow: z.string().refine(isWorkflowId, 'is not a workflow id'),
  proposals: z
    .array(z.strictObject({ patchSet: z.string().refine(isPatchSetId, 'is not a PatchSet id'), repo: repoName, parts: z.array(part).min(1).max(50) }))
    .max(20),
  /** A change that was handed to the patch step before there is a design: an answer to the question that the workflow asks. */
  given: z.string().max(TEXT_MAX).nullable().default(null),
  calls: z.array(call).max(50),
  failure: failure.nullable(),
});

/** The proposal as evidence: its parts are applied one after the other, the first to the base. */
export const proposalSchema = z.strictObject({ format: z.literal('countersign/proposal@1'), repo: repoNameSchema, parts: z.array(part).min(1).max(50) });

export type DesignArtifact = z.infer<typeof designArtifact>;
export type PatchArtifact = z.infer<typeof patchArtifact>;
export type ThinkCall = z.infer<typeof call>;
export type Proposal = z.infer<typeof proposalSchema>;

export type Parsed<T> = { readonly kind: 'valid'; readonly value: T } | { readonly kind: 'invalid'; readonly reason: string };

export const parseDesignArtifact = (bytes: Uint8Array): Parsed<DesignArtifact> => parseArtifact(designArtifact, bytes);
export const parsePatchArtifact = (bytes: Uint8Array): Parsed<PatchArtifact> => parseArtifact(patchArtifact, bytes);

function parseArtifact<T>(schema: z.ZodType<T>, bytes: Uint8Array): Parsed<T> {
  if (bytes.byteLength > THINK_BYTES_MAX) return { kind: 'invalid', reason: `The artifact has ${bytes.byteLength} bytes; at most ${THINK_BYTES_MAX} are read.` };
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    return { kind: 'invalid', reason: 'The artifact is not JSON in UTF-8.' };
  }
  if (!isStorable(json)) return { kind: 'invalid', reason: 'The artifact holds text that no record can hold: NUL, or half a surrogate pair.' };
  const result = schema.safeParse(json);
  if (result.success) return { kind: 'valid', value: result.data };
  const first = result.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'artifact'}: ${issue.message}`);
  return { kind: 'invalid', reason: `The artifact does not have the expected form (${first.join('; ')}).` };
}

/** True when the ledger can hold every text in it, names of members too. */
function isStorable(json: unknown): boolean {
  const left = [json];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\u0000'))) return false;
    if (value !== null && typeof value === 'object') for (const [name, member] of Object.entries(value)) left.push(name, member);
  }
  return true;
}

import { z } from 'zod';
import { policySchema } from './config-policy.ts';
import { repoNameSchema } from './fields.ts';

// The shape of `countersign.yml` as people write it. What each value means stands in docs/configuration.md.

const count = (min: number, max: number, byDefault: number) => z.int().min(min).max(max).default(byDefault);
const loginSchema = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})$/, 'must be the login of a person on GitHub (no @, no bot, no team)');
const branchSchema = z.string().max(250).regex(/^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|\.lock$))[^\s~^:?*[\\\p{Cc}]+(?<![/.])$/u, 'must be the name of a branch');
const checkSchema = z.string().min(1).max(200);
const areUnique = (names: readonly string[]): boolean => new Set(names.map((name) => name.toLowerCase())).size === names.length;

const targetSchema = z.strictObject({
  repo: repoNameSchema.describe('OWNER/NAME'),
  base: branchSchema.nullable().default(null).describe("Branch to work on; the repository's default branch when it is left out."),
  checks: z.array(checkSchema).max(100).default([]).describe('Checks that must pass where GitHub itself requires none.'),
  verification: z.enum(['required', 'none']).default('required').describe('"none": done without any check, and every page says so.'),
  policy: policySchema.default({}).describe('Rule settings for this repository, laid over the policy below.'),
});

const usd = z.number().min(0).max(10_000);
const modelUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).max(2000).nullable();
const temperature = z.number().min(0).max(2).nullable();
const costUsd = z.number().min(0).max(100_000).nullable();
const tokens = z.int().min(0).max(1_000_000_000).nullable();
const price = z.strictObject({ inputUsd: usd, outputUsd: usd }).nullable();

/** What one role asks instead; what is left out is as for the others. */
const roleModelSchema = z.strictObject({
  name: z.string().max(200).regex(/^[a-z0-9][a-z0-9-]*\/\S+$/, 'must be PROVIDER/MODEL').exactOptional(),
  url: modelUrl.exactOptional(),
  maxOutputTokens: z.int().min(256).max(1_000_000).exactOptional(),
  timeoutSeconds: z.int().min(1).max(3600).exactOptional(),
  temperature: temperature.exactOptional(),
  price: price.exactOptional(),
  costUsd: costUsd.exactOptional().describe('Most that this role may spend in one workflow.'),
  tokens: tokens.exactOptional().describe('Most tokens, in and out together, that this role may use in one workflow.'),
});

const modelSchema = z.strictObject({
  name: z.string().max(200).regex(/^(?:recipe|[a-z0-9][a-z0-9-]*\/\S+)$/, 'must be "recipe" or PROVIDER/MODEL').default('recipe'),
  url: modelUrl.default(null).describe("Address of the provider; its own when it is left out. Needed for an OpenAI-compatible one."),
  maxOutputTokens: count(256, 1_000_000, 16_000),
  timeoutSeconds: count(1, 3600, 300),
  temperature: temperature.default(0).describe("null: the model's own."),
  price: price.default(null).describe('US dollars for a million tokens, where the built-in table does not know the model.'),
  roles: z.strictObject({ triage: roleModelSchema, architect: roleModelSchema, planner: roleModelSchema, proposer: roleModelSchema, repairer: roleModelSchema }).partial().default({}).describe('What single roles ask instead.'),
});

const limitsSchema = z.strictObject({
  regenerations: count(0, 20, 1).describe('New proposals after a BLOCK violation or a failed Gate 3.'),
  ciRegenerations: count(0, 20, 0).describe('New proposals after failed CI.'),
  revisions: count(1, 100, 5).describe('Revisions of one PatchSet, whoever asked for them.'),
  approvalHours: count(1, 8760, 336).describe('How long an approval holds.'),
  costUsd: costUsd.default(null).describe('Most that one workflow may spend on model calls.'),
  tokens: tokens.default(null).describe('Most tokens, in and out together, that one workflow may use.'),
});

export const configFileSchema = z.strictObject({
  approvers: z.array(loginSchema).max(100).refine(areUnique, 'names a person twice').default([]).describe('Who may countersign.'),
  targets: z.array(targetSchema).max(500).refine((targets) => areUnique(targets.map(({ repo }) => repo)), 'names a repository twice').default([]),
  model: modelSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  ci: z.strictObject({ timeoutSeconds: count(1, 86_400, 1800), pollSeconds: count(1, 3600, 15) }).prefault({}),
  context: z.strictObject({ budgetBytes: count(10_000, 20_000_000, 400_000) }).prefault({}),
  evidence: z.enum(['hashes', 'full']).default('hashes').describe('"full": the ledger also keeps each prompt as it was sent. Anyone who can read the control repo then reads the code that the model was shown.'),
  policy: policySchema.default({}),
});
export type ConfigFile = z.output<typeof configFileSchema>;

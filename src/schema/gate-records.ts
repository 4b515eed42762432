import { z } from 'zod';
import type { GateResult } from '../domain/gate.ts';
import type { PolicyResult } from '../domain/policy.ts';
import { safeProblems } from './documents.ts';
import { patchSetIdSchema, repoNameSchema, sha256Schema } from './fields.ts';
import * as validators from './generated/result-validators.js';
import { daySchema } from './policy-day.ts';

const count = z.int().min(0).max(1_000_000_000);
const line = z.string().min(1).max(4000);
const path = z.string().max(8192);
const severity = z.enum(['BLOCK', 'WARN']);
const outcome = z.enum(['PASS', 'FAIL', 'WAITING']);

export const gateResultSchema = z.strictObject({
  format: z.literal('countersign/gate-result@1'),
  gate: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
  subject: z.strictObject({ patchSet: patchSetIdSchema, revision: z.int().min(1).max(1000), digest: sha256Schema }).nullable(),
  outcome,
  failure: z.enum(['policy', 'tree', 'ci', 'unverified', 'invalid']).nullable(),
  checks: z.array(z.strictObject({ name: z.string().min(1).max(400), outcome, reason: line })).min(1).max(5000),
}) satisfies z.ZodType<GateResult>;

const ruleResultSchema = z.strictObject({
  rule: z.string().min(1).max(100),
  severity: z.enum(['BLOCK', 'WARN', 'off']),
  examined: count,
  allowed: z.array(z.strictObject({ path, reason: z.string().max(500), expires: daySchema })).max(100_000),
  violations: z.array(z.strictObject({ rule: z.string().max(100), severity, path, line: z.int().min(1).nullable(), message: line, why: line, help: line })).max(1000),
});

export const policyResultSchema = z.strictObject({
  format: z.literal('countersign/policy-result@1'),
  repo: repoNameSchema,
  policy: sha256Schema,
  verdict: z.enum(['pass', 'warn', 'block']),
  block: count,
  warn: count,
  rules: z.array(ruleResultSchema).max(200),
}) satisfies z.ZodType<PolicyResult>;

export type ParsedRecord<T> = { readonly kind: 'valid'; readonly record: T } | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Checks bytes from the ledger or an artifact that claim to be a gate's answer; the outcome must follow from the checks. */
export function parseGateResult(value: unknown): ParsedRecord<GateResult> {
  const parsed = isGateResult(value) ? valid(value) : parseRecord(gateResultSchema, value);
  return parsed.kind === 'invalid' ? parsed : gateFollows(parsed.record);
}

function gateFollows(record: GateResult): ParsedRecord<GateResult> {
  const { checks, outcome: claimed, failure } = record;
  const followed = checks.some((check) => check.outcome === 'FAIL') ? 'FAIL' : checks.some((check) => check.outcome === 'WAITING') ? 'WAITING' : 'PASS';
  const problems = claimed === followed ? [] : [`outcome: expected ${followed} from the checks, got ${claimed}`];
  if ((claimed === 'FAIL') !== (failure !== null)) problems.push('failure: a cause belongs to a FAIL, and to nothing else');
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'valid', record };
}

/** Checks bytes that claim to be a policy result; counts and verdict must follow from the violations. */
export function parsePolicyResult(value: unknown): ParsedRecord<PolicyResult> {
  // A day that does not exist is more than a schema can tell.
  const parsed = isPolicyResult(value) && value.rules.every(({ allowed }) => allowed.length === 0) ? valid(value) : parseRecord(policyResultSchema, value);
  return parsed.kind === 'invalid' ? parsed : policyFollows(parsed.record);
}

function policyFollows(record: PolicyResult): ParsedRecord<PolicyResult> {
  const { rules, verdict, block, warn } = record;
  const found = rules.flatMap(({ violations }) => violations.map((violation) => violation.severity));
  const blocking = found.filter((each) => each === 'BLOCK').length;
  const followed = blocking > 0 ? 'block' : found.length > 0 ? 'warn' : 'pass';
  const holds = verdict === followed && block === blocking && warn === found.length - blocking;
  return holds ? { kind: 'valid', record } : { kind: 'invalid', problems: [`verdict: expected ${followed} (${blocking} BLOCK, ${found.length - blocking} WARN) from the violations`] };
}

// What ajv made of the published schemas says yes several times faster; zod is asked where it says no, for the sentences.
const isGateResult = (value: unknown): value is GateResult => validators.gateResult(value);
const isPolicyResult = (value: unknown): value is PolicyResult => validators.policyResult(value);
const valid = <T>(record: T): ParsedRecord<T> => ({ kind: 'valid', record });

function parseRecord<T>(schema: z.ZodType<T>, value: unknown): ParsedRecord<T> {
  const parsed = schema.safeParse(value);
  return parsed.success ? { kind: 'valid', record: parsed.data } : { kind: 'invalid', problems: safeProblems(parsed.error) };
}

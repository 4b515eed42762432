import { z } from 'zod';
import type { Manifest } from '../../../src/domain/change-set.ts';
import type { GateResult } from '../../../src/domain/gate.ts';
import type { Sha256 } from '../../../src/domain/ids.ts';
import type { PolicyResult } from '../../../src/domain/policy.ts';
import { parseStrictJson } from '../../../src/schema/strict-json.ts';
import { parseManifest } from '../../../src/schema/manifest.ts';
import type { WorkflowView } from './load-ledger.ts';

const outcome = z.enum(['PASS', 'FAIL', 'WAITING']);
const severity = z.enum(['BLOCK', 'WARN']);

const violationSchema = z.object({
  rule: z.string(),
  severity,
  path: z.string(),
  line: z.int().nullable(),
  message: z.string(),
  why: z.string(),
  help: z.string(),
});

const policySchema = z.object({
  format: z.literal('countersign/policy-result@1'),
  repo: z.string(),
  policy: z.string(),
  verdict: z.enum(['pass', 'warn', 'block']),
  block: z.int(),
  warn: z.int(),
  rules: z.array(
    z.object({
      rule: z.string(),
      severity: z.enum(['BLOCK', 'WARN', 'off']),
      examined: z.int(),
      allowed: z.array(z.object({ path: z.string(), reason: z.string(), expires: z.string() })),
      violations: z.array(violationSchema),
    }),
  ),
}) satisfies z.ZodType<PolicyResult>;

const gateSchema = z.object({
  format: z.literal('countersign/gate-result@1'),
  gate: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
  subject: z.object({ patchSet: z.string(), revision: z.int(), digest: z.string() }).nullable(),
  outcome,
  failure: z.enum(['policy', 'tree', 'ci', 'unverified', 'invalid']).nullable(),
  checks: z.array(z.object({ name: z.string(), outcome, reason: z.string() })),
}) satisfies z.ZodType<GateResult>;

const planSchema = z.object({ tasks: z.array(z.object({ id: z.string(), title: z.string(), criteriaIds: z.array(z.string()) })) });
export type PlanTasks = z.infer<typeof planSchema>['tasks'];

// Evidence that is missing or is not what its event calls it is null: the page says so instead of showing a part.
function read<T>(view: WorkflowView, hash: Sha256, schema: z.ZodType<T>): T | null {
  const value = readJson(view, hash);
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

export function readJson(view: WorkflowView, hash: Sha256): unknown {
  const bytes = view.evidence(hash);
  if (!bytes) return null;
  try {
    return parseStrictJson(bytes);
  } catch {
    return null;
  }
}

export const readPolicyResult = (view: WorkflowView, hash: Sha256): PolicyResult | null => read(view, hash, policySchema);
export const readGateResult = (view: WorkflowView, hash: Sha256): GateResult | null => read(view, hash, gateSchema);
export const readTasks = (view: WorkflowView, hash: Sha256): PlanTasks => read(view, hash, planSchema)?.tasks ?? [];

export function readManifest(view: WorkflowView, hash: Sha256): Manifest | null {
  const parsed = parseManifest(readJson(view, hash));
  return parsed.kind === 'valid' ? parsed.manifest : null;
}

export function readText(view: WorkflowView, hash: Sha256): string | null {
  const bytes = view.evidence(hash);
  return bytes ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : null;
}

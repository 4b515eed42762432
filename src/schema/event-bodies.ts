import { z } from 'zod';

import type { EventBodies, EventType } from '../domain/event.ts';
import { FINAL, STATUSES } from '../domain/status.ts';
import type { Same } from './exact.ts';
import {
  branchSchema,
  countSchema,
  instantSchema,
  lineSchema,
  listOf,
  loginSchema,
  nameSchema,
  oidSchema,
  patchSetIdSchema,
  positiveSchema,
  repoNameSchema,
  sha256Schema,
  textSchema,
  urlSchema,
} from './fields.ts';
import { patchSchema } from './manifest.ts';

export const statusSchema = z.enum(STATUSES);

const REPOS_MAX = 100;
const QUESTIONS_MAX = 200;
const OPTIONS_MAX = 20;

const patchSetRef = { patchSet: patchSetIdSchema, revision: positiveSchema, digest: sha256Schema };
const stats = z.strictObject({ files: countSchema, added: countSchema, removed: countSchema });
const question = z.strictObject({ id: nameSchema, question: textSchema, options: listOf(textSchema, OPTIONS_MAX).exactOptional() });
const review = { ...patchSetRef, login: loginSchema, runId: positiveSchema, comment: textSchema };

const source = z.strictObject({
  kind: z.enum(['issue', 'feedback']),
  repo: repoNameSchema,
  number: positiveSchema,
  url: urlSchema,
  title: lineSchema,
  author: loginSchema,
  revision: sha256Schema,
});
const workflowRepo = z.strictObject({
  repo: repoNameSchema,
  role: z.enum(['primary', 'secondary']),
  baseBranch: branchSchema,
  baseCommit: oidSchema,
  baseTree: oidSchema,
});
const limits = z.strictObject({
  regenerationsMax: countSchema,
  ciRegenerationsMax: countSchema,
  revisionsMax: countSchema,
  ciTimeoutSeconds: countSchema,
  approvalExpiresHours: countSchema,
  costMicroUsdMax: countSchema.nullable(),
});

/** What each event says, strictly: no unknown member, no missing one, everything capped. */
export const bodySchemas = {
  E_WORKFLOW_CREATED: z.strictObject({
    source,
    issueText: sha256Schema,
    repos: listOf(workflowRepo, REPOS_MAX).min(1),
    approvers: listOf(loginSchema, REPOS_MAX),
    limits,
    trackingIssue: z.strictObject({ repo: repoNameSchema, number: positiveSchema }).nullable(),
  }),
  E_CONTEXT_INGESTED: z.strictObject({
    contextHash: sha256Schema,
    manifest: sha256Schema,
    repos: listOf(z.strictObject({ repo: repoNameSchema, commit: oidSchema, tree: oidSchema, files: countSchema, cutOff: countSchema }), REPOS_MAX),
  }),
  E_DECISION_RECORDED: z.strictObject({
    verdict: z.enum(['GO', 'NO_GO', 'DEFER']),
    document: sha256Schema,
    reasons: listOf(textSchema, QUESTIONS_MAX),
    questions: listOf(question, QUESTIONS_MAX),
  }),
  E_ARTIFACT_RECORDED: z.strictObject({ artifact: z.enum(['architecture', 'scope', 'plan', 'gates']), document: sha256Schema }),
  E_PATCH_SET_PROPOSED: z.strictObject({
    ...patchSetRef,
    repo: repoNameSchema,
    resultTree: oidSchema,
    diff: sha256Schema,
    proposal: sha256Schema,
    patches: listOf(patchSchema),
    stats,
  }),
  E_POLICY_EVALUATED: z.strictObject({ ...patchSetRef, policy: sha256Schema, result: sha256Schema, block: countSchema, warn: countSchema }),
  E_GATE_EVALUATED: z.strictObject({
    gate: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
    subject: z.strictObject(patchSetRef).nullable(),
    outcome: z.enum(['PASS', 'FAIL', 'WAITING']),
    failure: z.enum(['policy', 'tree', 'ci', 'unverified', 'invalid']).nullable(),
    reasons: listOf(textSchema, 1_000),
    result: sha256Schema,
  }),
  E_APPROVAL_REQUESTED: z.strictObject({ ...patchSetRef, runId: positiveSchema, url: urlSchema }),
  E_APPROVAL_RECORDED: z.strictObject({ ...review, userId: positiveSchema, environment: nameSchema, expires: instantSchema }),
  E_CHANGES_REQUESTED: z.strictObject(review),
  E_PATCH_SET_REJECTED: z.strictObject(review),
  E_WRITE_INTENDED: z.strictObject({ ...patchSetRef, repo: repoNameSchema, branch: branchSchema, baseCommit: oidSchema, resultTree: oidSchema }),
  E_PATCH_SET_APPLIED: z.strictObject({
    ...patchSetRef,
    repo: repoNameSchema,
    branch: branchSchema,
    commit: oidSchema,
    tree: oidSchema,
    verified: z.boolean(),
  }),
  E_PR_OPENED: z.strictObject({ ...patchSetRef, repo: repoNameSchema, number: positiveSchema, url: urlSchema, head: oidSchema }),
  E_CI_OBSERVED: z.strictObject({
    ...patchSetRef,
    repo: repoNameSchema,
    head: oidSchema,
    tree: oidSchema,
    conclusion: z.enum(['passed', 'failed', 'pending', 'none']),
    checks: listOf(z.strictObject({ context: lineSchema, required: z.boolean(), state: nameSchema }), 1_000),
  }),
  E_RUN_RECORDED: z.strictObject({
    role: nameSchema,
    outcome: z.enum(['succeeded', 'failed', 'refused']),
    reason: textSchema.nullable(),
    inputs: listOf(sha256Schema, 1_000),
    outputs: listOf(sha256Schema, 1_000),
    contextHash: sha256Schema.nullable(),
    promptTemplate: sha256Schema.nullable(),
    prompt: sha256Schema.nullable(),
    model: nameSchema.nullable(),
    parameters: sha256Schema.nullable(),
    tokensIn: countSchema.nullable(),
    tokensOut: countSchema.nullable(),
    costMicroUsd: countSchema.nullable(),
    durationMs: countSchema,
  }),
  E_CONTEXT_PROVIDED: z.strictObject({
    login: loginSchema,
    answers: listOf(z.strictObject({ id: nameSchema, answer: textSchema }), QUESTIONS_MAX),
  }),
  E_NEEDS_HUMAN: z.strictObject({ code: nameSchema, reason: textSchema, questions: listOf(question, QUESTIONS_MAX), resumes: statusSchema }),
  E_CANCELLED: z.strictObject({ login: loginSchema, reason: textSchema }),
  E_WORKFLOW_FINISHED: z.strictObject({ outcome: z.enum(FINAL), reason: textSchema }),
} satisfies { readonly [T in EventType]: z.ZodType<EventBodies[T]> };

/** @public The other direction: a member that the domain has and a schema forgot stops the compiler here. */
export const bodiesMatch: { readonly [T in EventType]: Same<z.infer<(typeof bodySchemas)[T]>, EventBodies[T]> } = {
  E_WORKFLOW_CREATED: true,
  E_CONTEXT_INGESTED: true,
  E_DECISION_RECORDED: true,
  E_ARTIFACT_RECORDED: true,
  E_PATCH_SET_PROPOSED: true,
  E_POLICY_EVALUATED: true,
  E_GATE_EVALUATED: true,
  E_APPROVAL_REQUESTED: true,
  E_APPROVAL_RECORDED: true,
  E_CHANGES_REQUESTED: true,
  E_PATCH_SET_REJECTED: true,
  E_WRITE_INTENDED: true,
  E_PATCH_SET_APPLIED: true,
  E_PR_OPENED: true,
  E_CI_OBSERVED: true,
  E_RUN_RECORDED: true,
  E_CONTEXT_PROVIDED: true,
  E_NEEDS_HUMAN: true,
  E_CANCELLED: true,
  E_WORKFLOW_FINISHED: true,
};

import { z } from 'zod';
import type { LocalState } from '../contract.ts';

const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const text = z.record(z.string(), z.string());
const conclusion = z.enum(['success', 'failure', 'cancelled', 'skipped', 'timed_out', 'action_required']);
const runStatus = z.enum(['queued', 'waiting', 'in_progress', 'completed']);
const stepStatus = z.enum(['queued', 'in_progress', 'completed']);

const environment = z.looseObject({
  id: z.int(), name: z.string(), reviewers: z.array(z.string()), preventSelfReview: z.boolean(), canAdminsBypass: z.boolean(), secrets: text, variables: text,
});
const repo = z.looseObject({
  id: z.int(), name: z.string(), private: z.boolean(), defaultBranch: z.string(),
  requiredChecks: z.array(z.object({ context: z.string(), integrationId: z.int().nullable() })), protectedContexts: z.array(z.string()),
  environments: z.array(environment), secrets: text, variables: text, installedApps: z.array(z.string()), ciCommand: z.string().nullable(),
});
const issue = z.looseObject({
  repo: z.string(), number: z.int(), title: z.string(), body: z.string(), state: z.enum(['open', 'closed']), user: z.string(), labels: z.array(z.string()),
  createdAt: z.string(), updatedAt: z.string(), comments: z.array(z.object({ id: z.int(), user: z.string(), body: z.string(), createdAt: z.string() })),
  pull: z.object({ headRef: z.string(), baseRef: z.string(), baseSha: z.string(), headSha: z.string().exactOptional(), draft: z.boolean(), merged: z.boolean() }).nullable(),
});
const job = z.looseObject({
  id: z.int(), runId: z.int(), key: z.string(), name: z.string(), status: runStatus, conclusion: conclusion.nullable(), environment: z.string().nullable(), permissions,
  outputs: text, steps: z.array(z.looseObject({ number: z.int(), name: z.string(), status: stepStatus, conclusion: conclusion.nullable() })), summary: z.string(), log: z.string(),
  startedAt: z.string().nullable(), completedAt: z.string().nullable(),
});
const review = z.object({ state: z.enum(['approved', 'rejected']), comment: z.string(), user: z.string(), environment: z.string(), at: z.string() });
const run = z.looseObject({
  id: z.int(), repo: z.string(), workflowFile: z.string(), workflowName: z.string(), displayTitle: z.string(), event: z.string(), payload: z.unknown(), inputs: text, actor: z.string(),
  headBranch: z.string(), headSha: z.string(), attempt: z.int(), status: runStatus, conclusion: conclusion.nullable(), concurrencyGroup: z.string().nullable(),
  jobs: z.array(job), reviews: z.array(review), createdAt: z.string(), updatedAt: z.string(),
});
const check = z.looseObject({
  repo: z.string(), sha: z.string(), id: z.int(), name: z.string(), appId: z.int(), status: stepStatus, conclusion: z.union([conclusion, z.literal('neutral')]).nullable(),
  url: z.string(), startedAt: z.string(), completedAt: z.string().nullable(),
});

/** What this version reads from DIR/state.json. Fields that the runner adds of its own are kept. */
const repoEvent = z.object({
  repo: z.string(), name: z.string(), action: z.string().nullable(), payload: z.unknown(), ref: z.string().nullable(), sha: z.string().nullable(), actor: z.string(), byJobToken: z.boolean(),
});

export const stateSchema: z.ZodType<LocalState> = z.looseObject({
  version: z.literal(1), nextId: z.int(), users: z.array(z.object({ id: z.int(), login: z.string(), type: z.enum(['User', 'Bot']) })), repos: z.array(repo),
  apps: z.array(z.object({ id: z.int(), slug: z.string(), publicKey: z.string(), permissions })), issues: z.array(issue), runs: z.array(run), checks: z.array(check),
  statuses: z.array(z.object({ repo: z.string(), sha: z.string(), context: z.string(), state: z.enum(['pending', 'success', 'failure', 'error']), url: z.string().nullable(), at: z.string() })),
  tokens: z.array(z.object({ value: z.string(), id: z.string(), login: z.string(), repos: z.array(z.string()), permissions })),
  events: z.array(repoEvent).optional(),
});

import { z } from 'zod';

import type { Intent } from '../domain/intent.ts';
import type { Workflow } from '../domain/workflow.ts';
import { repoPath } from '../schema/github-path.ts';
import { assertMayWriteControl } from './gate.ts';
import { mutateTo } from './mutate.ts';
import type { ControlAccess } from './control-writer.ts';

/** The workflow file whose one gated job writes. */
const APPLY_WORKFLOW = 'apply.yml';

const runSchema = z.object({ workflow_run_id: z.int().positive(), html_url: z.string() });

/**
 * Starts the run in which one PatchSet revision is countersigned. Not repeated after a lost answer: two runs would ask for
 * the same review. Only the run that the ledger names counts, so a stray one can approve nothing.
 */
export async function dispatchReview(access: ControlAccess, intent: Extract<Intent, { kind: 'review-dispatch' }>, workflow: Workflow) {
  assertMayWriteControl(intent, workflow, access.repo);
  const { repo, patchSet, revision, digest, targetRepo } = intent;
  const inputs = { workflow: workflow.id, 'patch-set': patchSet, revision: String(revision), digest, repo: targetRepo };
  const mutation = {
    method: 'POST',
    path: repoPath(repo, 'actions', 'workflows', APPLY_WORKFLOW, 'dispatches'),
    body: { ref: access.defaultBranch, inputs, return_run_details: true },
    doing: `start the review of ${patchSet} r${revision} in ${repo}`,
    repeatable: false,
  } as const;
  const run = await mutateTo(access, mutation, { status: 200, schema: runSchema });
  return { runId: run.workflow_run_id, url: run.html_url };
}

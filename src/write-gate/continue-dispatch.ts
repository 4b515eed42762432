import type { Intent } from '../domain/intent.ts';
import type { Workflow } from '../domain/workflow.ts';
import { repoPath } from '../schema/github-path.ts';
import { assertMayWriteControl } from './gate.ts';
import { failed, mutate } from './mutate.ts';
import type { ControlAccess } from './control-writer.ts';

/**
 * Starts the next think job of a workflow. Not repeated after a lost answer: a second job would pay for a second model
 * call. Whoever asked finds out with the next look at the workflow; `/retry` starts it again.
 */
export async function dispatchContinue(access: ControlAccess, intent: Extract<Intent, { kind: 'continue-dispatch' }>, workflow: Workflow): Promise<void> {
  assertMayWriteControl(intent, workflow, access.repo);
  const { repo, stage } = intent;
  const body = { event_type: 'countersign-continue', client_payload: { workflow: workflow.id, stage } };
  const mutation = { method: 'POST', path: repoPath(repo, 'dispatches'), body, doing: `start the ${stage} job of ${workflow.id} in ${repo}`, repeatable: false } as const;
  const answer = await mutate(access, mutation);
  if (answer.status !== 204) throw failed(access, mutation, answer);
}

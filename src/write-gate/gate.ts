import { refusedError } from '../domain/errors.ts';
import type { RepoName } from '../domain/ids.ts';
import type { Intent } from '../domain/intent.ts';
import { mayWrite } from '../domain/may-write.ts';
import type { Workflow } from '../domain/workflow.ts';

/** Asks the rule, and rejects with its code and sentence. Every intent calls this before its first request. */
export function assertMayWrite(intent: Intent, workflow: Workflow | null): void {
  const decision = mayWrite(intent, workflow);
  if (decision.kind === 'refused') throw refusedError(decision.code, `Not written (${intent.kind}, ${intent.repo}): ${decision.reason}`);
}

/** The rule for what is written to the control repository. `mayWrite` cannot know its name when there is no workflow yet. */
export function assertMayWriteControl(intent: Intent, workflow: Workflow | null, control: RepoName): void {
  if (intent.repo !== control) throw refusedError('not-the-control-repo', `Not written (${intent.kind}): ${intent.repo} is not the control repository ${control}.`);
  assertMayWrite(intent, workflow);
}

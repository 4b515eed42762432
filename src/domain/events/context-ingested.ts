import type { EventOf } from '../event.ts';
import { next, refused, type Outcome } from '../outcome.ts';
import type { Workflow } from '../workflow.ts';

/** The context was read at the pinned commits, and at no others. */
export function onContextIngested(workflow: Workflow, event: EventOf<'E_CONTEXT_INGESTED'>): Outcome {
  for (const seen of event.body.repos) {
    const pinned = workflow.repos.find((repo) => repo.repo === seen.repo);
    if (!pinned) return refused('mismatch', `${seen.repo} is not a repository of ${workflow.id}.`);
    if (pinned.baseCommit !== seen.commit || pinned.baseTree !== seen.tree) {
      return refused('mismatch', `The context of ${seen.repo} was read at ${seen.commit}, pinned is ${pinned.baseCommit}.`);
    }
  }
  return next({ ...workflow, contextHash: event.body.contextHash });
}

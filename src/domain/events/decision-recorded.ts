import type { EventOf } from '../event.ts';
import { next, refused, type Outcome } from '../outcome.ts';
import { withoutGatesFrom } from './gate-evaluated.ts';
import type { Workflow } from '../workflow.ts';

/** GO stays, NO-GO declines, DEFER or an open blocking question pauses until a person answers. */
export function onDecisionRecorded(workflow: Workflow, event: EventOf<'E_DECISION_RECORDED'>): Outcome {
  if (workflow.contextHash === null) return refused('out-of-order', 'A decision needs an ingested context.');
  if (workflow.patchSets.length > 0) return refused('out-of-order', 'The decision cannot change after a PatchSet was proposed.');
  const { verdict, document, questions, reasons } = event.body;
  const decided: Workflow = { ...workflow, gates: withoutGatesFrom(workflow, 0), decision: { verdict, document }, artifacts: { ...workflow.artifacts, decision: document } };
  if (verdict === 'NO_GO') return next({ ...decided, status: 'DECLINED' }, { kind: 'finish' });
  if (verdict === 'DEFER' || questions.length > 0) {
    const reason = reasons[0] ?? 'Something must be known before a decision.';
    return next({ ...decided, status: 'NEEDS_HUMAN', pause: { code: 'deferred', reason, questions, resumes: 'INGESTED' } }, { kind: 'ask-human' });
  }
  return next(decided);
}

import type { EventOf, WorkflowEvent } from '../../domain/event.ts';
import type { PolicyResult } from '../../domain/policy.ts';
import type { GateResult } from '../../domain/gate.ts';
import type { AnyDocument } from '../../domain/documents.ts';
import type { ProblemCode } from './problem.ts';

// What an event says must be what the record says that it names as its evidence.

export interface RuleBreak {
  readonly code: ProblemCode;
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
}

type Pair = readonly [what: string, expected: string | number | null | undefined, found: string | number | null];

/** One break for each pair that differs; `undefined` is not known and compares with nothing. */
export const differing = (code: ProblemCode, pairs: readonly Pair[], sentence: (what: string) => string): readonly RuleBreak[] =>
  pairs.filter(([, expected, found]) => expected !== undefined && expected !== found).map(([what, expected, found]) => ({ code, message: sentence(what), expected: String(expected ?? 'none'), found: String(found ?? 'none') }));

/** A document belongs to its workflow, its stage and the context that was ingested; a decision says the recorded verdict. */
export function checkDocument(document: AnyDocument, event: EventOf<'E_DECISION_RECORDED'> | EventOf<'E_ARTIFACT_RECORDED'>, known: { readonly workflow: string; readonly contextHash: string | undefined }): readonly RuleBreak[] {
  const pairs: Pair[] = [
    ['workflow', known.workflow, document.workflow],
    ['context hash', known.contextHash, document.contextHash],
  ];
  if (event.type === 'E_DECISION_RECORDED' && document.stage === 'decision') pairs.push(['verdict', event.body.verdict, document.verdict]);
  return differing('record-mismatch', pairs, (what) => `The ${document.stage} document's ${what} is not what the records say.`);
}

/** A gate's event repeats its result; a result about a PatchSet is about the event's. */
export function checkGateResult(result: GateResult, { body }: EventOf<'E_GATE_EVALUATED'>): readonly RuleBreak[] {
  const about = (subject: GateResult['subject']): string | null => subject && `${subject.patchSet} r${subject.revision} sha256:${subject.digest}`;
  const pairs: Pair[] = [
    ['number', body.gate, result.gate],
    ['outcome', body.outcome, result.outcome],
    ['cause of failure', body.failure, result.failure],
  ];
  // Gate 3 judges before the manifest has a digest, so its result names nobody.
  if (result.subject !== null) pairs.push(['subject', about(body.subject), about(result.subject)]);
  return differing('record-mismatch', pairs, (what) => `The ${what} of Gate ${body.gate} is not what its result says.`);
}

/** A policy's event repeats its result. */
export function checkPolicyResult(result: PolicyResult, { body }: EventOf<'E_POLICY_EVALUATED'>, repo: string | undefined): readonly RuleBreak[] {
  const pairs: Pair[] = [
    ['policy', body.policy, result.policy],
    ['repository', repo, result.repo],
    ['number of BLOCK violations', body.block, result.block],
    ['number of WARN violations', body.warn, result.warn],
  ];
  return differing('record-mismatch', pairs, (what) => `The ${what} of the policy on ${body.patchSet} is not what its result says.`);
}

/** The environment whose review is the approval; the workflow file names it, and nothing configures it. */
const APPROVAL_ENVIRONMENT = 'countersign-approval';

/**
 * What a person decided was recorded as that person's doing, and an approval by the first attempt of the very run that
 * was reviewed: a record that a job or a model made in somebody's name is none.
 */
export function checkPerson(event: EventOf<PersonalEvent>, { actor, run }: Pick<WorkflowEvent, 'actor' | 'run'>): readonly RuleBreak[] {
  const { type, body } = event;
  const pairs: Pair[] = [
    ['actor', 'human', actor.kind],
    ['login', body.login, actor.login],
  ];
  if (event.type === 'E_APPROVAL_RECORDED') {
    const { userId, environment, runId } = event.body;
    pairs.push(['user id', userId, actor.id], ['environment', APPROVAL_ENVIRONMENT, environment], ['run', runId, run.id], ['attempt', 1, run.attempt]);
  }
  return differing('record-mismatch', pairs, (what) => `The ${what} of ${type} is not that of a person's own decision.`);
}

type PersonalEvent = 'E_APPROVAL_RECORDED' | 'E_CHANGES_REQUESTED' | 'E_PATCH_SET_REJECTED' | 'E_CONTEXT_PROVIDED' | 'E_CANCELLED';

import type { DomainEvent, EventOf, EventType } from './event.ts';
import { onApprovalRecorded, onApprovalRequested, onChangesRequested, onPatchSetRejected } from './events/approval.ts';
import { onArtifactRecorded } from './events/artifact-recorded.ts';
import { onCiObserved } from './events/ci-observed.ts';
import { onContextIngested } from './events/context-ingested.ts';
import { onWorkflowCreated } from './events/created.ts';
import { onDecisionRecorded } from './events/decision-recorded.ts';
import { onWorkflowFinished } from './events/finished.ts';
import { onApprovalGate, onDesignGate, onPatchGate, onVerificationGate } from './events/gate-evaluated.ts';
import { onCancelled, onContextProvided, onNeedsHuman } from './events/human.ts';
import { onPatchSetProposed } from './events/patch-set-proposed.ts';
import { onPolicyEvaluated } from './events/policy-evaluated.ts';
import { onRunRecorded } from './events/run-recorded.ts';
import { onPatchSetApplied, onPrOpened, onWriteIntended } from './events/write.ts';
import { refused, type Outcome } from './outcome.ts';
import { isFinal, type Status } from './status.ts';
import type { Workflow } from './workflow.ts';

type Handler<T extends EventType> = (workflow: Workflow, event: EventOf<T>) => Outcome;
type Row = { readonly [T in EventType]?: Handler<T> };

// What any state that has not ended accepts.
const ANY_OPEN: Row = {
  E_RUN_RECORDED: onRunRecorded,
  E_CANCELLED: onCancelled,
};
const PAUSABLE: Row = { ...ANY_OPEN, E_NEEDS_HUMAN: onNeedsHuman };
const ENDED: Row = { E_WORKFLOW_FINISHED: onWorkflowFinished };

/** The diagram of the states: which event each state accepts, and who answers it. Everything else is refused. */
const TABLE: Readonly<Record<Status, Row>> = {
  INGESTED: {
    ...PAUSABLE,
    E_CONTEXT_INGESTED: onContextIngested,
    E_DECISION_RECORDED: onDecisionRecorded, //        → DECLINED (NO-GO) | NEEDS_HUMAN (DEFER, open question)
    E_ARTIFACT_RECORDED: onArtifactRecorded,
    E_GATE_EVALUATED: onDesignGate, //                  Gates 0, 1, 2
    E_PATCH_SET_PROPOSED: onPatchSetProposed, //       → PATCHES_PROPOSED
  },
  PATCHES_PROPOSED: {
    ...PAUSABLE,
    E_PATCH_SET_PROPOSED: onPatchSetProposed,
    E_POLICY_EVALUATED: onPolicyEvaluated, //          → BLOCKED_POLICY (regenerations used up)
    E_GATE_EVALUATED: onPatchGate, //                  → WAITING_USER_APPROVAL (Gate 3 for all)
    // The other PatchSets' reviews go on while one is revised.
    E_APPROVAL_RECORDED: onApprovalRecorded,
    E_CHANGES_REQUESTED: onChangesRequested,
    E_PATCH_SET_REJECTED: onPatchSetRejected, //       → FAILED
  },
  WAITING_USER_APPROVAL: {
    ...PAUSABLE,
    E_APPROVAL_REQUESTED: onApprovalRequested,
    E_APPROVAL_RECORDED: onApprovalRecorded, //        → APPLYING_PATCHES (the set is complete)
    E_GATE_EVALUATED: onApprovalGate, //                Gate 4
    E_CHANGES_REQUESTED: onChangesRequested, //        → PATCHES_PROPOSED
    E_PATCH_SET_REJECTED: onPatchSetRejected, //       → FAILED
  },
  APPLYING_PATCHES: {
    ...PAUSABLE, //                                    → NEEDS_HUMAN (a write refused or failed)
    E_APPROVAL_REQUESTED: onApprovalRequested, //       a retry asks again
    E_APPROVAL_RECORDED: onApprovalRecorded,
    E_GATE_EVALUATED: onApprovalGate,
    E_WRITE_INTENDED: onWriteIntended,
    E_PATCH_SET_APPLIED: onPatchSetApplied,
    E_PR_OPENED: onPrOpened, //                        → PR_OPEN (every pull request open)
  },
  PR_OPEN: {
    ...PAUSABLE,
    E_CI_OBSERVED: onCiObserved, //                    → VERIFYING_CI
  },
  VERIFYING_CI: {
    ...PAUSABLE,
    E_CI_OBSERVED: onCiObserved,
    E_GATE_EVALUATED: onVerificationGate, //           → DONE | BLOCKED_POLICY | PATCHES_PROPOSED | NEEDS_HUMAN
  },
  NEEDS_HUMAN: {
    ...ANY_OPEN,
    E_CONTEXT_PROVIDED: onContextProvided, //          → the state that paused
  },
  DONE: ENDED,
  FAILED: {
    ...ENDED,
    // A write that was under way when a person cancelled: its facts still go on the record, and the end stays.
    E_PATCH_SET_APPLIED: onPatchSetApplied,
    E_PR_OPENED: onPrOpened,
  },
  BLOCKED_POLICY: ENDED,
  DECLINED: ENDED,
};

/**
 * The deterministic state machine. Total and pure: for every workflow (null: none yet) and every event it gives the next
 * workflow with the commands to carry out, or a typed refusal. `id` names the workflow that a first event creates.
 */
export function transition(workflow: Workflow | null, event: DomainEvent, id = workflow?.id ?? ''): Outcome {
  if (event.type === 'E_WORKFLOW_CREATED') {
    return workflow ? refused('already-created', `${workflow.id} exists already.`) : onWorkflowCreated(id, event);
  }
  if (!workflow) return refused('not-created', `${event.type} comes before E_WORKFLOW_CREATED.`);
  const handler = handlerOf(workflow.status, event);
  if (handler) return handler(workflow, event);
  return isFinal(workflow.status)
    ? refused('final', `${workflow.id} has ended (${workflow.status}): ${event.type} comes too late.`)
    : refused('not-in-this-state', `${event.type} does not belong in ${workflow.status}.`);
}

// The table pairs each type with a handler of that type; the compiler cannot follow the pairing through the index.
function handlerOf(status: Status, event: DomainEvent): ((workflow: Workflow, event: DomainEvent) => Outcome) | undefined {
  return TABLE[status][event.type] as ((workflow: Workflow, event: DomainEvent) => Outcome) | undefined;
}

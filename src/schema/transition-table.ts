import type { EventType } from '../domain/event.ts';
import type { Status } from '../domain/status.ts';

type Row = { readonly [T in EventType]?: readonly Status[] };

const open = (status: Status): Row => ({ E_RUN_RECORDED: [status], E_CANCELLED: ['FAILED'] });
const pausable = (status: Status): Row => ({ ...open(status), E_NEEDS_HUMAN: ['NEEDS_HUMAN'] });
const ended = (status: Status): Row => ({ E_WORKFLOW_FINISHED: [status] });

/**
 * The state machine as data, for verifiers that do not run ours: which events a state accepts, and which states may
 * follow. `transition` decides which of them does; a test holds the two together. `new`: before the first record.
 */
export const TRANSITIONS: Readonly<Record<Status | 'new', Row>> = {
  new: { E_WORKFLOW_CREATED: ['INGESTED'] },
  INGESTED: {
    ...pausable('INGESTED'),
    E_CONTEXT_INGESTED: ['INGESTED'],
    E_DECISION_RECORDED: ['INGESTED', 'NEEDS_HUMAN', 'DECLINED'],
    E_ARTIFACT_RECORDED: ['INGESTED'],
    E_GATE_EVALUATED: ['INGESTED'],
    E_PATCH_SET_PROPOSED: ['PATCHES_PROPOSED'],
  },
  PATCHES_PROPOSED: {
    ...pausable('PATCHES_PROPOSED'),
    E_PATCH_SET_PROPOSED: ['PATCHES_PROPOSED'],
    E_POLICY_EVALUATED: ['PATCHES_PROPOSED', 'BLOCKED_POLICY'],
    E_GATE_EVALUATED: ['PATCHES_PROPOSED', 'WAITING_USER_APPROVAL'],
    E_APPROVAL_RECORDED: ['PATCHES_PROPOSED'],
    E_CHANGES_REQUESTED: ['PATCHES_PROPOSED'],
    E_PATCH_SET_REJECTED: ['FAILED'],
  },
  WAITING_USER_APPROVAL: {
    ...pausable('WAITING_USER_APPROVAL'),
    E_APPROVAL_REQUESTED: ['WAITING_USER_APPROVAL'],
    E_APPROVAL_RECORDED: ['WAITING_USER_APPROVAL', 'APPLYING_PATCHES'],
    E_GATE_EVALUATED: ['WAITING_USER_APPROVAL'],
    E_CHANGES_REQUESTED: ['PATCHES_PROPOSED'],
    E_PATCH_SET_REJECTED: ['FAILED'],
  },
  APPLYING_PATCHES: {
    ...pausable('APPLYING_PATCHES'),
    E_APPROVAL_REQUESTED: ['APPLYING_PATCHES'],
    E_APPROVAL_RECORDED: ['APPLYING_PATCHES'],
    E_GATE_EVALUATED: ['APPLYING_PATCHES'],
    E_WRITE_INTENDED: ['APPLYING_PATCHES'],
    E_PATCH_SET_APPLIED: ['APPLYING_PATCHES'],
    E_PR_OPENED: ['APPLYING_PATCHES', 'PR_OPEN'],
  },
  PR_OPEN: { ...pausable('PR_OPEN'), E_CI_OBSERVED: ['VERIFYING_CI'] },
  VERIFYING_CI: {
    ...pausable('VERIFYING_CI'),
    E_CI_OBSERVED: ['VERIFYING_CI'],
    E_GATE_EVALUATED: ['VERIFYING_CI', 'DONE', 'PATCHES_PROPOSED', 'NEEDS_HUMAN', 'BLOCKED_POLICY'],
  },
  NEEDS_HUMAN: {
    ...open('NEEDS_HUMAN'),
    E_CONTEXT_PROVIDED: ['INGESTED', 'PATCHES_PROPOSED', 'WAITING_USER_APPROVAL', 'APPLYING_PATCHES', 'PR_OPEN', 'VERIFYING_CI'],
  },
  DONE: ended('DONE'),
  // A write that was under way when a person cancelled is recorded all the same.
  FAILED: { ...ended('FAILED'), E_PATCH_SET_APPLIED: ['FAILED'], E_PR_OPENED: ['FAILED'] },
  BLOCKED_POLICY: ended('BLOCKED_POLICY'),
  DECLINED: ended('DECLINED'),
};

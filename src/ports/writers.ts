import type { Intent } from '../domain/intent.ts';
import type { Workflow } from '../domain/workflow.ts';
import type { Oid } from '../domain/ids.ts';
import type { ScratchStore } from './objects.ts';

/** Mutations of the control repo. Each asks `mayWrite` before its first request. */
export interface ControlWriter {
  createTrackingIssue(intent: Extract<Intent, { kind: 'tracking-issue-create' }>): Promise<{ readonly number: number; readonly url: string }>;
  updateTrackingIssue(intent: Extract<Intent, { kind: 'tracking-issue-update' }>, workflow: Workflow): Promise<void>;
  dispatchReview(intent: Extract<Intent, { kind: 'review-dispatch' }>, workflow: Workflow): Promise<{ readonly runId: number; readonly url: string }>;
  dispatchContinue(intent: Extract<Intent, { kind: 'continue-dispatch' }>, workflow: Workflow): Promise<void>;
}

export interface AppliedPatchSet {
  readonly branch: string;
  readonly commit: Oid;
  readonly tree: Oid;
  /** GitHub's own word on the commit's signature. Recorded, never assumed. */
  readonly verified: boolean;
}

export interface OpenedPullRequest {
  readonly number: number;
  readonly url: string;
  readonly head: Oid;
}

/** Mutations of one target repo with a token minted for it alone. Safe to run again: it finds what it already wrote. */
export interface TargetWriter {
  /** Rebuilds the approved tree and puts it on its branch. Rejects when GitHub's tree id differs from the approved one. */
  apply(intent: Extract<Intent, { kind: 'target-commit' }>, workflow: Workflow, objects: ScratchStore): Promise<AppliedPatchSet>;
  openPullRequest(intent: Extract<Intent, { kind: 'pull-request' }>, workflow: Workflow): Promise<OpenedPullRequest>;
  /** Revokes the token. Never throws: a token also expires by itself. */
  revoke(): Promise<void>;
}

/** Mints a short-lived token for one repository with the least permissions, after `mayWrite` said yes. */
export interface TargetWriterFactory {
  open(intent: Extract<Intent, { kind: 'mint-token' }>, workflow: Workflow): Promise<TargetWriter>;
}


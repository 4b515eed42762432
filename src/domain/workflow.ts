import type { Instant, Oid, PatchSetId, RepoName, Sha256, WorkflowId } from './ids.ts';
import type { ArtifactKind, Verdict } from './documents.ts';
import type { GateFailure, GateOutcome } from './gate.ts';
import type { Patch } from './change-set.ts';
import type { Status } from './status.ts';

/** Where a workflow comes from. `revision` is the SHA-256 of the pinned title and text. */
export interface Source {
  readonly kind: 'issue' | 'feedback';
  readonly repo: RepoName;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly author: string;
  readonly revision: Sha256;
}

export interface WorkflowRepo {
  readonly repo: RepoName;
  readonly role: 'primary' | 'secondary';
  readonly baseBranch: string;
  readonly baseCommit: Oid;
  readonly baseTree: Oid;
}

/** Budgets and time-outs, fixed when the workflow is created: data in the state, never hidden in an adapter. */
export interface Limits {
  /** New proposals after a BLOCK violation or a failed Gate 3, for the whole workflow. */
  readonly regenerationsMax: number;
  /** New proposals after failed CI. */
  readonly ciRegenerationsMax: number;
  /** Revisions of one PatchSet, whoever asked for them. */
  readonly revisionsMax: number;
  readonly ciTimeoutSeconds: number;
  readonly approvalExpiresHours: number;
  /** Cost cap for model calls in millionths of a US dollar; null when no provider is configured. */
  readonly costMicroUsdMax: number | null;
}

export interface Question {
  readonly id: string;
  readonly question: string;
  /** Answers that whoever asks thought of; a person is free to give another. Left out: none. */
  readonly options?: readonly string[];
}

/** What a person answered, and to which question. */
export interface Answer {
  readonly id: string;
  /** As it was asked; null when nothing with this id was asked. */
  readonly question: string | null;
  readonly answer: string;
  readonly login: string;
}

/** Two wordings are one question when their words are the same. */
export const isSameQuestion = (left: string, right: string): boolean => wordsOf(left) === wordsOf(right);
const wordsOf = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** Why a workflow waits for a person, and where an answer takes it. */
export interface Pause {
  readonly code: string;
  readonly reason: string;
  readonly questions: readonly Question[];
  readonly resumes: Status;
}

export interface GateRecord {
  readonly outcome: GateOutcome;
  readonly failure: GateFailure | null;
  readonly result: Sha256;
}

export interface ApprovalRecord {
  readonly digest: Sha256;
  readonly login: string;
  readonly userId: number;
  readonly environment: string;
  readonly runId: number;
  readonly comment: string;
  readonly at: Instant;
  readonly expires: Instant;
}

/** One PatchSet as the events left it. A new revision forgets everything that belonged to the one before. */
export interface PatchSetState {
  readonly id: PatchSetId;
  readonly repo: RepoName;
  readonly revision: number;
  readonly digest: Sha256;
  readonly resultTree: Oid;
  readonly diff: Sha256;
  /** The proposal this revision was built from, as evidence. */
  readonly proposal: Sha256;
  readonly patches: readonly Patch[];
  readonly stats: { readonly files: number; readonly added: number; readonly removed: number };
  /** The policy under which it was judged. */
  readonly policy: { readonly policy: Sha256; readonly result: Sha256; readonly block: number; readonly warn: number } | null;
  readonly gate3: GateRecord | null;
  /** The run that asks for the countersignature. */
  readonly request: { readonly runId: number; readonly url: string } | null;
  readonly approval: ApprovalRecord | null;
  /** A reviewer's wish, until the next revision answers it. */
  readonly changesRequested: { readonly login: string; readonly comment: string } | null;
  readonly write: { readonly branch: string } | null;
  readonly applied: { readonly branch: string; readonly commit: Oid; readonly tree: Oid; readonly verified: boolean } | null;
  readonly pullRequest: { readonly number: number; readonly url: string; readonly head: Oid; readonly openedAt: Instant } | null;
  readonly ci: { readonly head: Oid; readonly tree: Oid; readonly conclusion: 'passed' | 'failed' | 'pending' | 'none' } | null;
  readonly gate5: GateRecord | null;
}

/** The fold of a workflow's events. Never stored: derived each time. */
export interface Workflow {
  readonly id: WorkflowId;
  readonly status: Status;
  readonly createdAt: Instant;
  readonly source: Source;
  readonly repos: readonly WorkflowRepo[];
  readonly approvers: readonly string[];
  readonly limits: Limits;
  readonly trackingIssue: { readonly repo: RepoName; readonly number: number } | null;
  readonly contextHash: Sha256 | null;
  readonly decision: { readonly verdict: Verdict; readonly document: Sha256 } | null;
  readonly artifacts: Readonly<Partial<Record<ArtifactKind, Sha256>>>;
  readonly answers: readonly Answer[];
  /** Questions of documents that a person was asked and that nobody has answered, though the workflow went on. */
  readonly unanswered: readonly Question[];
  /** Gates 0, 1, 2 and 4 are about the workflow; 3 and 5 about each PatchSet. */
  readonly gates: { readonly 0: GateRecord | null; readonly 1: GateRecord | null; readonly 2: GateRecord | null; readonly 4: GateRecord | null };
  /** In the order of `repos`. A repository without one has not been proposed for yet. */
  readonly patchSets: readonly PatchSetState[];
  readonly pause: Pause | null;
  /** Since when CI has been waited for; a person's answer starts the waiting anew. */
  readonly observedSince: Instant | null;
  readonly regenerationsUsed: number;
  readonly ciRegenerationsUsed: number;
  readonly costMicroUsd: number;
  readonly outcome: { readonly status: Status; readonly reason: string } | null;
}

export const patchSetIdOf = (index: number): PatchSetId => `ps-${index + 1}`;
export const findPatchSet = (workflow: Workflow, id: PatchSetId): PatchSetState | undefined =>
  workflow.patchSets.find((patchSet) => patchSet.id === id);

/** True when every repository has a PatchSet and each one's current digest is approved. */
export function isFullyApproved(workflow: Workflow): boolean {
  return (
    workflow.repos.length > 0 &&
    workflow.patchSets.length === workflow.repos.length &&
    workflow.patchSets.every((patchSet) => patchSet.approval !== null && patchSet.approval.digest === patchSet.digest)
  );
}

import type { ArtifactKind, Verdict } from './documents.ts';
import type { GateFailure, GateNumber, GateOutcome } from './gate.ts';
import type { Instant, Oid, PatchSetId, RepoName, Sha256, WorkflowId } from './ids.ts';
import type { Patch } from './change-set.ts';
import type { FinalStatus, Status } from './status.ts';
import type { Limits, Question, Source, WorkflowRepo } from './workflow.ts';

export const EVENT_TYPES = [
  'E_WORKFLOW_CREATED',
  'E_CONTEXT_INGESTED',
  'E_DECISION_RECORDED',
  'E_ARTIFACT_RECORDED',
  'E_PATCH_SET_PROPOSED',
  'E_POLICY_EVALUATED',
  'E_GATE_EVALUATED',
  'E_APPROVAL_REQUESTED',
  'E_APPROVAL_RECORDED',
  'E_CHANGES_REQUESTED',
  'E_PATCH_SET_REJECTED',
  'E_WRITE_INTENDED',
  'E_PATCH_SET_APPLIED',
  'E_PR_OPENED',
  'E_CI_OBSERVED',
  'E_RUN_RECORDED',
  'E_CONTEXT_PROVIDED',
  'E_NEEDS_HUMAN',
  'E_CANCELLED',
  'E_WORKFLOW_FINISHED',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Which revision of which PatchSet an event speaks of. All three must be current, or the event is refused. */
export interface PatchSetRef {
  readonly patchSet: PatchSetId;
  readonly revision: number;
  readonly digest: Sha256;
}

/** What each event says. Hashes name evidence that is stored beside the event. */
export interface EventBodies {
  /** The issue revision and every base are pinned; limits and approvers are fixed for the workflow's life. */
  readonly E_WORKFLOW_CREATED: {
    readonly source: Source;
    readonly issueText: Sha256;
    readonly repos: readonly WorkflowRepo[];
    readonly approvers: readonly string[];
    readonly limits: Limits;
    readonly trackingIssue: { readonly repo: RepoName; readonly number: number } | null;
  };
  readonly E_CONTEXT_INGESTED: {
    readonly contextHash: Sha256;
    readonly manifest: Sha256;
    readonly repos: readonly { readonly repo: RepoName; readonly commit: Oid; readonly tree: Oid; readonly files: number; readonly cutOff: number }[];
  };
  /** `questions` are the blocking unknowns without an answer; any of them pauses the workflow, whatever the verdict. */
  readonly E_DECISION_RECORDED: {
    readonly verdict: Verdict;
    readonly document: Sha256;
    readonly reasons: readonly string[];
    readonly questions: readonly Question[];
  };
  readonly E_ARTIFACT_RECORDED: { readonly artifact: Exclude<ArtifactKind, 'decision'>; readonly document: Sha256 };
  readonly E_PATCH_SET_PROPOSED: PatchSetRef & {
    readonly repo: RepoName;
    readonly resultTree: Oid;
    readonly diff: Sha256;
    /** The proposal as it was made (edit blocks or a diff), for the record: only the tree delta counts. */
    readonly proposal: Sha256;
    readonly patches: readonly Patch[];
    readonly stats: { readonly files: number; readonly added: number; readonly removed: number };
  };
  readonly E_POLICY_EVALUATED: PatchSetRef & { readonly policy: Sha256; readonly result: Sha256; readonly block: number; readonly warn: number };
  /** `subject` is null for the gates about the whole workflow (0, 1, 2, 4). */
  readonly E_GATE_EVALUATED: {
    readonly gate: GateNumber;
    readonly subject: PatchSetRef | null;
    readonly outcome: GateOutcome;
    readonly failure: GateFailure | null;
    readonly reasons: readonly string[];
    readonly result: Sha256;
  };
  readonly E_APPROVAL_REQUESTED: PatchSetRef & { readonly runId: number; readonly url: string };
  readonly E_APPROVAL_RECORDED: PatchSetRef & {
    readonly login: string;
    readonly userId: number;
    readonly environment: string;
    readonly runId: number;
    readonly comment: string;
    readonly expires: Instant;
  };
  readonly E_CHANGES_REQUESTED: PatchSetRef & { readonly login: string; readonly runId: number; readonly comment: string };
  readonly E_PATCH_SET_REJECTED: PatchSetRef & { readonly login: string; readonly runId: number; readonly comment: string };
  readonly E_WRITE_INTENDED: PatchSetRef & { readonly repo: RepoName; readonly branch: string; readonly baseCommit: Oid; readonly resultTree: Oid };
  readonly E_PATCH_SET_APPLIED: PatchSetRef & { readonly repo: RepoName; readonly branch: string; readonly commit: Oid; readonly tree: Oid; readonly verified: boolean };
  readonly E_PR_OPENED: PatchSetRef & { readonly repo: RepoName; readonly number: number; readonly url: string; readonly head: Oid };
  readonly E_CI_OBSERVED: PatchSetRef & {
    readonly repo: RepoName;
    readonly head: Oid;
    readonly tree: Oid;
    readonly conclusion: 'passed' | 'failed' | 'pending' | 'none';
    readonly checks: readonly { readonly context: string; readonly required: boolean; readonly state: string }[];
  };
  /** One job or model call. `refused` is a job whose input did not hold; `reason` says why in a sentence. */
  readonly E_RUN_RECORDED: {
    readonly role: string;
    readonly outcome: 'succeeded' | 'failed' | 'refused';
    readonly reason: string | null;
    readonly inputs: readonly Sha256[];
    readonly outputs: readonly Sha256[];
    readonly contextHash: Sha256 | null;
    readonly promptTemplate: Sha256 | null;
    readonly prompt: Sha256 | null;
    readonly model: string | null;
    readonly parameters: Sha256 | null;
    readonly tokensIn: number | null;
    readonly tokensOut: number | null;
    readonly costMicroUsd: number | null;
    readonly durationMs: number;
  };
  /** A listed person's answers (`/answer`), or none (`/retry`): the workflow goes on where it paused. */
  readonly E_CONTEXT_PROVIDED: { readonly login: string; readonly answers: readonly { readonly id: string; readonly answer: string }[] };
  readonly E_NEEDS_HUMAN: { readonly code: string; readonly reason: string; readonly questions: readonly Question[]; readonly resumes: Status };
  readonly E_CANCELLED: { readonly login: string; readonly reason: string };
  readonly E_WORKFLOW_FINISHED: { readonly outcome: FinalStatus; readonly reason: string };
}

export interface Actor {
  readonly kind: 'human' | 'workflow' | 'model';
  readonly login: string | null;
  readonly id: number | null;
}

/** The GitHub Actions job that made a record. */
export interface RunRef {
  readonly repository: RepoName;
  readonly id: number;
  readonly attempt: number;
  readonly job: string;
  readonly workflowRef: string;
  readonly workflowSha: Oid;
}

export interface EvidenceRef {
  readonly sha256: Sha256;
  readonly size: number;
  readonly mediaType: string;
  readonly name: string;
}

/** What the state machine sees of an event: its type, its body and its instant. */
export type DomainEvent = { [T in EventType]: { readonly type: T; readonly body: EventBodies[T]; readonly at: Instant } }[EventType];
export type EventOf<T extends EventType> = Extract<DomainEvent, { type: T }>;

/** One ledger record. `id` is the idempotency key, `prev` the SHA-256 of the event file before it. */
export type WorkflowEvent = {
  [T in EventType]: {
    readonly format: 'countersign/event@1';
    readonly ledger: string;
    readonly workflow: WorkflowId;
    readonly seq: number;
    readonly prev: Sha256 | null;
    readonly id: string;
    readonly type: T;
    readonly at: Instant;
    readonly state: { readonly from: Status | null; readonly to: Status };
    readonly actor: Actor;
    readonly run: RunRef;
    /** The policy in force when the event was recorded. */
    readonly policy: Sha256;
    readonly evidence: readonly EvidenceRef[];
    readonly body: EventBodies[T];
  };
}[EventType];

import type { RepositoryContext } from '../domain/context.ts';
import type { Architecture, Decision, Documents, GatesDocument, Plan, Scope } from '../domain/documents.ts';
import type { RepoName, Sha256, WorkflowId } from '../domain/ids.ts';
import type { Answer, Question, WorkflowRepo } from '../domain/workflow.ts';
import type { Rewrite } from '../ports/rewriter.ts';

/** The pinned issue. Its text was written by anyone: it is data, never an instruction. */
export interface PinnedIssue {
  readonly title: string;
  readonly body: string;
  readonly repo: RepoName;
  readonly number: number;
  readonly url: string;
}

/** SHA-256 over the canonical JSON of a value. */
export type HashValue = (value: unknown) => Sha256;

export interface DesignInput {
  readonly workflow: WorkflowId;
  readonly issue: PinnedIssue;
  readonly issueRevision: Sha256;
  /** Answers so far, oldest first; the last one for an id counts. */
  readonly answers: readonly Answer[];
  /** Asked of a person before and not answered: it stays open, whatever a model makes of it now. */
  readonly unanswered: readonly Question[];
  readonly context: RepositoryContext;
  readonly contextHash: Sha256;
  readonly repos: readonly WorkflowRepo[];
  readonly hash: HashValue;
  /** The id of the policy rule that blocks a path, or null. */
  readonly frozen: (repo: RepoName, path: string) => string | null;
  readonly review: DesignReview;
  /** Expands rewrite rules on the pinned bases. */
  readonly rewrite: Rewrite;
}

/** What speaks against documents, one sentence a fault; empty when nothing does. Pure. */
export interface DesignReview {
  decision(decision: Decision): readonly string[];
  design(documents: Pick<Documents, 'architecture' | 'scope'>): readonly string[];
  plan(documents: Pick<Documents, 'scope' | 'plan' | 'gates'>): readonly string[];
}

/** What one call of a model (or its absence) left behind; becomes a run record. Prices and tokens are null when unknown. */
export interface ModelCallRecord {
  readonly role: string;
  readonly model: string | null;
  readonly promptTemplate: Sha256 | null;
  readonly prompt: Sha256 | null;
  /** The prompt itself, for `evidence: full`; null when no model was asked. */
  readonly rendered: { readonly system: string; readonly prompt: string } | null;
  readonly parameters: Readonly<Record<string, string | number | boolean | null>>;
  readonly output: string;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  readonly costMicroUsd: number | null;
  readonly durationMs: number;
  readonly outcome: 'succeeded' | 'failed';
  readonly reason: string | null;
}

/** Why a role gave nothing, and what a person can do about it. */
export interface RoleFailure {
  readonly kind: 'failed';
  readonly code: string;
  readonly reason: string;
  readonly questions: readonly Question[];
  readonly calls: readonly ModelCallRecord[];
}

/** The documents after the decision exist only for a GO without an open blocking unknown. */
export interface Design {
  readonly kind: 'designed';
  readonly decision: Decision;
  readonly architecture: Architecture | null;
  readonly scope: Scope | null;
  readonly plan: Plan | null;
  readonly gates: GatesDocument | null;
  readonly calls: readonly ModelCallRecord[];
}

export interface Designer {
  /** `recipe`, or `PROVIDER/MODEL`: the author that every document names. */
  readonly name: string;
  design(input: DesignInput): Promise<Design | RoleFailure>;
}

/** A proposal is text to be applied, in one of two forms; only the tree delta it leads to counts. */
export interface Proposal {
  readonly repo: RepoName;
  readonly format: 'edits' | 'diff';
  readonly text: string;
  /** True: the repository's proposals go on top of its previous revision. False: they start from the pinned base. */
  readonly amends: boolean;
}

export interface ProposeInput {
  readonly workflow: WorkflowId;
  readonly issue: PinnedIssue;
  readonly answers: DesignInput['answers'];
  readonly documents: Documents;
  readonly context: RepositoryContext;
  /** The repositories to propose for. A revision asks for one. */
  readonly repos: readonly RepoName[];
  readonly hash: HashValue;
  /** What speaks against proposals at the pinned bases: a text that is not found, a rule that blocks, a gate that refuses. One sentence a fault. */
  readonly tryOut: (proposals: readonly Proposal[]) => Promise<readonly string[]>;
  /** Expands rewrite rules on the pinned bases. */
  readonly rewrite: Rewrite;
  /** What was proposed before and what was said about it: a reviewer's comment, or the reasons of a failed gate. */
  readonly revision: {
    readonly repo: RepoName;
    readonly previousText: string;
    readonly comment: string;
    readonly reasons: readonly string[];
    /** Expands rewrite rules on top of what was proposed before. */
    readonly rewrite: Rewrite;
  } | null;
}

/** Proposals in the order in which they are applied; a repository may have several (edit blocks, then a diff). */
export interface Proposed {
  readonly kind: 'proposed';
  readonly proposals: readonly Proposal[];
  readonly calls: readonly ModelCallRecord[];
}

export interface Proposer {
  readonly name: string;
  propose(input: ProposeInput): Promise<Proposed | RoleFailure>;
}

import type { ComponentLink, ContextComponent, CrossRepoLink, Dependency } from './context.ts';
import type { Oid, RepoName, Sha256, WorkflowId } from './ids.ts';

export const ARTIFACT_KINDS = ['decision', 'architecture', 'scope', 'plan', 'gates'] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

/** A pinned piece of a repository that a document cites. `lines` is `[first, last]`, 1-based, or null for the whole file. */
export interface Evidence {
  readonly id: string;
  readonly repo: RepoName;
  readonly commit: Oid;
  readonly path: string;
  readonly lines: readonly [number, number] | null;
  readonly blob: Oid;
}

/** Something nobody knows yet. A blocking one without an answer stops the workflow. */
export interface Unknown {
  readonly id: string;
  readonly question: string;
  readonly whyItMatters: string;
  readonly blocking: boolean;
  readonly options: readonly string[];
  readonly answer: string | null;
  readonly answeredBy: string | null;
}

export interface Assumption {
  readonly id: string;
  readonly text: string;
  readonly evidenceIds: readonly string[];
}

/** What all five documents carry. */
export interface DocumentEnvelope<Stage extends ArtifactKind> {
  readonly schemaVersion: 1;
  readonly workflow: WorkflowId;
  readonly stage: Stage;
  /** Who wrote it: `recipe` (no model was used) or `PROVIDER/MODEL`. */
  readonly author: string;
  /** SHA-256 of what it was made from: the issue revision, earlier documents. */
  readonly inputHashes: readonly Sha256[];
  readonly contextHash: Sha256;
  readonly evidence: readonly Evidence[];
  readonly unknowns: readonly Unknown[];
  readonly assumptions: readonly Assumption[];
}

export type Verdict = 'GO' | 'NO_GO' | 'DEFER';

export interface Decision extends DocumentEnvelope<'decision'> {
  readonly verdict: Verdict;
  readonly reasons: readonly { readonly text: string; readonly evidenceIds: readonly string[] }[];
  readonly risk: 'low' | 'medium' | 'high';
  readonly missingContext: readonly string[];
  readonly duplicates: readonly string[];
  readonly deferUntil: string | null;
}

/** What the repositories are made of: facts of the context, in its order of rank for the issue. No model writes any of it. */
export interface ArchitectureTopology {
  readonly components: readonly Omit<ContextComponent, 'languages' | 'entryPoints'>[];
  readonly links: readonly ComponentLink[];
  readonly crossRepo: readonly CrossRepoLink[];
  /** Of the components' manifests. */
  readonly dependencies: readonly (Dependency & { readonly repo: RepoName; readonly manifest: string })[];
  /** How many of each are in the context and not in these tables. */
  readonly omitted: { readonly components: number; readonly links: number; readonly crossRepo: number; readonly dependencies: number };
}

export interface Architecture extends DocumentEnvelope<'architecture'> {
  /** Absent only in documents from before it was recorded. */
  readonly topology?: ArchitectureTopology | undefined;
  readonly components: readonly { readonly id: string; readonly repo: RepoName; readonly paths: readonly string[]; readonly role: string }[];
  readonly interfaces: readonly { readonly id: string; readonly description: string; readonly providers: readonly string[]; readonly consumers: readonly string[] }[];
  readonly decisions: readonly {
    readonly id: string;
    readonly title: string;
    readonly drivers: readonly string[];
    readonly options: readonly string[];
    readonly chosen: string;
    readonly consequences: readonly string[];
    readonly confirmation: string;
  }[];
  readonly invariants: readonly string[];
  readonly crossRepoOrder: readonly RepoName[];
  readonly risks: readonly { readonly text: string; readonly mitigation: string }[];
}

/** A repository-qualified set of paths; `paths` are exact paths or globs (picomatch, dot files included). */
export interface PathSet {
  readonly repo: RepoName;
  readonly paths: readonly string[];
}

export interface Scope extends DocumentEnvelope<'scope'> {
  readonly goals: readonly string[];
  readonly nonGoals: readonly string[];
  readonly allowedPaths: readonly PathSet[];
  /** Those of the allowed paths that the pinned commits do not have: exact paths of files to come. Absent where nobody was asked for them. */
  readonly newPaths?: readonly PathSet[] | undefined;
  readonly forbiddenPaths: readonly PathSet[];
  readonly acceptanceCriteria: readonly {
    readonly id: string;
    /** One EARS sentence ("When …, the system shall …"). */
    readonly sentence: string;
    readonly given: string;
    readonly when: string;
    readonly then: string;
    readonly verification: string;
  }[];
}

export interface Plan extends DocumentEnvelope<'plan'> {
  readonly tasks: readonly {
    readonly id: string;
    readonly title: string;
    readonly criteriaIds: readonly string[];
    readonly repo: RepoName;
    readonly files: readonly { readonly path: string; readonly operation: 'add' | 'modify' | 'delete' }[];
    readonly dependsOn: readonly string[];
    readonly verification: string;
  }[];
  readonly budget: { readonly files: number; readonly lines: number };
  readonly rollback: string;
}

export interface GatesDocument extends DocumentEnvelope<'gates'> {
  readonly gates: readonly { readonly gate: 0 | 1 | 2 | 3 | 4 | 5; readonly requires: readonly string[] }[];
}

export interface Documents {
  readonly decision: Decision;
  readonly architecture: Architecture;
  readonly scope: Scope;
  readonly plan: Plan;
  readonly gates: GatesDocument;
}
export type AnyDocument = Documents[ArtifactKind];

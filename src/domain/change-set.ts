import type { Oid, PatchSetId, RepoName, Sha256, WorkflowId } from './ids.ts';

/** Git's file modes, as it prints them. Trees (040000) never appear in a change set. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

/** One path of a tree delta. A rename is a delete and an add: the delta knows no renames. */
export interface Change {
  /** The path as git stores it, decoded as UTF-8. A PatchSet has no other paths; elsewhere, a byte that is not UTF-8 is the lone surrogate U+DC80–U+DCFF. */
  readonly path: string;
  readonly op: 'add' | 'modify' | 'delete';
  readonly oldMode: FileMode | null;
  readonly newMode: FileMode | null;
  readonly oldBlob: Oid | null;
  readonly newBlob: Oid | null;
}

/** The difference between two git trees: the pinned base and the result. Sorted by path bytes, one change a path. */
export interface ChangeSet {
  readonly base: { readonly commit: Oid; readonly tree: Oid };
  readonly result: { readonly tree: Oid };
  readonly changes: readonly Change[];
}

/** Lines added and removed, per changed file; null for binary content. */
export interface FileStat {
  readonly path: string;
  readonly added: number | null;
  readonly removed: number | null;
}

/** The part of a PatchSet that serves one plan task. */
export interface Patch {
  readonly id: string;
  readonly task: string;
  readonly paths: readonly string[];
}

/**
 * What a person countersigns. Its canonical bytes' SHA-256 is the approval digest, so every field that an approval
 * must bind is here, and nothing else is.
 */
export interface Manifest {
  readonly format: 'countersign/manifest@1';
  readonly workflow: WorkflowId;
  readonly patchSet: PatchSetId;
  readonly revision: number;
  readonly repo: RepoName;
  readonly base: { readonly branch: string; readonly commit: Oid; readonly tree: Oid };
  readonly result: { readonly tree: Oid };
  readonly changes: readonly Change[];
  readonly patches: readonly Patch[];
  /** SHA-256 of the canonical diff's bytes. */
  readonly diff: Sha256;
  readonly scope: Sha256;
  readonly plan: Sha256;
  /** SHA-256 of the gates document that was fixed before patches existed. */
  readonly gates: Sha256;
  /** SHA-256 of the Gate 0–3 results this PatchSet was offered with. */
  readonly gateResults: Sha256;
  readonly policy: Sha256;
  readonly policyResult: Sha256;
  /** SHA-256 over the pinned text of the issue. */
  readonly issueRevision: Sha256;
}

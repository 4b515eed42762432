import type { Oid, Sha256, WorkflowId } from '../domain/ids.ts';

/** A file of the ledger: a path of its layout, and bytes. */
export interface LedgerFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** One workflow's records as they stand at `tip`. `events` in order of their file names; empty when the workflow does not exist. */
export interface WorkflowSnapshot {
  readonly tip: Oid;
  /** The ledger's id, from `ledger.json`. */
  readonly ledger: string;
  readonly events: readonly LedgerFile[];
}

export interface LedgerCommit {
  readonly expectedTip: Oid;
  /** Subject line, blank line, trailers. */
  readonly message: string;
  readonly files: readonly LedgerFile[];
}

/** `lost-race`: the branch no longer points at `expectedTip`; nothing was written. */
export type CommitResult = { readonly kind: 'committed'; readonly commit: Oid } | { readonly kind: 'lost-race' };

/** The ledger branch behind one port: GitHub (GraphQL) and local git. No method reads more than one workflow. */
export interface LedgerStore {
  readWorkflow(workflow: WorkflowId): Promise<WorkflowSnapshot>;
  /** Evidence bytes by hash; the reader checks that the bytes have that hash and rejects otherwise. */
  readEvidence(workflow: WorkflowId, hashes: readonly Sha256[]): Promise<ReadonlyMap<Sha256, Uint8Array>>;
  commit(commit: LedgerCommit): Promise<CommitResult>;
}

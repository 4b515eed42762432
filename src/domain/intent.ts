import type { Change } from './change-set.ts';
import type { PatchSetRef } from './event.ts';
import type { Oid, RepoName, Sha256, WorkflowId } from './ids.ts';

/** Every mutating GitHub request of the product belongs to one of these. There is no other way to write. */
export type Intent =
  | { readonly kind: 'ledger-genesis'; readonly repo: RepoName }
  | { readonly kind: 'ledger-commit'; readonly repo: RepoName; readonly workflow: WorkflowId; readonly paths: readonly string[] }
  | { readonly kind: 'tracking-issue-create'; readonly repo: RepoName; readonly workflow: WorkflowId; readonly title: string; readonly body: string }
  | { readonly kind: 'tracking-issue-update'; readonly repo: RepoName; readonly number: number; readonly body: string; readonly close: boolean }
  | ({ readonly kind: 'review-dispatch'; readonly repo: RepoName; readonly targetRepo: RepoName } & PatchSetRef)
  | { readonly kind: 'continue-dispatch'; readonly repo: RepoName; readonly workflow: WorkflowId; readonly stage: 'design' | 'patch' }
  | { readonly kind: 'mint-token'; readonly repo: RepoName }
  | ({
      readonly kind: 'target-commit';
      readonly repo: RepoName;
      readonly branch: string;
      readonly baseCommit: Oid;
      readonly baseTree: Oid;
      readonly resultTree: Oid;
      readonly changes: readonly Change[];
      /** Subject, body and trailers. */
      readonly message: string;
    } & PatchSetRef)
  | ({
      readonly kind: 'pull-request';
      readonly repo: RepoName;
      readonly branch: string;
      readonly baseBranch: string;
      readonly commit: Oid;
      readonly title: string;
      readonly body: string;
    } & PatchSetRef);

export type WriteDecision = { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/** The approval trailer's value and the digest that people compare. */
export const approvalTrailer = (digest: Sha256): string => `Countersign-Approval: sha256:${digest}`;

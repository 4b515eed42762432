import type { ErrorKind } from '../../domain/errors.ts';
import type { WorkflowId } from '../../domain/ids.ts';
import type { SharedIndex } from '../../git/pack/packed-objects.ts';
import type { WorkflowChange } from '../../ledger/verify/changes.ts';
import type { RecordCounts } from '../../ledger/verify/ledger-check.ts';
import type { LedgerProblem } from '../../ledger/verify.ts';

/** What a thread that checks records is given when it starts. */
export interface RecordThreadData {
  readonly objects: string;
  /** Of its packs; all threads read the same memory. */
  readonly indexes: readonly SharedIndex[];
  /** The first thread keeps what it compiles, and what others need of it. */
  readonly isCompileCached: boolean;
}

/** What one commit did to one workflow: names only, the thread reads the files itself. `at` counts over all threads. */
export interface RecordWork {
  readonly at: number;
  readonly change: WorkflowChange;
}

export type ToRecordThread =
  | { readonly kind: 'begin'; readonly ledger: string | null; readonly trusted: boolean }
  | { readonly kind: 'work'; readonly batch: readonly RecordWork[] }
  | { readonly kind: 'finish' };

export interface FoundProblem {
  readonly at: number;
  readonly problem: LedgerProblem;
}

export type FromRecordThread =
  | { readonly kind: 'done'; readonly problems: readonly FoundProblem[]; /** Workflows that this thread has no state of any more. */ readonly forgotten: readonly WorkflowId[] }
  | { readonly kind: 'finished'; readonly counts: RecordCounts }
  | { readonly kind: 'failed'; readonly error: { readonly kind: ErrorKind; readonly code: string; readonly message: string } };

import type { Oid, WorkflowId } from '../../domain/ids.ts';
import type { ErrorKind } from '../../domain/errors.ts';
import type { RecordCounts } from '../../ledger/verify/ledger-check.ts';
import type { LedgerProblem } from '../../ledger/verify.ts';

/** What a thread that checks records is given when it starts. */
export interface RecordThreadData {
  readonly objects: string;
}

/** What one commit adds to one workflow: names only, the thread reads the files itself. `at` counts over all threads. */
export interface RecordWork {
  readonly at: number;
  readonly workflow: WorkflowId;
  readonly before: Oid | null;
  readonly files: readonly { readonly path: string; readonly oid: Oid }[];
}

export type ToRecordThread =
  | { readonly kind: 'begin'; readonly ledger: string | null; readonly trusted: boolean }
  | { readonly kind: 'work'; readonly batch: readonly RecordWork[] }
  | { readonly kind: 'finish' };

export type FromRecordThread =
  | { readonly kind: 'done'; readonly problems: readonly { readonly at: number; readonly problem: LedgerProblem }[] }
  | { readonly kind: 'finished'; readonly counts: RecordCounts }
  | { readonly kind: 'failed'; readonly error: { readonly kind: ErrorKind; readonly code: string; readonly message: string } };

import type { Oid } from '../../domain/ids.ts';

/** Every way in which a ledger can fail to hold. Stable: scripts and other verifiers match on them. */
export type ProblemCode =
  | 'object-missing'
  | 'object-corrupt'
  | 'tree-malformed'
  | 'merge-commit'
  | 'history-cut'
  | 'tip-not-reached'
  | 'replace-ref'
  | 'graft'
  | 'genesis'
  | 'file-changed'
  | 'file-removed'
  | 'file-mode'
  | 'unexpected-path'
  | 'commit-too-large'
  | 'commit-empty'
  | 'event-not-canonical'
  | 'event-not-by-schema'
  | 'event-name'
  | 'event-sequence'
  | 'event-chain'
  | 'event-repeated'
  | 'wrong-ledger'
  | 'foreign-workflow'
  | 'evidence-missing'
  | 'evidence-hash'
  | 'evidence-size'
  | 'evidence-type'
  | 'evidence-unreferenced'
  | 'illegal-transition'
  | 'state-mismatch'
  | 'approval-not-current'
  | 'approval-not-listed'
  | 'write-before-approval'
  | 'policy-changed'
  | 'record-invalid'
  | 'record-mismatch'
  | 'manifest-invalid'
  | 'manifest-mismatch'
  | 'result-mismatch'
  | 'pack-line'
  | 'pack-order'
  | 'pack-cut'
  | 'target-unknown-commit'
  | 'target-commit-missing'
  | 'target-mismatch';

/** One thing that does not hold, with its place. `expected` and `found` are texts for people. */
export interface LedgerProblem {
  readonly code: ProblemCode;
  readonly workflow: string | null;
  readonly seq: number | null;
  readonly path: string | null;
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
}

export interface VerifyReport {
  readonly ok: boolean;
  /** The ledger's id; null when its first file cannot be read. */
  readonly ledger: string | null;
  readonly tip: Oid;
  readonly commits: number;
  readonly workflows: number;
  readonly events: number;
  readonly evidence: number;
  readonly problems: readonly LedgerProblem[];
  /** How many more problems were found than are listed; absent when all are. */
  readonly unlisted?: number;
}

export interface Place {
  readonly workflow?: string;
  readonly seq?: number;
  readonly path?: string;
}

export interface Difference {
  readonly expected?: string | null;
  readonly found?: string | null;
}

/** The most problems that are listed: a hostile ledger can have more than any memory holds. What is beyond is counted. */
export const PROBLEMS_MAX = 100_000;

/** What was found, in its order. */
export class ProblemList<T = LedgerProblem> {
  readonly listed: T[] = [];
  unlisted = 0;

  add(problem: T): void {
    if (this.listed.length < PROBLEMS_MAX) this.listed.push(problem);
    else this.unlisted++;
  }

  /** What a report says of it. */
  toReport(): { readonly ok: boolean; readonly problems: readonly T[]; readonly unlisted?: number } {
    return { ok: this.listed.length === 0, problems: this.listed, ...(this.unlisted === 0 ? {} : { unlisted: this.unlisted }) };
  }
}

/** Where checks put what they find. */
export type Report = (code: ProblemCode, message: string, place?: Place, difference?: Difference) => void;

export function toProblem(code: ProblemCode, message: string, place: Place = {}, difference: Difference = {}): LedgerProblem {
  return {
    code,
    workflow: place.workflow ?? null,
    seq: place.seq ?? null,
    path: place.path === undefined ? null : showPath(place.path),
    message,
    expected: difference.expected ?? null,
    found: difference.found ?? null,
  };
}

// Tree names arrive as latin1 and may hold anything.
function showPath(path: string): string {
  return path.replace(/[^\x20-\x7e]/g, (unit) => `\\x${unit.charCodeAt(0).toString(16).padStart(2, '0')}`).slice(0, 500);
}

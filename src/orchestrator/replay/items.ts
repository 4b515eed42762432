import { CountersignError } from '../../domain/errors.ts';
import type { EvidenceRef } from '../../domain/event.ts';
import type { Sha256 } from '../../domain/ids.ts';

/** What can be made again from pinned inputs. */
export type ReplayKind =
  | 'fold'
  | 'issue'
  | 'base'
  | 'context'
  | 'prompt'
  | 'document'
  | 'proposal'
  | 'result-tree'
  | 'diff'
  | 'policy-result'
  | 'gate-3'
  | 'manifest';

/** Where an item belongs: the event that recorded it, and which part of it. */
export interface ReplayPlace {
  readonly item: ReplayKind;
  /** `local/api`, `triage, call 1`, `ps-1 r2`: which of its kind. */
  readonly subject: string;
  /** The event that holds what was expected. */
  readonly seq: number;
}

/** One thing made again: it came out the same, or different, or could not be made, with the reason. Hashes and ids are in full. */
export type ReplayItem = ReplayPlace &
  (
    | { readonly outcome: 'same'; readonly expected: string; readonly found: string; readonly why: null }
    | { readonly outcome: 'different'; readonly expected: string; readonly found: string; readonly why: string | null }
    | { readonly outcome: 'not-rebuildable'; readonly expected: string; readonly found: null; readonly why: string }
  );

/** Compares what the ledger holds with what was made again. `hint` says where a difference may come from. */
export function compare(place: ReplayPlace, values: { readonly expected: string; readonly found: string; readonly hint?: string }): ReplayItem {
  const { expected, found, hint = null } = values;
  return expected === found ? { ...place, outcome: 'same', expected, found, why: null } : { ...place, outcome: 'different', expected, found, why: hint };
}

export const notRebuildable = (place: ReplayPlace, expected: string, why: string): ReplayItem => ({ ...place, outcome: 'not-rebuildable', expected, found: null, why });

/** Why a thing that was stored without its secrets cannot be made again; null when the bytes are all that was there. */
export function redactedWhy(evidence: readonly EvidenceRef[], hash: Sha256, what: string): string | null {
  const isRedacted = evidence.some(({ sha256, name }) => sha256 === hash && name.includes('-redacted'));
  return isRedacted ? `a secret was taken out of the ${what} before it was stored` : null;
}

/** Something that is needed and not at hand. Its message says what, as the reason of every item that needs it. */
export type Attempt<T> = { readonly kind: 'made'; readonly value: T } | { readonly kind: 'missing'; readonly why: string };

/** Runs what may lack an input; a coded failure becomes the reason, a defect is thrown on. */
export async function attempt<T>(make: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'made', value: await make() };
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { kind: 'missing', why: error.message };
  }
}

import type { FactsBatch } from '../analyse/batch.ts';
import type { WantedTerms } from '../analyse/terms.ts';
import type { Lens } from '../lens.ts';

/** Blobs in one buffer, one after the other. */
export interface BatchRequest {
  readonly lenses: readonly Lens[];
  /** Where each blob ends in `bytes`. */
  readonly ends: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly wanted: WantedTerms;
}

/** Facts of the first blobs of a request: of all, unless a grammar stopped and the thread should not be trusted any further. */
export interface BatchAnswer {
  readonly facts: FactsBatch;
  readonly done: number;
  /** Why no file of this language can be read at all; null when all is well. */
  readonly fault: { readonly code: string; readonly message: string } | null;
}

import type { Oid } from '../domain/ids.ts';

/** What came of asking for an object. `size` and `type` are what the store says of it; the bytes were not read. */
export type RawObject =
  | { readonly kind: 'object'; readonly type: string; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'too-large'; readonly type: string; readonly size: number };

/**
 * Git objects by id, from a repository, an evidence pack or anything else. Nothing that it says is believed: whoever reads
 * hashes the bytes. Rejects only for a reason outside the objects.
 */
export interface LedgerObjects {
  /** Bytes beyond `bytesMax` are not kept in memory. What is at hand comes at once, the rest as a promise. */
  read(oid: Oid, bytesMax: number): RawObject | Promise<RawObject>;
  /** True when `read` gives the object at once, so that nothing is won by asking early. */
  isAtHand?(oid: Oid): boolean;
  /** Several at once, for who has that cheaper than one by one. */
  readAll?(requests: readonly ObjectRequest[]): Promise<readonly RawObject[]>;
}

export interface ObjectRequest {
  readonly oid: Oid;
  readonly bytesMax: number;
}

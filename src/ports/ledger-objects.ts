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
  /** Bytes beyond `bytesMax` are not kept in memory. */
  read(oid: Oid, bytesMax: number): Promise<RawObject>;
  /** Several at once, for who has that cheaper than one by one. */
  readAll?(requests: readonly ObjectRequest[]): Promise<readonly RawObject[]>;
}

export interface ObjectRequest {
  readonly oid: Oid;
  readonly bytesMax: number;
}

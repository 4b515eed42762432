import { createHash } from 'node:crypto';

import type { Sha256 } from '../domain/ids.ts';

// The only place of the ledger's core that needs Node: a browser build swaps this file for another with the same export.

/** SHA-256 of `bytes`, as 64 lower-case hex digits. */
export function sha256(bytes: Uint8Array): Sha256 {
  return createHash('sha256').update(bytes).digest('hex');
}

import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

// The same as native.ts where there is no Node. The result has to be there at once, which Web Crypto's never is.

/** SHA-256 of `bytes`, in lower-case hex. */
export const sha256Hex = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** SHA-1 of `head` followed by `bytes`, in lower-case hex: what names a git object. */
export const sha1Hex = (head: Uint8Array, bytes: Uint8Array): string => bytesToHex(sha1.create().update(head).update(bytes).digest());

/** A SHA-256 over bytes that come piece by piece. */
export function createSha256(): { update(bytes: Uint8Array): void; hex(): string } {
  const state = sha256.create();
  return { update: (bytes) => void state.update(bytes), hex: () => bytesToHex(state.digest()) };
}

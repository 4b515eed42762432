import { createHash, hash } from 'node:crypto';

// Under Node. A browser gets portable.ts in its place: package.json's "imports" chooses.

/** SHA-256 of `bytes`, in lower-case hex. */
export const sha256Hex = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/** SHA-1 of `head` followed by `bytes`, in lower-case hex: what names a git object. */
export const sha1Hex = (head: Uint8Array, bytes: Uint8Array): string => createHash('sha1').update(head).update(bytes).digest('hex');

/** A SHA-256 over bytes that come piece by piece. */
export function createSha256(): { update(bytes: Uint8Array): void; hex(): string } {
  const state = createHash('sha256');
  return { update: (bytes) => void state.update(bytes), hex: () => state.digest('hex') };
}

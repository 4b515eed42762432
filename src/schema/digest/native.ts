import { createHash, hash } from 'node:crypto';

// Under Node. A browser gets portable.ts in its place: package.json's "imports" chooses.

/** SHA-256 of `bytes`, in lower-case hex. */
export const sha256Hex = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/** SHA-1 of `head` followed by `bytes`, in lower-case hex: what names a git object. */
export function sha1Hex(head: Uint8Array, bytes: Uint8Array): string {
  const size = head.byteLength + bytes.byteLength;
  if (size > SCRATCH_BYTES) return createHash('sha1').update(head).update(bytes).digest('hex');
  // One call is faster than three, even with a copy.
  scratch.set(head);
  scratch.set(bytes, head.byteLength);
  return hash('sha1', scratch.subarray(0, size), 'hex');
}

const SCRATCH_BYTES = 16 * 1024;
const scratch = new Uint8Array(SCRATCH_BYTES);

/** A SHA-256 over bytes that come piece by piece. */
export function createSha256(): { update(bytes: Uint8Array): void; hex(): string } {
  const state = createHash('sha256');
  return { update: (bytes) => void state.update(bytes), hex: () => state.digest('hex') };
}

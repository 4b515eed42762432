import { sha256Hex } from '#digest';
import type { Sha256 } from '../domain/ids.ts';

/** SHA-256 of `bytes`, as 64 lower-case hex digits. */
export const sha256 = (bytes: Uint8Array): Sha256 => sha256Hex(bytes);

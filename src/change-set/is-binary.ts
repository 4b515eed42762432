/** How far git looks. */
const LOOKED_AT = 8_000;

/** Git's own rule: content is binary when its first 8,000 bytes hold a NUL. */
export const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, LOOKED_AT).includes(0);

// Under Node. A browser gets portable.ts in its place: package.json's "imports" chooses.

// A Buffer's own method works on any Uint8Array; making a Buffer of each piece would take longer than it does.
const buffer = Buffer.alloc(0);

/** The bytes from `from` to `to` in lower-case hex. */
export const hexOf = (bytes: Uint8Array, from: number, to: number): string => buffer.toString.call(bytes, 'hex', from, to);

/** The bytes from `from` to `to`, one character each. */
export const latin1Of = (bytes: Uint8Array, from: number, to: number): string => buffer.toString.call(bytes, 'latin1', from, to);

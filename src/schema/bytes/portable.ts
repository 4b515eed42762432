// The same as native.ts where there is no Node.

const ascii = new TextDecoder();
const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The bytes from `from` to `to` in lower-case hex. */
export function hexOf(bytes: Uint8Array, from: number, to: number): string {
  let hex = '';
  for (let at = from; at < to; at++) hex += PAIRS[bytes[at] ?? 0] ?? '';
  return hex;
}

/** The bytes from `from` to `to`, one character each. */
export function latin1Of(bytes: Uint8Array, from: number, to: number): string {
  const part = bytes.subarray(from, to);
  // What a browser calls latin1 has other characters from 0x80 to 0x9f.
  return part.every((byte) => byte < 0x80) ? ascii.decode(part) : Array.from(part, (byte) => String.fromCharCode(byte)).join('');
}

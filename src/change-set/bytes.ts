/**
 * Byte strings: one character for each byte (latin1). Paths and header lines are handled in this form, so that no
 * byte is lost or changed on the way; text for people is decoded at the very end.
 */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const byteString = (bytes: Uint8Array): string => asBuffer(bytes).toString('latin1');
export const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The text of a byte string that is well-formed UTF-8, else null. */
export function decodeUtf8(text: string): string | null {
  try {
    return decoder.decode(bytesOf(text));
  } catch {
    return null;
  }
}

/** Order of byte strings, which is git's order of paths. */
export const compareByteStrings = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A Buffer over the same memory. */
export const asBuffer = (bytes: Uint8Array): Buffer => (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));

/** A byte string as part of a message: quoted, shortened, with every hidden or control character escaped. */
export function show(text: string, longest = 120): string {
  const shown = decodeUtf8(text.slice(0, longest)) ?? text.slice(0, longest);
  const escaped = JSON.stringify(shown).replace(/[\u007f-\u00a0\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return text.length > longest ? `${escaped.slice(0, -1)}…"` : escaped;
}

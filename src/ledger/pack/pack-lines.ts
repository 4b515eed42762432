import type { z } from 'zod';
import type { PackHeader, PackLine } from '../../schema/evidence-pack.ts';
import { problemsOf } from '../../schema/problems.ts';
import { canonicalJson } from '../canonical-json.ts';
import { decode, type Decoded } from '../codec.ts';

// An evidence pack is lines of canonical JSON: a header, objects in the order in which verification asks for them, an end.
// Nothing in it is compressed, so nothing grows when it is read.

export { PACK_FORMAT, packHeaderSchema, packLineSchema, type PackHeader, type PackLine } from '../../schema/evidence-pack.ts';

/** How every evidence pack begins, whatever its version. */
export const PACK_START = '{"format":"countersign/evidence-pack@';
/** Bytes of an object in one line; what is longer goes on in `more` lines. */
export const PIECE_BYTES_MAX = 512 * 1024;
/** Bytes of one line: a piece in base64, or in JSON's longest escapes, and its frame. */
export const LINE_BYTES_MAX = 4 * 1024 * 1024;

/** One line with its line feed. */
export function encodeLine(line: PackHeader | PackLine): Uint8Array {
  const json = canonicalJson(line);
  const bytes = new Uint8Array(json.byteLength + 1);
  bytes.set(json);
  bytes[json.byteLength] = 0x0a;
  return bytes;
}

/** Reads one line, without its line feed. */
export function decodeLine<T>(bytes: Uint8Array, schema: z.ZodType<T>): Decoded<T> {
  return decode<T>(bytes, (value) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? { kind: 'valid', value: parsed.data } : { kind: 'invalid', code: 'not-by-schema', problems: problemsOf(parsed.error) };
  });
}

/** Bytes as they stand in a line: as text where a JSON string can hold them, else in base64. */
export function toContent(bytes: Uint8Array): { text: string } | { base64: string } {
  try {
    const text = decoder.decode(bytes);
    if (!text.includes('\0')) return { text };
  } catch {
    // Not UTF-8.
  }
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8_192) binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return { base64: btoa(binary) };
}

/** The bytes of a line; null when it holds none, both forms, the wrong form, or more than one line may. */
export function fromContent({ text, base64 }: { readonly text?: string | undefined; readonly base64?: string | undefined }): Uint8Array | null {
  if ((text === undefined) === (base64 === undefined)) return null;
  const bytes = text === undefined ? fromBase64(base64 ?? '') : encoder.encode(text);
  if (!bytes || bytes.byteLength > PIECE_BYTES_MAX) return null;
  const again = toContent(bytes);
  return 'text' in again === (text !== undefined) && ('text' in again || again.base64 === base64) ? bytes : null;
}

function fromBase64(base64: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

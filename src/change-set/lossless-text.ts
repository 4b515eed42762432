import { decodeUtf8 } from './bytes.ts';

/**
 * Bytes as text, without losing one. Paths and sources are bytes and nearly always UTF-8. A byte that belongs to no
 * UTF-8 sequence becomes the lone surrogate U+DC80 to U+DCFF (as in Python's PEP 383): no other bytes give the same
 * text, and such text is never well-formed, so whatever must be well-formed (a manifest) cannot hold it by accident.
 */
const ESCAPES_BEGIN = 0xdc00;

/** A byte string as text. */
export const textOf = (bytes: string): string => decodeUtf8(bytes) ?? decodeMixed(bytes);

function decodeMixed(bytes: string): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes.charCodeAt(at));
    const character = length === 0 ? null : decodeUtf8(bytes.slice(at, at + length));
    parts.push(character ?? String.fromCharCode(ESCAPES_BEGIN + bytes.charCodeAt(at)));
    at += character === null ? 1 : length;
  }
  return parts.join('');
}

/** Bytes of the UTF-8 sequence that begins with this one; 0 when none does. */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte < 0xc2 || byte > 0xf4) return 0;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/** The byte string that `textOf` gave this text for; of any other text, its UTF-8. */
export function byteStringOf(text: string): string {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8').toString('latin1');
  return Array.from(text, (character) => {
    const byte = (character.codePointAt(0) ?? 0) - ESCAPES_BEGIN;
    return byte >= 0x80 && byte <= 0xff ? String.fromCharCode(byte) : Buffer.from(character, 'utf8').toString('latin1');
  }).join('');
}

/** Whether a text stands for bytes that are UTF-8. */
export const isUtf8 = (text: string): boolean => text.isWellFormed();

/** The very bytes that a text stands for, in hexadecimal. */
export const hexOf = (text: string): string => Buffer.from(byteStringOf(text), 'latin1').toString('hex');

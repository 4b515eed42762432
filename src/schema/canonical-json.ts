import { canonicalizeEx } from 'json-canonicalize';

import { inputError } from '../domain/errors.ts';
import type { Sha256 } from '../domain/ids.ts';
import { decodeUtf8, I_JSON, LEDGER_JSON, notAcceptable, type JsonLimits } from './json.ts';
import { copyPlain } from './plain-json.ts';
import { sha256 } from './sha256.ts';
import { parseIJson, parseStrictJson } from './strict-json.ts';
import { hideToJson, showToJson } from './to-json-key.ts';

const encoder = new TextEncoder();

/**
 * The canonical bytes of `value` (RFC 8785) within the ledger's subset: plain JSON values, keys `[A-Za-z0-9_]+`, safe
 * integers, well-formed strings without NUL, at most 64 levels. Anything else throws an `input` error that names the place.
 */
export const canonicalJson = (value: unknown): Uint8Array => encode(value, LEDGER_JSON);

/** SHA-256 of the canonical bytes of `value`. */
export const hashCanonical = (value: unknown): Sha256 => sha256(canonicalJson(value));

/** The canonical bytes of any I-JSON text (all of RFC 8785). Throws an `input` error when the text is not I-JSON. */
export const jcs = (text: Uint8Array): Uint8Array => encode(parseIJson(text), I_JSON);

/**
 * Reads bytes that must be canonical already: writing the value again has to give the very same bytes. That alone rules
 * out duplicate keys, white space, trailing bytes, odd numbers and needless escapes. Throws an `input` error otherwise.
 */
export function parseCanonical(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes, LEDGER_JSON);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return parseStrictJson(bytes); // Always throws here, and says where and why.
  }
  if (write(value, LEDGER_JSON) !== text) {
    parseStrictJson(bytes); // Throws with the exact place for duplicate keys and the like.
    throw inputError('json-not-canonical', 'Not canonical JSON: the same value written canonically (RFC 8785) gives other bytes.');
  }
  return value;
}

function encode(value: unknown, limits: JsonLimits): Uint8Array {
  const bytes = encoder.encode(write(value, limits));
  if (bytes.byteLength > limits.bytesMax) throw notAcceptable('$', `${bytes.byteLength} bytes, at most ${limits.bytesMax} are written.`);
  return bytes;
}

// json-canonicalize validates little and trips over members called toJSON and over shared objects: it is only ever given
// a checked copy without either.
const write = (value: unknown, limits: JsonLimits): string => showToJson(canonicalizeEx(copyPlain(value, limits, hideToJson), STRICT));
const STRICT = { strictUndefined: true };

import { inputError } from '../domain/errors.ts';
import type { Sha256 } from '../domain/ids.ts';
import { assertDepth, assertKey, assertNumber, assertString, decodeUtf8, I_JSON, LEDGER_JSON, notAcceptable, ROOT, showKey, type JsonLimits } from './json.ts';
import { sha256 } from './sha256.ts';
import { parseIJson, parseStrictJson } from './strict-json.ts';

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
  if (!equalBytes(encode(value, LEDGER_JSON), bytes)) {
    parseStrictJson(bytes); // Throws with the exact place for duplicate keys and the like.
    throw inputError('json-not-canonical', 'Not canonical JSON: the same value written canonically (RFC 8785) gives other bytes.');
  }
  return value;
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.byteLength !== right.byteLength) return false;
  for (let index = 0; index < left.byteLength; index++) if (left[index] !== right[index]) return false;
  return true;
}

function encode(value: unknown, limits: JsonLimits): Uint8Array {
  const bytes = encoder.encode(write(value, { limits, depth: 0, where: ROOT }));
  if (bytes.byteLength > limits.bytesMax) throw notAcceptable(ROOT, `${bytes.byteLength} bytes, at most ${limits.bytesMax} are written.`);
  return bytes;
}

interface Place {
  readonly limits: JsonLimits;
  readonly depth: number;
  readonly where: string;
}

// Validates and writes in one pass, so that what was checked is what is written. ECMAScript's own number and string
// serialisation is what RFC 8785 asks for; only the order of the keys and the refusals are ours.
function write(value: unknown, place: Place): string {
  switch (typeof value) {
    case 'string':
      assertString(value, place.limits, place.where);
      return JSON.stringify(value);
    case 'number':
      assertNumber(value, place.limits, place.where);
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      assertDepth(place.depth + 1, place.limits, place.where);
      return Array.isArray(value) ? writeArray(value, place) : writeObject(value, place);
    default:
      throw notAcceptable(place.where, `${typeof value} is no JSON value.`);
  }
}

function writeArray(items: readonly unknown[], place: Place): string {
  const parts: string[] = [];
  // An index loop also meets holes, which `map` would skip.
  for (let index = 0; index < items.length; index++) {
    parts.push(write(items[index], inside(place, `[${index}]`)));
  }
  return `[${parts.join(',')}]`;
}

function writeObject(value: object, place: Place): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw notAcceptable(place.where, 'only plain objects and arrays are JSON values.');
  if (Object.getOwnPropertySymbols(value).length > 0) throw notAcceptable(place.where, 'a symbol is no key.');
  // RFC 8785 sorts by UTF-16 code units, which is what `sort` without a comparison does.
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  const parts = members.map(([key, member]) => {
    assertKey(key, place.limits, place.where);
    return `${JSON.stringify(key)}:${write(member, inside(place, KEY_PLAIN.test(key) ? `.${key}` : `[${showKey(key)}]`))}`;
  });
  return `{${parts.join(',')}}`;
}

const KEY_PLAIN = /^[A-Za-z0-9_]{1,60}$/;
const inside = (place: Place, step: string): Place => ({ limits: place.limits, depth: place.depth + 1, where: place.where + step });

import { inputError } from '../domain/errors.ts';

/** What a JSON text may hold. All sizes are in bytes, depth counts nested arrays and objects. */
export interface JsonLimits {
  readonly depthMax: number;
  readonly bytesMax: number;
  /** `ledger`: safe integers, keys `[A-Za-z0-9_]+`, no NUL. `i-json`: any number a double can hold, any well-formed string. */
  readonly profile: 'ledger' | 'i-json';
}

/** The longest JSON text that is read or written, in bytes. */
export const JSON_BYTES_MAX = 32 * 1024 * 1024;

/** The ledger's own subset: small, without anything that two JSON libraries could read differently. */
export const LEDGER_JSON: JsonLimits = { depthMax: 64, bytesMax: JSON_BYTES_MAX, profile: 'ledger' };
/** All of I-JSON (RFC 7493). The depth limit keeps the recursive reader far from the end of the stack. */
export const I_JSON: JsonLimits = { depthMax: 1000, bytesMax: JSON_BYTES_MAX, profile: 'i-json' };

const KEY = /^[A-Za-z0-9_]+$/;
const SHOWN_KEY_MAX = 60;

/** Puts the place of a fault into words, `$.repos[0].name` or `character 12`; asked only when there is a fault. */
export type Where = () => string;

export function notAcceptable(where: string, what: string): Error {
  return inputError('json-not-acceptable', `Not acceptable JSON at ${where}: ${what}`);
}

/** Escaped and cut, so that a hostile key cannot garble a message. */
export function showKey(key: string): string {
  const cut = key.length > SHOWN_KEY_MAX ? `${key.slice(0, SHOWN_KEY_MAX)}…` : key;
  return JSON.stringify(cut).replace(/[^\x20-\x7e…]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Throws unless `text` may stand in a JSON string under `limits`. */
export function assertString(text: string, limits: JsonLimits, where: Where): void {
  if (!text.isWellFormed()) throw notAcceptable(where(), 'a string holds half of a surrogate pair; write the whole character.');
  if (limits.profile === 'ledger' && text.includes('\0')) throw notAcceptable(where(), 'a string holds a NUL character; remove it.');
}

/** Throws unless `key` may name a member under `limits`. */
export function assertKey(key: string, limits: JsonLimits, where: Where): void {
  if (limits.profile === 'ledger' && !KEY.test(key)) {
    throw notAcceptable(where(), `the key ${showKey(key)} is not made of letters, digits and underscores.`);
  }
  assertString(key, limits, where);
}

/** Throws unless `value` may stand as a JSON number under `limits`. */
export function assertNumber(value: number, limits: JsonLimits, where: Where): void {
  if (!Number.isFinite(value)) throw notAcceptable(where(), 'a number is too large for a double, or is no number.');
  if (limits.profile === 'i-json') return;
  if (Object.is(value, -0)) throw notAcceptable(where(), 'minus zero is not allowed; write 0.');
  if (!Number.isSafeInteger(value)) throw notAcceptable(where(), `${value} is not a safe integer; write it as a string.`);
}

export function assertDepth(depth: number, limits: JsonLimits, where: Where): void {
  if (depth > limits.depthMax) throw notAcceptable(where(), `nested deeper than ${limits.depthMax} levels.`);
}

/** Decodes UTF-8 strictly: no invalid sequence, no byte order mark, no more than `limits.bytesMax` bytes. */
export function decodeUtf8(bytes: Uint8Array, limits: JsonLimits): string {
  if (bytes.byteLength > limits.bytesMax) throw notAcceptable('byte 0', `${bytes.byteLength} bytes, at most ${limits.bytesMax} are read.`);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) throw notAcceptable('byte 0', 'it starts with a byte order mark; remove it.');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw inputError('json-not-acceptable', 'Not acceptable JSON: the bytes are not valid UTF-8.', cause);
  }
}

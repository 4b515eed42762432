// Most of what a verifier reads is canonical. Whether it is can be seen from the bytes in one pass, several times faster than
// by writing the value again; only what fails here needs the slow answer, which also says where and why.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
/** Less than the limit: what is deeper is left to the full reader. */
const DEPTH_MAX = 60;
/** Any number of so many digits is a safe integer. */
const DIGITS_MAX = 15;
const FAILED = -1;

/** What a byte may be: 1 inside a string as it is, 2 in a key. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 0 : /[A-Za-z0-9_]/.test(String.fromCharCode(byte)) ? 3 : 1));

/**
 * True when `bytes` are one value of the ledger's JSON in canonical form, given that they are valid UTF-8. False means only
 * that it could not be seen in one pass.
 */
export const looksCanonical = (bytes: Uint8Array): boolean => bytes.length > 0 && scanValue(bytes, 0, 0) === bytes.length;

// Each gives the index after what it read, or FAILED. An index beyond the end reads `undefined`, which nothing accepts.
function scanValue(bytes: Uint8Array, at: number, depth: number): number {
  const first = bytes[at];
  switch (first) {
    case QUOTE:
      return scanString(bytes, at + 1);
    case 0x7b: // {
      return depth >= DEPTH_MAX ? FAILED : scanObject(bytes, at + 1, depth + 1);
    case 0x5b: // [
      return depth >= DEPTH_MAX ? FAILED : scanArray(bytes, at + 1, depth + 1);
    case 0x74: // true
      return bytes[at + 1] === 0x72 && bytes[at + 2] === 0x75 && bytes[at + 3] === 0x65 ? at + 4 : FAILED;
    case 0x66: // false
      return bytes[at + 1] === 0x61 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x73 && bytes[at + 4] === 0x65 ? at + 5 : FAILED;
    case 0x6e: // null
      return bytes[at + 1] === 0x75 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x6c ? at + 4 : FAILED;
    default:
      return scanNumber(bytes, at);
  }
}

function scanNumber(bytes: Uint8Array, start: number): number {
  let at = start;
  const isNegative = bytes[at] === 0x2d;
  if (isNegative) at++;
  if (bytes[at] === 0x30) return isNegative ? FAILED : at + 1;
  const digits = at;
  while (isDigit(bytes[at])) at++;
  return at > digits && at - digits <= DIGITS_MAX ? at : FAILED;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function scanString(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === undefined) return FAILED;
    if (KINDS[byte] !== 0) at++;
    else if (byte === QUOTE) return at + 1;
    else if (byte === BACKSLASH) {
      at = scanEscape(bytes, at + 1);
      if (at === FAILED) return FAILED;
    } else return FAILED;
  }
}

// RFC 8785: the short form where there is one, else \u00xx in lower case. NUL is not allowed in a ledger.
function scanEscape(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case QUOTE:
    case BACKSLASH:
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 1;
    case 0x75: // u
      return CONTROLS.has(`${hex(bytes, at + 1)}${hex(bytes, at + 3)}`) ? at + 5 : FAILED;
    default:
      return FAILED;
  }
}

const hex = (bytes: Uint8Array, at: number): string => String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0);
const SHORT = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);
const CONTROLS: ReadonlySet<string> = new Set(Array.from({ length: 0x20 }, (_, code) => code).filter((code) => code > 0 && !SHORT.has(code)).map((code) => code.toString(16).padStart(4, '0')));

function scanArray(bytes: Uint8Array, start: number, depth: number): number {
  if (bytes[start] === 0x5d) return start + 1;
  let at = start;
  for (;;) {
    at = scanValue(bytes, at, depth);
    if (at === FAILED) return FAILED;
    if (bytes[at] === 0x5d) return at + 1;
    if (bytes[at] !== COMMA) return FAILED;
    at++;
  }
}

function scanObject(bytes: Uint8Array, start: number, depth: number): number {
  if (bytes[start] === 0x7d) return start + 1;
  let at = start;
  let last = -1;
  let lastEnd = -1;
  for (;;) {
    const key = at + 1;
    const end = bytes[at] === QUOTE ? scanKey(bytes, key) : FAILED;
    if (end === FAILED || (last >= 0 && !isBefore(bytes, { last, lastEnd, key, end }))) return FAILED;
    last = key;
    lastEnd = end;
    if (bytes[end + 1] !== COLON) return FAILED;
    at = scanValue(bytes, end + 2, depth);
    if (at === FAILED) return FAILED;
    if (bytes[at] === 0x7d) return at + 1;
    if (bytes[at] !== COMMA) return FAILED;
    at++;
  }
}

/** Where the key ends: the index of its closing quote. */
function scanKey(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((KINDS[bytes[at] ?? 0] ?? 0) === 3) at++;
  return at > start && bytes[at] === QUOTE ? at : FAILED;
}

// Keys are ASCII, so bytes are in the order of UTF-16 code units. Equal keys are refused as well.
function isBefore(bytes: Uint8Array, { last, lastEnd, key, end }: { readonly last: number; readonly lastEnd: number; readonly key: number; readonly end: number }): boolean {
  const length = Math.min(lastEnd - last, end - key);
  for (let at = 0; at < length; at++) {
    const difference = (bytes[last + at] ?? 0) - (bytes[key + at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return lastEnd - last < end - key;
}

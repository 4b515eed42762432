// The ledger's JSON. It lives in src/schema because change sets and policies hash with it too and may not import the ledger.
export { canonicalJson, hashCanonical, jcs, parseCanonical } from '../schema/canonical-json.ts';
export { JSON_BYTES_MAX } from '../schema/json.ts';
export { parseStrictJson } from '../schema/strict-json.ts';
export { sha256 } from '../schema/sha256.ts';

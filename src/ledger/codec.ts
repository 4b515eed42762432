import type { WorkflowEvent } from '../domain/event.ts';
import { CountersignError } from '../domain/errors.ts';
import type { Instant } from '../domain/ids.ts';
import { canonicalJson, parseCanonical } from '../schema/canonical-json.ts';
import { looksCanonical } from './canonical-scan.ts';
import { parseEvent } from '../schema/events.ts';
import { parseGenesis, type Genesis } from '../schema/genesis.ts';

/** An event file's size limit in bytes. Larger things are evidence. */
export const EVENT_BYTES_MAX = 4 * 1024 * 1024;
/** An evidence file's size limit in bytes. */
export const EVIDENCE_BYTES_MAX = 32 * 1024 * 1024;

/** What reading a file gave: its value, or every reason why it is not one. `not-canonical` covers all faults below the schema. */
export type Decoded<T> =
  | { readonly kind: 'valid'; readonly value: T }
  | { readonly kind: 'invalid'; readonly code: 'not-canonical' | 'not-by-schema'; readonly problems: readonly string[] };

export const encodeEvent = (event: WorkflowEvent): Uint8Array => canonicalJson(event);
export const encodeGenesis = (genesis: Genesis): Uint8Array => canonicalJson(genesis);

/** A new ledger's first file. `ledger` is a random id; it keeps records of one ledger out of another. */
export const createGenesis = (ledger: string, created: Instant): Genesis => ({ format: 'countersign/ledger@1', ledger, created });

export function decodeEvent(bytes: Uint8Array): Decoded<WorkflowEvent> {
  if (bytes.byteLength > EVENT_BYTES_MAX) {
    return { kind: 'invalid', code: 'not-canonical', problems: [`an event file has at most ${EVENT_BYTES_MAX} bytes, this one ${bytes.byteLength}`] };
  }
  return decode(bytes, (value) => {
    const parsed = parseEvent(value);
    return parsed.kind === 'valid' ? { kind: 'valid', value: parsed.event } : { kind: 'invalid', code: 'not-by-schema', problems: parsed.problems };
  });
}

export function decodeGenesis(bytes: Uint8Array): Decoded<Genesis> {
  return decode(bytes, (value) => {
    const parsed = parseGenesis(value);
    return parsed.kind === 'valid' ? { kind: 'valid', value: parsed.genesis } : { kind: 'invalid', code: 'not-by-schema', problems: parsed.problems };
  });
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads canonical JSON and hands the value to `parse`; a fault of the bytes becomes a problem, not an exception. */
export function decode<T>(bytes: Uint8Array, parse: (value: unknown) => Decoded<T>): Decoded<T> {
  let value: unknown;
  try {
    value = looksCanonical(bytes) ? JSON.parse(decoder.decode(bytes)) : parseCanonical(bytes);
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'invalid', code: 'not-canonical', problems: ['Not acceptable JSON: the bytes are not valid UTF-8.'] };
    if (!(error instanceof CountersignError) || error.kind !== 'input') throw error;
    return { kind: 'invalid', code: 'not-canonical', problems: [error.message] };
  }
  return parse(value);
}

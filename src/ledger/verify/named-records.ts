import type { Manifest } from '../../domain/change-set.ts';
import type { AnyDocument, ArtifactKind } from '../../domain/documents.ts';
import type { DomainEvent } from '../../domain/event.ts';
import type { GateResult } from '../../domain/gate.ts';
import type { Sha256 } from '../../domain/ids.ts';
import type { PolicyResult } from '../../domain/policy.ts';
import { parseContextManifest } from '../../schema/context-manifest.ts';
import { parseDocument } from '../../schema/documents.ts';
import { parseGateResult, parsePolicyResult } from '../../schema/gate-records.ts';
import { parseManifest } from '../../schema/manifest.ts';
import { decode, type Decoded } from '../codec.ts';

/** Evidence that an event's body names as a record with a schema of its own. */
export interface NamedRecord {
  readonly kind: 'manifest' | 'document' | 'gate-result' | 'policy-result' | 'context';
  /** What it is called in messages. */
  readonly what: string;
  readonly hash: Sha256;
  readonly stage?: ArtifactKind;
}

/** What such evidence says. */
export type ParsedRecord =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | { readonly kind: 'document'; readonly document: AnyDocument }
  | { readonly kind: 'gate-result'; readonly result: GateResult }
  | { readonly kind: 'policy-result'; readonly result: PolicyResult }
  | { readonly kind: 'context' };

export function namedRecord(event: DomainEvent): NamedRecord | null {
  switch (event.type) {
    case 'E_CONTEXT_INGESTED':
      return { kind: 'context', what: 'context manifest', hash: event.body.manifest };
    case 'E_DECISION_RECORDED':
      return { kind: 'document', what: 'decision document', hash: event.body.document, stage: 'decision' };
    case 'E_ARTIFACT_RECORDED':
      return { kind: 'document', what: `${event.body.artifact} document`, hash: event.body.document, stage: event.body.artifact };
    case 'E_PATCH_SET_PROPOSED':
      return { kind: 'manifest', what: 'manifest', hash: event.body.digest };
    case 'E_POLICY_EVALUATED':
      return { kind: 'policy-result', what: 'policy result', hash: event.body.result };
    case 'E_GATE_EVALUATED':
      return { kind: 'gate-result', what: `result of Gate ${event.body.gate}`, hash: event.body.result };
    default:
      return null;
  }
}

/** Reads canonical bytes by the schema of what they are named as. */
export function parseNamedRecord({ kind, stage }: NamedRecord, bytes: Uint8Array): Decoded<ParsedRecord> {
  return decode<ParsedRecord>(bytes, (value) => {
    switch (kind) {
      case 'manifest': {
        const parsed = parseManifest(value);
        return parsed.kind === 'valid' ? valid({ kind, manifest: parsed.manifest }) : invalid(parsed.problems);
      }
      case 'document': {
        const parsed = parseDocument<ArtifactKind>(stage ?? 'decision', value);
        return parsed.kind === 'valid' ? valid({ kind, document: parsed.document }) : invalid(parsed.problems);
      }
      case 'gate-result': {
        const parsed = parseGateResult(value);
        return parsed.kind === 'valid' ? valid({ kind, result: parsed.record }) : invalid(parsed.problems);
      }
      case 'policy-result': {
        const parsed = parsePolicyResult(value);
        return parsed.kind === 'valid' ? valid({ kind, result: parsed.record }) : invalid(parsed.problems);
      }
      case 'context': {
        const parsed = parseContextManifest(value);
        return parsed.kind === 'valid' ? valid({ kind }) : invalid(parsed.problems);
      }
    }
  });
}

const valid = (value: ParsedRecord): Decoded<ParsedRecord> => ({ kind: 'valid', value });
const invalid = (problems: readonly string[]): Decoded<ParsedRecord> => ({ kind: 'invalid', code: 'not-by-schema', problems });

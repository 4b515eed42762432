import { ARTIFACT_KINDS, type AnyDocument, type ArtifactKind, type Documents } from '../domain/documents.ts';
import { refusedError } from '../domain/errors.ts';
import type { Sha256, WorkflowId } from '../domain/ids.ts';
import type { Workflow } from '../domain/workflow.ts';
import { parseCanonical } from '../ledger/canonical-json.ts';
import { parseDocument } from '../schema/documents.ts';
import type { ParsedRecord } from '../schema/gate-records.ts';
import type { Ports } from './ports.ts';

/** The workflow's documents and its issue text, read from the ledger by hash and from nowhere else. */
export async function readDocuments(ports: Pick<Ports, 'ledger'>, workflow: Workflow): Promise<Documents> {
  const hashes = ARTIFACT_KINDS.map((kind) => requireHash(workflow, kind));
  const bytes = await ports.ledger.readEvidence(workflow.id, hashes);
  const documents: Partial<Record<ArtifactKind, AnyDocument>> = {};
  for (const [index, kind] of ARTIFACT_KINDS.entries()) {
    const parsed = parseDocument(kind, parseCanonical(requireBytes(bytes, hashes[index] ?? '', workflow.id)));
    if (parsed.kind === 'invalid') throw refusedError('bad-document', `The ${kind} document of ${workflow.id} does not have the expected form: ${parsed.problems.join('; ')}.`);
    documents[kind] = parsed.document;
  }
  return documents as Documents;
}

function requireHash(workflow: Workflow, kind: ArtifactKind): Sha256 {
  const hash = workflow.artifacts[kind];
  if (hash === undefined) throw refusedError('no-document', `${workflow.id} has no ${kind} document yet: architecture, scope and plan come before patches.`);
  return hash;
}

export function requireBytes(evidence: ReadonlyMap<Sha256, Uint8Array>, hash: Sha256, id: WorkflowId): Uint8Array {
  const bytes = evidence.get(hash);
  if (!bytes) throw refusedError('no-evidence', `Evidence ${hash} of ${id} is not in the ledger. Run \`countersign ledger verify\`.`);
  return bytes;
}

/** A record as the ledger should hold it. `what` names it in the refusal. */
export function validRecord<T>(parsed: ParsedRecord<T>, what: string): T {
  if (parsed.kind === 'invalid') throw refusedError('bad-evidence', `The ${what} in the ledger does not have the expected form: ${parsed.problems.slice(0, 3).join('; ')}.`);
  return parsed.record;
}

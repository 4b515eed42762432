import type { DomainEvent } from '../domain/event.ts';
import type { Sha256 } from '../domain/ids.ts';

/** Hashes in an event's body that name evidence: the bytes must be in the workflow's records, with this event at the latest. */
export function requiredEvidence(event: DomainEvent): readonly { readonly member: string; readonly sha256: Sha256 }[] {
  switch (event.type) {
    case 'E_WORKFLOW_CREATED':
      return [{ member: 'issueText', sha256: event.body.issueText }];
    case 'E_CONTEXT_INGESTED':
      return [{ member: 'manifest', sha256: event.body.manifest }];
    case 'E_DECISION_RECORDED':
    case 'E_ARTIFACT_RECORDED':
      return [{ member: 'document', sha256: event.body.document }];
    case 'E_PATCH_SET_PROPOSED':
      return [
        { member: 'digest', sha256: event.body.digest },
        { member: 'diff', sha256: event.body.diff },
        { member: 'proposal', sha256: event.body.proposal },
      ];
    case 'E_POLICY_EVALUATED':
    case 'E_GATE_EVALUATED':
      return [{ member: 'result', sha256: event.body.result }];
    default:
      return [];
  }
}

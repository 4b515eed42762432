import { refusedError } from '../domain/errors.ts';
import type { PolicyResult } from '../domain/policy.ts';
import type { GateResult } from '../domain/gate.ts';
import type { Manifest } from '../domain/change-set.ts';
import { parseCanonical } from '../ledger/canonical-json.ts';
import { parseGateResult, parsePolicyResult } from '../schema/gate-records.ts';
import { parseManifest } from '../schema/manifest.ts';
import { readDocuments, requireBytes, validRecord } from './documents.ts';
import { policyHash } from './policy-hash.ts';
import type { Ports, StepReport } from './ports.ts';
import { requireWorkflow } from './record.ts';
import { annotationsOf } from './render-policy.ts';
import { renderReview } from './render-review.ts';
import { requireCurrent, type ReviewInput } from './review-input.ts';

/** GitHub shows at most 1 MiB of a step's summary. What cannot be shown in full is not offered for approval. */
export const SUMMARY_BYTES_MAX = 1024 * 1024 - 1024;

/** Present: checks the manifest against the ledger once more and prints the whole change, so that the approver sees what they approve. */
export async function present(ports: Pick<Ports, 'job' | 'ledger'>, input: ReviewInput): Promise<StepReport> {
  const { workflow } = await requireWorkflow(ports, input.workflow);
  const patchSet = requireCurrent(workflow, input);
  const hashes = [patchSet.digest, patchSet.diff, patchSet.policy?.result ?? '', patchSet.gate3?.result ?? ''];
  const evidence = await ports.ledger.readEvidence(workflow.id, [...hashes, ...Object.values(workflow.artifacts)]);
  const bytes = (hash: string): Uint8Array => requireBytes(evidence, hash, workflow.id);
  const manifest: Manifest = validManifest(parseCanonical(bytes(patchSet.digest)));
  const policy: PolicyResult = validRecord(parsePolicyResult(parseCanonical(bytes(patchSet.policy?.result ?? ''))), 'policy result');
  const gate3: GateResult = validRecord(parseGateResult(parseCanonical(bytes(patchSet.gate3?.result ?? ''))), 'gate result');
  if (manifest.policy !== policyHash(ports.job.config)) throw refusedError('policy-changed', 'The policy changed since this PatchSet was judged. Reject this run; a new revision is needed.');
  const documents = await readDocuments(ports, workflow);
  const summary = renderReview({ job: ports.job, workflow, patchSet, manifest, policy, gate3, documents, diff: bytes(patchSet.diff) });
  if (new TextEncoder().encode(summary).byteLength > SUMMARY_BYTES_MAX) {
    throw refusedError('too-large-to-show', 'The change is too large to be shown in full, so it cannot be approved. Reject this run and split the issue.');
  }
  return { ok: true, workflow: workflow.id, state: workflow.status, next: '', summary, annotations: annotationsOf(policy, `${patchSet.id} ${patchSet.repo}`) };
}

function validManifest(value: unknown): Manifest {
  const parsed = parseManifest(value);
  return validRecord(parsed.kind === 'valid' ? { kind: 'valid', record: parsed.manifest } : parsed, 'manifest');
}

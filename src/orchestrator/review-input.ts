import { inputError, refusedError } from '../domain/errors.ts';
import { isPatchSetId, isSha256, isWorkflowId, type PatchSetId, type Sha256, type WorkflowId } from '../domain/ids.ts';
import { findPatchSet, type PatchSetState, type Workflow } from '../domain/workflow.ts';

/** What a review run was dispatched for. */
export interface ReviewInput {
  readonly workflow: WorkflowId;
  readonly patchSet: PatchSetId;
  readonly revision: number;
  readonly digest: Sha256;
}

/** The dispatch inputs, which anyone with write access to the control repo can choose. */
export function parseReviewInput(raw: { workflow: string; patchSet: string; revision: string; digest: string }): ReviewInput {
  const revision = /^[1-9]\d{0,3}$/.test(raw.revision) ? Number(raw.revision) : null;
  if (!isWorkflowId(raw.workflow) || !isPatchSetId(raw.patchSet) || revision === null || !isSha256(raw.digest)) {
    throw inputError('bad-review-input', 'The run was dispatched with inputs that name no PatchSet. Review runs are dispatched by Countersign; start none by hand.');
  }
  return { workflow: raw.workflow, patchSet: raw.patchSet, revision, digest: raw.digest };
}

/** The PatchSet under review, if the ledger's current revision is exactly what the run was dispatched for. */
export function requireCurrent(workflow: Workflow, input: ReviewInput): PatchSetState {
  const patchSet = findPatchSet(workflow, input.patchSet);
  if (!patchSet) throw refusedError('unknown-patch-set', `${input.patchSet} does not exist in ${workflow.id}.`);
  if (patchSet.revision !== input.revision) throw refusedError('superseded', `${input.patchSet} r${input.revision} is superseded by r${patchSet.revision}. Review the newer run.`);
  if (patchSet.digest !== input.digest) {
    throw refusedError('digest-differs', `This run was dispatched for sha256:${input.digest}, the ledger's ${input.patchSet} r${patchSet.revision} is sha256:${patchSet.digest}. Reject this run.`);
  }
  return patchSet;
}

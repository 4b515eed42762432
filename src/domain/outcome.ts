import type { Command } from './command.ts';
import type { PatchSetRef } from './event.ts';
import { findPatchSet, type PatchSetState, type Workflow } from './workflow.ts';

/** The answer of the state machine: the next state with what to do, or a refusal with its reason. */
export type Outcome =
  | { readonly kind: 'next'; readonly workflow: Workflow; readonly commands: readonly Command[] }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly reason: string };

export type RefusalCode =
  | 'already-created'
  | 'not-created'
  | 'final'
  | 'not-in-this-state'
  | 'unknown-patch-set'
  | 'superseded'
  | 'out-of-order'
  | 'gate-not-passed'
  | 'not-requested'
  | 'not-an-approver'
  | 'expired'
  | 'not-approved'
  | 'already-recorded'
  | 'mismatch'
  | 'limit-reached';

export const next = (workflow: Workflow, ...commands: Command[]): Outcome => ({ kind: 'next', workflow, commands });
export const refused = (code: RefusalCode, reason: string): Outcome => ({ kind: 'refused', code, reason });

/** Finds the current revision that `ref` names, or says why the event cannot be about it. */
export function currentPatchSet(workflow: Workflow, ref: PatchSetRef): { kind: 'found'; patchSet: PatchSetState } | Extract<Outcome, { kind: 'refused' }> {
  const patchSet = findPatchSet(workflow, ref.patchSet);
  if (!patchSet) return { kind: 'refused', code: 'unknown-patch-set', reason: `${ref.patchSet} does not exist in ${workflow.id}.` };
  if (patchSet.revision !== ref.revision || patchSet.digest !== ref.digest) {
    return {
      kind: 'refused',
      code: 'superseded',
      reason: `${ref.patchSet} is at revision ${patchSet.revision} (sha256:${patchSet.digest}), this speaks of revision ${ref.revision} (sha256:${ref.digest}).`,
    };
  }
  return { kind: 'found', patchSet };
}

export function withPatchSet(workflow: Workflow, changed: PatchSetState): Workflow {
  return { ...workflow, patchSets: workflow.patchSets.map((patchSet) => (patchSet.id === changed.id ? changed : patchSet)) };
}

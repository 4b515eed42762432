import type { ShownFile } from '../../../src/change-set/parse-canonical-diff.ts';
import type { Manifest } from '../../../src/domain/change-set.ts';
import type { EventBodies, EventOf, WorkflowEvent } from '../../../src/domain/event.ts';
import type { GateResult } from '../../../src/domain/gate.ts';
import type { PatchSetId } from '../../../src/domain/ids.ts';
import type { PolicyResult } from '../../../src/domain/policy.ts';
import { readGateResult, readManifest, readPolicyResult, readTasks, type PlanTasks } from '../lib/evidence.ts';
import type { WorkflowView } from '../lib/load-ledger.ts';
import { eventsOf, isAbout } from '../lib/workflow-facts.ts';
import { readCanonicalDiff } from './read-diff.ts';

/** Whether a reader of the page sees every byte of the change. Only then may the page lead to an approval. */
export type Shown = { readonly kind: 'whole' } | { readonly kind: 'not-whole'; readonly reason: string };

/** One revision of one PatchSet with everything that was recorded about it. */
export interface PatchSetView {
  readonly body: EventBodies['E_PATCH_SET_PROPOSED'];
  readonly current: boolean;
  readonly manifest: Manifest | null;
  readonly files: readonly ShownFile[];
  readonly shown: Shown;
  readonly policy: PolicyResult | null;
  readonly gates: readonly { readonly event: EventBodies['E_GATE_EVALUATED']; readonly result: GateResult | null }[];
  readonly tasks: PlanTasks;
}

/** Every revision of a PatchSet, oldest first. */
export const revisionsOf = (view: WorkflowView, id: PatchSetId): readonly (WorkflowEvent & EventOf<'E_PATCH_SET_PROPOSED'>)[] =>
  eventsOf(view, 'E_PATCH_SET_PROPOSED').filter(({ body }) => body.patchSet === id);

/** Gathers one revision. What is missing or does not have its hash is null, and `shown` says so. */
export function viewPatchSet(view: WorkflowView, body: EventBodies['E_PATCH_SET_PROPOSED']): PatchSetView {
  const manifest = readManifest(view, body.digest);
  const { files, shown } = readDiff(view, body, manifest);
  const policy = eventsOf(view, 'E_POLICY_EVALUATED').findLast((event) => isAbout(event.body, body));
  const plan = view.workflow.artifacts.plan;
  return {
    body,
    current: view.workflow.patchSets.some((patchSet) => patchSet.id === body.patchSet && patchSet.digest === body.digest && patchSet.revision === body.revision),
    manifest,
    files,
    shown,
    policy: policy ? readPolicyResult(view, policy.body.result) : null,
    gates: eventsOf(view, 'E_GATE_EVALUATED')
      .filter((event) => event.body.subject && isAbout(event.body.subject, body))
      .map((event) => ({ event: event.body, result: readGateResult(view, event.body.result) })),
    tasks: plan ? readTasks(view, plan) : [],
  };
}

function readDiff(view: WorkflowView, body: EventBodies['E_PATCH_SET_PROPOSED'], manifest: Manifest | null): { files: readonly ShownFile[]; shown: Shown } {
  const notWhole = (reason: string, files: readonly ShownFile[] = []) => ({ files, shown: { kind: 'not-whole', reason } as const });
  if (!manifest) return notWhole('The manifest with this digest is not in the ledger.');
  if (manifest.diff !== body.diff) return notWhole('The manifest names another diff than the event does.');
  const bytes = view.evidence(body.diff);
  if (!bytes) return notWhole('The diff is too large for this page, or the ledger does not hold it.');
  const { files, missing } = readCanonicalDiff(bytes);
  if (missing !== null) return notWhole(missing, files);
  const differs = firstDifference(manifest, files);
  return differs === null ? { files, shown: { kind: 'whole' } } : notWhole(`The diff and the manifest disagree about ${differs}.`, files);
}

// A rename in the diff is a delete and an add in the manifest.
function firstDifference(manifest: Manifest, files: readonly ShownFile[]): string | null {
  const inDiff = new Set(files.flatMap(({ oldPath, newPath }) => [oldPath, newPath]).filter((path) => path !== null));
  const inManifest = new Set(manifest.changes.map(({ path }) => path));
  return [...inDiff.symmetricDifference(inManifest)][0] ?? null;
}

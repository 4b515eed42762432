import type { CountersignConfig } from '../domain/config.ts';
import type { Documents } from '../domain/documents.ts';
import type { ChangeSet, FileStat, Patch } from '../domain/change-set.ts';
import { refusedError } from '../domain/errors.ts';
import type { GateResult } from '../domain/gate.ts';
import type { Sha256 } from '../domain/ids.ts';
import type { PolicyResult } from '../domain/policy.ts';
import type { Workflow, WorkflowRepo } from '../domain/workflow.ts';
import type { ManifestContext } from '../change-set/manifest.ts';
import { evaluateGate3 } from '../gates/gate-3-patch.ts';
import { hashCanonical } from '../ledger/canonical-json.ts';
import type { ScratchStore } from '../ports/objects.ts';
import type { Proposal } from '../schema/think.ts';
import type { Rebuilt } from './change.ts';
import { judgeChangeSet } from './judge.ts';
import { patchesOf, scopeOf } from './plan-of.ts';

/** One proposal, rebuilt and judged by this job alone. */
export interface Judged {
  readonly pinned: WorkflowRepo;
  readonly patchSet: string;
  readonly proposal: Proposal;
  readonly changeSet: ChangeSet;
  readonly diff: Uint8Array;
  readonly stats: readonly FileStat[];
  readonly patches: readonly Patch[];
  readonly policy: PolicyResult;
  readonly gate3: GateResult;
}

interface Rebuild {
  readonly documents: Documents;
  readonly pinned: WorkflowRepo;
  readonly patchSet: string;
  readonly proposal: Proposal;
  readonly rebuilt: Extract<Rebuilt, { kind: 'built' }>;
  readonly store: ScratchStore;
}

/** Judges one rebuilt change set: the policy of that day, then Gate 3. */
export async function judgeProposal({ config, today }: { config: CountersignConfig; today: string }, { documents, pinned, patchSet, proposal, rebuilt, store }: Rebuild): Promise<Judged> {
  const { changeSet, diff, stats } = rebuilt;
  const policy = await judgeChangeSet(changeSet, store, { repo: pinned.repo, config, scope: scopeOf(documents.scope, pinned.repo), today });
  const patches = patchesOf(documents.plan, pinned.repo, changeSet);
  const gate3 = judgeGate3({ documents, pinned, rebuilt }, policy);
  return { pinned, patchSet, proposal, changeSet, diff, stats, patches, policy, gate3 };
}

/** What Gate 3 says of a change set under a policy's result. */
export function judgeGate3({ documents, pinned, rebuilt }: Pick<Rebuild, 'documents' | 'pinned' | 'rebuilt'>, policy: PolicyResult): GateResult {
  const { changeSet, stats, declaredPaths } = rebuilt;
  return evaluateGate3({
    subject: null,
    repo: pinned.repo,
    plan: documents.plan,
    scope: documents.scope,
    changeSet,
    declaredPaths,
    patches: patchesOf(documents.plan, pinned.repo, changeSet),
    policy,
    stats: { added: sum(stats, 'added'), removed: sum(stats, 'removed') },
  });
}

export const sum = (stats: readonly FileStat[], side: 'added' | 'removed'): number => stats.reduce((total, stat) => total + (stat[side] ?? 0), 0);

interface ManifestParts {
  readonly patchSet: string;
  readonly revision: number;
  readonly pinned: WorkflowRepo;
  readonly judged: Pick<Judged, 'changeSet' | 'patches'> & { readonly policy: Pick<PolicyResult, 'policy'> };
  readonly hashes: { readonly diff: Sha256; readonly policyResult: Sha256; readonly gate3: Sha256 };
}

/** What a manifest binds beside the change set, from the records and the judgement. */
export function manifestContext(workflow: Workflow, { patchSet, revision, pinned, judged, hashes }: ManifestParts): ManifestContext {
  const { scope, plan, gates } = workflow.artifacts;
  if (!scope || !plan || !gates) throw refusedError('no-document', `${workflow.id} has no complete design.`);
  return {
    workflow: workflow.id,
    patchSet,
    revision,
    repo: pinned.repo,
    branch: pinned.baseBranch,
    patches: judged.patches,
    diff: hashes.diff,
    scope,
    plan,
    gates,
    gateResults: gateResultsHash(workflow, hashes.gate3),
    policy: judged.policy.policy,
    policyResult: hashes.policyResult,
    issueRevision: workflow.source.revision,
  };
}

/** The results of Gates 0–3 that a PatchSet is offered with, as one hash. */
export const gateResultsHash = (workflow: Workflow, gate3: Sha256): Sha256 => hashCanonical([workflow.gates[0]?.result ?? null, workflow.gates[1]?.result ?? null, workflow.gates[2]?.result ?? null, gate3]);

import type { ChangeSet, Manifest } from '../domain/change-set.ts';

/** What a manifest binds, gathered by the caller. Hashes are of canonical bytes. */
export interface ManifestInput extends Omit<Manifest, 'format' | 'base' | 'result' | 'changes'> {
  readonly baseBranch: string;
  readonly changeSet: ChangeSet;
}

/** The PatchSet manifest. The SHA-256 of its canonical JSON is the approval digest; the caller hashes. */
export function createManifest(input: ManifestInput): Manifest {
  const { baseBranch, changeSet } = input;
  return {
    format: 'countersign/manifest@1',
    workflow: input.workflow,
    patchSet: input.patchSet,
    revision: input.revision,
    repo: input.repo,
    base: { branch: baseBranch, commit: changeSet.base.commit, tree: changeSet.base.tree },
    result: { tree: changeSet.result.tree },
    changes: changeSet.changes,
    patches: input.patches,
    diff: input.diff,
    scope: input.scope,
    plan: input.plan,
    gates: input.gates,
    gateResults: input.gateResults,
    policy: input.policy,
    policyResult: input.policyResult,
    issueRevision: input.issueRevision,
  };
}

import type { ChangeSet, Manifest } from '../domain/change-set.ts';

/** What a manifest binds beside the change set. Hashes are of canonical bytes. */
export type ManifestContext = Omit<Manifest, 'format' | 'base' | 'result' | 'changes'> & { readonly branch: string };

/** The PatchSet manifest. The SHA-256 of its canonical JSON is the approval digest; the caller hashes. */
export function createManifest(changeSet: ChangeSet, context: ManifestContext): Manifest {
  return {
    format: 'countersign/manifest@1',
    workflow: context.workflow,
    patchSet: context.patchSet,
    revision: context.revision,
    repo: context.repo,
    base: { branch: context.branch, commit: changeSet.base.commit, tree: changeSet.base.tree },
    result: { tree: changeSet.result.tree },
    changes: changeSet.changes,
    patches: context.patches,
    diff: context.diff,
    scope: context.scope,
    plan: context.plan,
    gates: context.gates,
    gateResults: context.gateResults,
    policy: context.policy,
    policyResult: context.policyResult,
    issueRevision: context.issueRevision,
  };
}

import type { EventOf } from '../event.ts';
import { next, refused, type Outcome } from '../outcome.ts';
import { findPatchSet, patchSetIdOf, type PatchSetState, type Workflow } from '../workflow.ts';

/** A new revision of one repository's PatchSet. It forgets every verdict and approval of the revision before; the others' stand. */
export function onPatchSetProposed(workflow: Workflow, event: EventOf<'E_PATCH_SET_PROPOSED'>): Outcome {
  const { body } = event;
  const index = workflow.repos.findIndex((repo) => repo.repo === body.repo);
  if (index < 0) return refused('mismatch', `${body.repo} is not a repository of ${workflow.id}.`);
  if (body.patchSet !== patchSetIdOf(index)) return refused('mismatch', `${body.repo} has ${patchSetIdOf(index)}, not ${body.patchSet}.`);
  for (const gate of [0, 1, 2] as const) {
    if (workflow.gates[gate]?.outcome !== 'PASS') return refused('gate-not-passed', `Gate ${gate} has not passed: architecture, scope and plan come before patches.`);
  }
  const before = findPatchSet(workflow, body.patchSet);
  const revision = (before?.revision ?? 0) + 1;
  if (body.revision !== revision) return refused('superseded', `The next revision of ${body.patchSet} is ${revision}, not ${body.revision}.`);
  if (revision > workflow.limits.revisionsMax) return refused('limit-reached', `${body.patchSet} has used its ${workflow.limits.revisionsMax} revisions.`);
  if (before && before.gate3?.outcome === 'PASS' && !before.changesRequested) return refused('out-of-order', `${body.patchSet} r${before.revision} stands; nobody asked for a new revision.`);
  const proposed = freshRevision(event);
  const patchSets = [...workflow.patchSets.filter((patchSet) => patchSet.id !== proposed.id), proposed].sort(byNumber);
  return next({ ...workflow, status: 'PATCHES_PROPOSED', patchSets, gates: { ...workflow.gates, 4: null } });
}

const byNumber = (a: PatchSetState, b: PatchSetState): number => Number(a.id.slice(3)) - Number(b.id.slice(3));

function freshRevision({ body }: EventOf<'E_PATCH_SET_PROPOSED'>): PatchSetState {
  return {
    id: body.patchSet,
    repo: body.repo,
    revision: body.revision,
    digest: body.digest,
    resultTree: body.resultTree,
    diff: body.diff,
    proposal: body.proposal,
    patches: body.patches,
    stats: body.stats,
    policy: null,
    gate3: null,
    request: null,
    approval: null,
    changesRequested: null,
    write: null,
    applied: null,
    pullRequest: null,
    ci: null,
    gate5: null,
  };
}

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { approvedPatchSet, approvedWorkflow, WORKFLOW_ID } from '../../tests/support/approved-workflow.ts';
import { approvalTrailer, type Intent } from './intent.ts';
import { mayWrite } from './may-write.ts';
import { STATUSES } from './status.ts';
import type { PatchSetState, Workflow } from './workflow.ts';

const REPOS = ['octo/api', 'octo/web', 'octo/docs'];
const digits = fc.constantFrom('a', 'c', 'd');
const sometimes = <T>(value: T) => fc.option(fc.constant(value), { nil: null, freq: 4 });

const patchSets: fc.Arbitrary<PatchSetState> = fc
  .record({ index: fc.nat({ max: 2 }), repo: fc.constantFrom(...REPOS), digit: digits, approvedDigit: digits, approved: fc.boolean(), login: fc.constantFrom('octocat', 'mallory'), written: fc.boolean() })
  .map(({ index, repo, digit, approvedDigit, approved, login, written }) => {
    const patchSet = approvedPatchSet(`ps-${index + 1}`, repo, digit);
    const approval = approved && patchSet.approval ? { ...patchSet.approval, digest: approvedDigit.repeat(64), login } : null;
    return { ...patchSet, approval, write: written ? patchSet.write : null };
  });

const anyWorkflows: fc.Arbitrary<Workflow> = fc
  .record({
    status: fc.oneof(fc.constant('APPLYING_PATCHES' as const), fc.constantFrom(...STATUSES)),
    repos: fc.uniqueArray(fc.constantFrom(...REPOS), { maxLength: 3 }),
    patchSets: fc.array(patchSets, { maxLength: 3 }),
    gate4: sometimes({ outcome: 'PASS', failure: null, result: '4'.repeat(64) } as const),
    approvers: fc.constantFrom(['octocat'], ['octocat', 'mallory'], []),
  })
  .map(({ status, repos, patchSets: sets, gate4, approvers }) => {
    const base = approvedWorkflow();
    const pinned = repos.map((repo) => ({ repo, role: 'primary' as const, baseBranch: 'main', baseCommit: '1'.repeat(40), baseTree: 'b'.repeat(40) }));
    return { ...base, status, repos: pinned, patchSets: sets, approvers, gates: { ...base.gates, 4: gate4 } };
  });

// Chance alone makes a complete set so rarely that a run may see none: then the property would show nothing.
const workflows: fc.Arbitrary<Workflow> = fc.oneof({ weight: 19, arbitrary: anyWorkflows }, { weight: 1, arbitrary: fc.constant(approvedWorkflow()) });

/** Said anew, without the code under test: every repository has its PatchSet, and each is approved as it is now by a listed person. */
function isComplete({ repos, patchSets: sets, approvers, gates, status }: Workflow): boolean {
  const each = repos.every(({ repo }) => sets.filter((patchSet) => patchSet.repo === repo).length === 1);
  const approved = sets.every(({ approval, digest }) => approval !== null && approval.digest === digest && approvers.includes(approval.login));
  return status === 'APPLYING_PATCHES' && repos.length > 0 && sets.length === repos.length && each && approved && gates[4]?.outcome === 'PASS';
}

function targetIntents(workflow: Workflow): Intent[] {
  const repos = [...REPOS, 'octo/control'];
  const perPatchSet = workflow.patchSets.flatMap((patchSet): Intent[] => {
    const ref = { patchSet: patchSet.id, revision: patchSet.revision, digest: patchSet.digest };
    const branch = `countersign/${WORKFLOW_ID}/${patchSet.id}`;
    const message = `S\n\n${approvalTrailer(patchSet.digest)}`;
    return [
      { kind: 'target-commit', repo: patchSet.repo, branch, baseCommit: '1'.repeat(40), baseTree: 'b'.repeat(40), resultTree: patchSet.resultTree, changes: [], message, ...ref },
      { kind: 'pull-request', repo: patchSet.repo, branch, baseBranch: 'main', commit: 'e'.repeat(40), title: 'T', body: 'B', ...ref },
    ];
  });
  return [...repos.map((repo): Intent => ({ kind: 'mint-token', repo })), ...perPatchSet];
}

test('whatever the workflow: without the complete set of approvals every target intent is refused', () => {
  let complete = 0;
  let allowed = 0;
  fc.assert(
    fc.property(workflows, (workflow) => {
      const decisions = targetIntents(workflow).map((intent) => mayWrite(intent, workflow).kind);
      if (isComplete(workflow)) complete += 1;
      else expect(decisions).toEqual(decisions.map(() => 'refused'));
      if (decisions.includes('allowed')) allowed += 1;
    }),
    { numRuns: 5_000 },
  );
  // The property would hold for a rule that refuses everything: it must also have allowed something.
  expect(complete).toBeGreaterThan(0);
  expect(allowed).toBeGreaterThan(0);
});

test('a path that is not of this workflow is refused, whatever it looks like', () => {
  fc.assert(
    fc.property(fc.string(), (path) => {
      const decision = mayWrite({ kind: 'ledger-commit', repo: 'octo/control', workflow: WORKFLOW_ID, paths: [path] }, null);
      expect(decision.kind).toBe('refused');
    }),
  );
});

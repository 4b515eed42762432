import type { GatesDocument, Plan, Scope } from '../../domain/documents.ts';
import type { DesignInput } from '../roles.ts';
import { count } from './phrases.ts';

/** What each gate will require of this workflow. Fixed before patches exist; a model has no say in it. */
export function describeGates(design: DesignInput, scope: Pick<Scope, 'acceptanceCriteria'>, plan: Pick<Plan, 'tasks' | 'budget'>): Pick<GatesDocument, 'gates'> {
  const repos = design.repos.map(({ repo }) => repo);
  return {
    gates: [
      { gate: 0, requires: ['The issue revision is pinned.', ...design.repos.map(({ repo, baseBranch, baseCommit }) => `${repo} is pinned at ${baseCommit} (${baseBranch}).`), 'The decision is GO and no blocking unknown is open.'] },
      { gate: 1, requires: ['Architecture and scope are valid and every cited blob exists in the pinned trees.', 'Non-goals are not empty.', `${scope.acceptanceCriteria.length === 1 ? 'The one criterion has' : `Each of the ${scope.acceptanceCriteria.length} criteria has`} a verification.`] },
      { gate: 2, requires: [`Each criterion has a task, and ${plan.tasks.length === 1 ? 'the one task' : `each of the ${plan.tasks.length} tasks`} a criterion.`, 'Every file of a task is within the allowed paths.', `The budget is ${count(plan.budget.files, 'file', 'files')} and ${count(plan.budget.lines, 'line', 'lines')}.`] },
      { gate: 3, requires: ['The proposal applies exactly to the pinned base.', 'Every changed file belongs to a task and to the scope.', 'No BLOCK violation.', `At most ${count(plan.budget.files, 'file', 'files')} and ${count(plan.budget.lines, 'line', 'lines')} change.`] },
      { gate: 4, requires: repos.map((repo) => `A listed person approves exactly the digest of the PatchSet for ${repo}, in the protected environment.`) },
      { gate: 5, requires: repos.map((repo) => `In ${repo} the pull request's head has the approved tree, and every required check has passed at exactly that head.`) },
    ],
  };
}

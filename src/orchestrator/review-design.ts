import type { RepositoryContext } from '../domain/context.ts';
import type { Architecture, Documents, Plan, Scope } from '../domain/documents.ts';
import type { GateResult } from '../domain/gate.ts';
import type { RepoName, WorkflowId } from '../domain/ids.ts';
import { isSameQuestion, type Question } from '../domain/workflow.ts';
import { checkCitations } from '../gates/document-checks.ts';
import { evaluateGate1 } from '../gates/gate-1-architecture.ts';
import { evaluateGate2 } from '../gates/gate-2-plan.ts';
import type { DesignReview } from '../model/roles.ts';
import { citationLookup } from './ingest.ts';
import { planAgainstNonGoals, scopeAgainstNonGoals } from './review/non-goals.ts';
import { allowedAndForbidden, inventedComponents, unknownPaths, wrongOperations } from './review/places.ts';
import { untestable } from './review/testable.ts';

/** An open question is for a person to answer, not for a model to talk away. */
const FOR_PEOPLE = 'blocking unknowns';
/**
 * What models get wrong in documents, said before the gates see them: the gates' own reasons and some that only a
 * model's documents are held to. Pure: the same documents get the same reasons in a replay.
 */
export function reviewDesign(workflow: WorkflowId, context: RepositoryContext, frozen: (repo: RepoName, path: string) => string | null): DesignReview {
  const tree = new Map(context.repos.map(({ repo, files }) => [repo, new Set(files.map(({ path }) => path))]));
  const cited = citationLookup(context);
  return {
    decision: (decision) => reasonsOf(checkCitations(decision, decision.reasons.map((reason, index) => ({ what: `reason ${index + 1}`, evidenceIds: reason.evidenceIds })))),
    design: ({ architecture, scope }) => [
      ...reasonsOf(evaluateGate1({ workflow, repos: [...tree.keys()], architecture, scope, hasEvidence: cited }).checks),
      ...untestable(scope),
      ...unknownPaths(scope, tree),
      ...allowedAndForbidden(scope, tree),
      ...scopeAgainstNonGoals(scope, tree),
      ...inventedComponents(architecture, scope, tree),
      ...incompleteOrder(architecture, tree.size),
      ...frozenScope(scope, frozen),
    ],
    plan: ({ scope, plan, gates }) => [...reasonsOf(evaluateGate2({ workflow, scope, plan, gates }).checks), ...wrongOperations(scope, plan, tree), ...planAgainstNonGoals(scope, plan, tree), ...frozenFiles(plan, frozen), ...idleRepositories(plan, [...tree.keys()])],
  };
}

const reasonsOf = (checks: GateResult['checks']): string[] => checks.filter(({ name, outcome }) => outcome === 'FAIL' && name !== FOR_PEOPLE).map(({ reason }) => reason);

/** Where several repositories change, it matters which is first; one alone has its place. */
function incompleteOrder({ components, crossRepoOrder }: Architecture, repos: number): string[] {
  const missing = repos < 2 ? [] : [...new Set(components.map(({ repo }) => repo))].filter((repo) => !crossRepoOrder.includes(repo));
  const twice = crossRepoOrder.filter((repo, index) => crossRepoOrder.indexOf(repo) !== index);
  return [...missing.map((repo) => `The order of repositories leaves out ${repo}, which has a component.`), ...twice.map((repo) => `The order of repositories names ${repo} twice.`)];
}

const frozenScope = ({ allowedPaths }: Scope, frozen: (repo: RepoName, path: string) => string | null): string[] =>
  allowedPaths.flatMap(({ repo, paths }) =>
    paths.flatMap((path) => {
      const rule = frozen(repo, path);
      return rule === null ? [] : [`The scope allows ${path} in ${repo}, which the rule ${rule} never lets through.`];
    }),
  );

/** Every repository of a workflow gets a PatchSet. */
const idleRepositories = ({ tasks }: Plan, repos: readonly RepoName[]): string[] =>
  repos.filter((repo) => !tasks.some((task) => task.repo === repo)).map((repo) => `No task changes ${repo}, which is part of this workflow: plan what changes there.`);

const frozenFiles = ({ tasks }: Plan, frozen: (repo: RepoName, path: string) => string | null): string[] =>
  tasks.flatMap(({ id, repo, files }) =>
    files.flatMap(({ path }) => {
      const rule = frozen(repo, path);
      return rule === null ? [] : [`Task ${id} plans ${path}, which the rule ${rule} never lets through.`];
    }),
  );

/** The options of a question that say anything. */
export function withOptions(options: readonly string[]): Pick<Question, 'options'> {
  const said = options.filter((option) => option.trim() !== '');
  return said.length > 0 ? { options: said } : {};
}

/** The questions that a person has to answer before work goes on, in every document there is. */
export function openQuestions(documents: Partial<Documents>): readonly Question[] {
  const asked: Question[] = [];
  const open = Object.values(documents).flatMap(({ unknowns }) => unknowns.filter(({ blocking, answer }) => blocking && (answer ?? '').trim() === ''));
  for (const { id, question, options } of open) {
    if (asked.some((other) => isSameQuestion(other.question, question))) continue;
    // Two documents may each have a q1; an answer must be to one of them.
    asked.push({ id: asked.some((other) => other.id === id) ? `${id}-${asked.length + 1}` : id, question, ...withOptions(options) });
  }
  return asked;
}

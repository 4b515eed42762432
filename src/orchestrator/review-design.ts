import type { RepositoryContext } from '../domain/context.ts';
import type { Architecture, Documents, PathSet, Plan, Scope } from '../domain/documents.ts';
import type { GateResult } from '../domain/gate.ts';
import type { RepoName, WorkflowId } from '../domain/ids.ts';
import { checkCitations } from '../gates/document-checks.ts';
import { evaluateGate1 } from '../gates/gate-1-architecture.ts';
import { evaluateGate2 } from '../gates/gate-2-plan.ts';
import type { DesignReview } from '../model/roles.ts';
import { citationLookup } from './ingest.ts';

/** An open question is for a person to answer, not for a model to talk away. */
const FOR_PEOPLE = 'blocking unknowns';
/** EARS: ubiquitous, event-driven, state-driven, optional, unwanted behaviour; each says what somebody shall do. */
const TESTABLE = /^(?:When|While|If|Where|The|A|An)\s.+\b(?:shall|must)\b/isu;

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
      ...unknownPaths(scope.allowedPaths, tree),
      ...contradictions(scope),
      ...inventedComponents(architecture, scope, tree),
      ...incompleteOrder(architecture),
      ...frozenScope(scope, frozen),
    ],
    plan: ({ scope, plan, gates }) => [...reasonsOf(evaluateGate2({ workflow, scope, plan, gates }).checks), ...wrongOperations(plan, tree), ...againstNonGoals(scope, plan), ...frozenFiles(plan, frozen), ...idleRepositories(plan, [...tree.keys()])],
  };
}

const reasonsOf = (checks: GateResult['checks']): string[] => checks.filter(({ name, outcome }) => outcome === 'FAIL' && name !== FOR_PEOPLE).map(({ reason }) => reason);

/** What no test can see, however the sentence is built. */
const VAGUE = /\b(?:works?|behaves?|functions?|performs?|handled?|handles)\s+(?:\w+\s+){0,3}(?:properly|correctly|appropriately|as expected|as intended|well|better|nicely)\b/iu;

function untestable({ acceptanceCriteria }: Scope): string[] {
  return acceptanceCriteria.flatMap(({ id, sentence, when, then }) => {
    if (!TESTABLE.test(sentence.trim())) return [`Criterion ${id} is no testable sentence: write it as "When …, the system shall …".`];
    const vague = VAGUE.exec(sentence)?.[0];
    if (vague !== undefined) return [`Criterion ${id} says "${vague}", which no test can tell: say what is to be seen.`];
    return when.trim() === '' || then.trim() === '' ? [`Criterion ${id} leaves its when or its then empty: say what is done and what is to be seen.`] : [];
  });
}

/** A component lies where files are, or where the scope lets new ones come. */
function inventedComponents({ components }: Architecture, { allowedPaths }: Scope, tree: ReadonlyMap<RepoName, ReadonlySet<string>>): string[] {
  const allowed = new Set(allowedPaths.flatMap(({ repo, paths }) => paths.map((path) => `${repo}:${path}`)));
  return components.flatMap(({ id, repo, paths }) => paths.filter((path) => !allowed.has(`${repo}:${path}`) && !isThere(path, tree.get(repo) ?? new Set())).map((path) => `Component ${id} lies in ${path}, which is neither in ${repo} at the pinned commit nor among the allowed paths.`));
}

function isThere(path: string, files: ReadonlySet<string>): boolean {
  const plain = path.replace(/^\.\/?$/u, '').replace(/\/?(?:\*|\?|\[|\{).*$/u, '').replace(/\/$/u, '');
  if (plain === '' || files.has(plain) || files.has(path)) return true;
  for (const file of files) if (file.startsWith(`${plain}/`)) return true;
  return false;
}

/** Where several repositories change, it matters which is first. */
function incompleteOrder({ components, crossRepoOrder }: Architecture): string[] {
  const missing = [...new Set(components.map(({ repo }) => repo))].filter((repo) => !crossRepoOrder.includes(repo));
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

/** A path that may change is there, or lies in a folder that is: a new file has a place. */
function unknownPaths(sets: readonly PathSet[], tree: ReadonlyMap<RepoName, ReadonlySet<string>>): string[] {
  return sets.flatMap(({ repo, paths }) => paths.filter((path) => !hasPlace(path, tree.get(repo) ?? new Set())).map((path) => `The scope allows ${path} in ${repo}, which has neither such a file nor the folder it would be in.`));
}

function hasPlace(path: string, files: ReadonlySet<string>): boolean {
  const plain = path.replace(/\/?(?:\*|\?|\[|\{).*$/u, '').replace(/\/$/u, '');
  const folder = plain === path ? path.slice(0, Math.max(0, path.lastIndexOf('/'))) : plain;
  if (files.has(path) || folder === '') return true;
  for (const file of files) if (file.startsWith(`${folder}/`) || file.startsWith(`${path}/`)) return true;
  // One new folder below one that is there is a place too.
  const above = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
  return above === '' ? !folder.includes('/') : [...files].some((file) => file.startsWith(`${above}/`));
}

/** The same words cannot be a goal and a non-goal, nor the same path allowed and forbidden. */
function contradictions({ goals, nonGoals, allowedPaths, forbiddenPaths }: Scope): string[] {
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  const left = new Set(nonGoals.map(plain));
  const both = goals.filter((goal) => left.has(plain(goal))).map((goal) => `"${goal.slice(0, 200)}" is a goal and a non-goal.`);
  const forbidden = new Set(forbiddenPaths.flatMap(({ repo, paths }) => paths.map((path) => `${repo}:${path}`)));
  return [...both, ...allowedPaths.flatMap(({ repo, paths }) => paths.filter((path) => forbidden.has(`${repo}:${path}`)).map((path) => `${path} in ${repo} is allowed and forbidden.`))];
}

function wrongOperations({ tasks }: Plan, tree: ReadonlyMap<RepoName, ReadonlySet<string>>): string[] {
  return tasks.flatMap(({ id, repo, files }) =>
    files.flatMap(({ path, operation }) => {
      const exists = tree.get(repo)?.has(path) === true;
      if (operation === 'add') return exists ? [`Task ${id} adds ${path}, which ${repo} already has at the pinned commit: modify it.`] : [];
      return exists ? [] : [`Task ${id} would ${operation} ${path}, but ${repo} has no such file at the pinned commit.`];
    }),
  );
}

/** A non-goal that names a file is a promise to leave it alone. */
function againstNonGoals({ nonGoals }: Scope, { tasks }: Plan): string[] {
  const named = new Set(nonGoals.flatMap((text) => text.split(/[\s,;:()`"']+/u)));
  return tasks.flatMap(({ id, files }) => files.filter(({ path }) => named.has(path)).map(({ path }) => `Task ${id} plans ${path}, which a non-goal leaves alone.`));
}

const frozenFiles = ({ tasks }: Plan, frozen: (repo: RepoName, path: string) => string | null): string[] =>
  tasks.flatMap(({ id, repo, files }) =>
    files.flatMap(({ path }) => {
      const rule = frozen(repo, path);
      return rule === null ? [] : [`Task ${id} plans ${path}, which the rule ${rule} never lets through.`];
    }),
  );

/** The questions that a person has to answer before work goes on, in every document there is. */
export function openQuestions(documents: Partial<Documents>): readonly { readonly id: string; readonly question: string }[] {
  return Object.values(documents).flatMap(({ unknowns }) => unknowns.filter(({ blocking, answer }) => blocking && (answer ?? '').trim() === '').map(({ id, question }) => ({ id, question })));
}

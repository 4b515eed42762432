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
const TESTABLE = /^(?:When|Whenever|While|If|Where|Once|After|Before|Until|The|A|An|No|Each|Every|All|Any|Only)\s.+\b(?:shall|must)\b/isu;

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
      ...scopeAgainstNonGoals(scope, tree),
      ...inventedComponents(architecture, scope, tree),
      ...incompleteOrder(architecture),
      ...frozenScope(scope, frozen),
    ],
    plan: ({ scope, plan, gates }) => [...reasonsOf(evaluateGate2({ workflow, scope, plan, gates }).checks), ...wrongOperations(plan, tree), ...againstNonGoals(scope, plan, tree), ...frozenFiles(plan, frozen), ...idleRepositories(plan, [...tree.keys()])],
  };
}

const reasonsOf = (checks: GateResult['checks']): string[] => checks.filter(({ name, outcome }) => outcome === 'FAIL' && name !== FOR_PEOPLE).map(({ reason }) => reason);

/** What no test can see, however the sentence is built. */
const VAGUE = [
  /\b(?:works?|behaves?|functions?|performs?|handled?|handles)\s+(?:\w+\s+){0,3}(?:properly|correctly|appropriately|as expected|as intended|well|better|nicely|gracefully|sensibly)\b/iu,
  /\b(?:user-friendly|intuitive(?:ly)?|robust(?:ly)?|seamless(?:ly)?|reasonabl[ey]|adequate(?:ly)?|sufficient(?:ly)?|as (?:needed|appropriate|necessary)|where (?:possible|appropriate)|if possible|and so on|etc|tbd|todo|to be (?:decided|defined|determined))\b/iu,
];
/** How fast is fast: a measure needs a number. */
const UNMEASURED = /\b(?:shall|must)\b[^.]{0,200}\b(?:fast(?:er)?|quick(?:ly|er)?|slow(?:er|ly)?|soon(?:er)?|efficient(?:ly)?|minimal(?:ly)?)\b/iu;
const MEASURE = /\d|\b(?:than|at most|at least|no more|half|twice|zero|one|two|three)\b/iu;

function untestable({ acceptanceCriteria }: Scope): string[] {
  return acceptanceCriteria.flatMap(({ id, sentence, when, then }) => {
    if (!TESTABLE.test(sentence.trim())) return [`Criterion ${id} is no testable sentence: write it as "When …, the system shall …".`];
    const vague = VAGUE.map((words) => words.exec(sentence)?.[0]).find((found) => found !== undefined);
    if (vague !== undefined) return [`Criterion ${id} says "${vague}", which no test can tell: say what is to be seen.`];
    if (UNMEASURED.test(sentence) && !MEASURE.test(sentence)) return [`Criterion ${id} gives no measure for "${/(\w+)$/u.exec(UNMEASURED.exec(sentence)?.[0] ?? '')?.[1] ?? 'it'}": say how much, or compared to what.`];
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

/** A non-goal speaks of a file without promising to leave all of it alone: "Refactoring `src/a.ts` beyond the fix". */
const PARTLY = /\b(?:beyond|except|besides|other than|apart from|more than|outside|rest of|callers?|users?|importers?|refactor\w*|rewrit\w*|reformat\w*|renam\w*|performance|style)\b/iu;

/** The files that a non-goal promises to leave alone: named by path, by a glob, by their folder, or by a name that only one file has. */
function leftAlone({ nonGoals }: Scope): (path: string, files: ReadonlySet<string>) => boolean {
  const named = nonGoals.filter((text) => !PARTLY.test(text)).flatMap((text) => text.split(/[\s,;:()`"']+/u)).map((word) => word.replace(/^\.\//u, '').replace(/[.!?]+$/u, '')).filter((word) => /[./]/u.test(word)).slice(0, 1_000);
  return (path, files) =>
    named.some((word) => {
      const folder = word.replace(/\/(?:\*{1,2}(?:\/\*)?)?$/u, '');
      if (word === path || (folder !== word && path.startsWith(`${folder}/`)) || (folder === word && word.includes('/') && path.startsWith(`${word}/`))) return true;
      return !word.includes('/') && path.endsWith(`/${word}`) && [...files].filter((file) => file === word || file.endsWith(`/${word}`)).length === 1;
    });
}

/** A non-goal that names a file or its folder is a promise to leave it alone. */
function againstNonGoals(scope: Scope, { tasks }: Plan, tree: ReadonlyMap<RepoName, ReadonlySet<string>>): string[] {
  const isLeft = leftAlone(scope);
  return tasks.flatMap(({ id, repo, files }) => files.filter(({ path }) => isLeft(path, tree.get(repo) ?? new Set())).map(({ path }) => `Task ${id} plans ${path}, which a non-goal leaves alone.`));
}

/** What is allowed to change cannot be what a non-goal leaves alone, nor can a criterion ask for it in the same words. */
function scopeAgainstNonGoals(scope: Scope, tree: ReadonlyMap<RepoName, ReadonlySet<string>>): string[] {
  const isLeft = leftAlone(scope);
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  const left = new Set(scope.nonGoals.map(plain));
  return [
    ...scope.allowedPaths.flatMap(({ repo, paths }) => paths.filter((path) => isLeft(path, tree.get(repo) ?? new Set())).map((path) => `The scope allows ${path} in ${repo}, which a non-goal leaves alone.`)),
    ...scope.acceptanceCriteria.filter(({ sentence, then }) => left.has(plain(then)) || left.has(plain(sentence))).map(({ id }) => `Criterion ${id} asks for what a non-goal leaves out.`),
  ];
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

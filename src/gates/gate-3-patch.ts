import type { Change, ChangeSet, Patch } from '../domain/change-set.ts';
import type { Plan, Scope } from '../domain/documents.ts';
import type { GateResult } from '../domain/gate.ts';
import type { RepoName } from '../domain/ids.ts';
import type { PolicyResult } from '../domain/policy.ts';
import { showPath } from '../policy/show.ts';
import { repeated } from './document-checks.ts';
import { concludeGate, faultless, type Check } from './gate-check.ts';
import { createScopeMatcher } from './scope-paths.ts';

export interface Gate3Evidence {
  /** Null while the manifest, whose digest would name it, binds this very result. */
  readonly subject: GateResult['subject'];
  readonly repo: RepoName;
  readonly plan: Plan;
  readonly scope: Scope;
  /** The tree delta: it exists only when the proposal applied exactly. */
  readonly changeSet: ChangeSet;
  /** The paths that the proposal itself named, both sides of a rename. */
  readonly declaredPaths: readonly string[];
  readonly patches: readonly Patch[];
  readonly policy: PolicyResult;
  /** Lines of the canonical diff. */
  readonly stats: { readonly added: number; readonly removed: number };
}

/** Gate 3, Patch: the change is exactly what was declared, planned and in scope, no rule blocks it, and it is within the budget. */
export function evaluateGate3(evidence: Gate3Evidence): GateResult {
  return concludeGate(3, evidence.subject, [
    ...checkApplied(evidence),
    ...checkDeclared(evidence),
    ...checkTasks(evidence),
    ...checkPatches(evidence),
    ...checkScope(evidence),
    ...checkPolicy(evidence),
    ...checkBudget(evidence),
  ]);
}

function checkApplied({ changeSet }: Gate3Evidence): Check[] {
  const { base, result, changes } = changeSet;
  const isEmpty = changes.length === 0 || base.tree === result.tree;
  return faultless('exact application', isEmpty ? ['The proposal changes nothing.'] : [], { reason: `The proposal applies exactly to ${base.commit.slice(0, 12)} and gives tree ${result.tree.slice(0, 12)}.` });
}

function checkDeclared({ changeSet, declaredPaths }: Gate3Evidence): Check[] {
  const declared = new Set(declaredPaths);
  const changed = new Set(changeSet.changes.map(({ path }) => path));
  const silent = [...changed].filter((path) => !declared.has(path)).map((path) => `${showPath(path)} changes, but the proposal does not name it.`);
  const empty = [...declared].filter((path) => !changed.has(path)).map((path) => `The proposal names ${showPath(path)}, but it does not change.`);
  return faultless('declared paths', [...silent, ...empty], { reason: `The ${changed.size} path(s) of the proposal are exactly those that change.` });
}

function checkTasks({ changeSet, plan, repo }: Gate3Evidence): Check[] {
  const planned = plan.tasks.filter((task) => task.repo === repo).flatMap(({ id, files }) => files.map((file) => ({ task: id, ...file })));
  const faults = changeSet.changes.flatMap((change: Change) => {
    const ofPath = planned.filter(({ path }) => path === change.path);
    if (ofPath.length === 0) return [`${showPath(change.path)} belongs to no task of the plan.`];
    if (ofPath.some(({ operation }) => operation === change.op)) return [];
    return [`The plan says to ${ofPath.map(({ operation }) => operation).join(' or ')} ${showPath(change.path)}, but the change is: ${change.op}.`];
  });
  return faultless('planned changes', faults, { reason: 'Every change belongs to a task, and does what the task says.' });
}

/** Patches divide the change set: each change is in one patch, and each patch serves a task that lists its files. */
function checkPatches({ changeSet, patches, plan, repo }: Gate3Evidence): Check[] {
  const inPatches = patches.flatMap(({ paths }) => paths);
  const grouped = new Set(inPatches);
  const changed = new Set(changeSet.changes.map(({ path }) => path));
  const faults = [
    ...[...changed].filter((path) => !grouped.has(path)).map((path) => `${showPath(path)} is in no patch.`),
    ...[...grouped].filter((path) => !changed.has(path)).map((path) => `A patch lists ${showPath(path)}, which does not change.`),
    ...repeated(inPatches).map((path) => `${showPath(path)} is in more than one patch.`),
    ...patches.flatMap(({ id, task, paths }) => {
      const found = plan.tasks.find((candidate) => candidate.id === task && candidate.repo === repo);
      if (!found) return [`Patch ${id} serves ${task}, which is no task for ${repo}.`];
      const files = new Set(found.files.map(({ path }) => path));
      return paths.filter((path) => !files.has(path)).map((path) => `Patch ${id} has ${showPath(path)}, which its task ${task} does not list.`);
    }),
  ];
  return faultless('patches', faults, { reason: `${patches.length} patch(es), each for one task.` });
}

function checkScope({ changeSet, scope, repo }: Gate3Evidence): Check[] {
  const judge = createScopeMatcher(scope, repo);
  const faults = changeSet.changes
    .map(({ path }) => ({ path, verdict: judge(path) }))
    .filter(({ verdict }) => verdict !== 'allowed')
    .map(({ path, verdict }) => `${showPath(path)} is ${verdict === 'forbidden' ? 'forbidden by' : 'outside'} the scope.`);
  return faultless('scope', faults, { reason: 'Every change is within the scope.' });
}

function checkPolicy({ policy, repo }: Gate3Evidence): Check[] {
  if (policy.repo !== repo) return faultless('policy', [`The policy result is about ${policy.repo}, not about ${repo}.`], { reason: '' });
  const blocking = policy.rules.flatMap(({ violations }) => violations).filter(({ severity }) => severity === 'BLOCK');
  const faults = blocking.map(({ rule, message, help }) => `Rule ${rule}: ${message} ${help}`);
  if (faults.length === 0 && (policy.verdict === 'block' || policy.block > 0)) faults.push('The policy result blocks, but lists no violation.');
  return faultless('policy', faults, { reason: `No rule blocks the change; ${policy.warn} warning(s).`, failure: 'policy' });
}

function checkBudget({ changeSet, plan, stats }: Gate3Evidence): Check[] {
  const { files, lines } = plan.budget;
  const changed = { files: changeSet.changes.length, lines: stats.added + stats.removed };
  const faults: string[] = [];
  if (changed.files > files) faults.push(`${changed.files} files change, and the plan's budget is ${files}.`);
  if (changed.lines > lines) faults.push(`${changed.lines} lines change, and the plan's budget is ${lines}.`);
  return faultless('budget', faults, { reason: `${changed.files} of ${files} files and ${changed.lines} of ${lines} lines.` });
}

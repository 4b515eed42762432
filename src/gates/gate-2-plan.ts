import type { GatesDocument, Plan, Scope } from '../domain/documents.ts';
import type { GateResult } from '../domain/gate.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { checkOwner, checkUnknowns, isBlank, repeated } from './document-checks.ts';
import { concludeGate, failed, faultless, passed, type Check } from './gate-check.ts';
import { createScopeMatcher } from './scope-paths.ts';

export interface Gate2Evidence {
  readonly workflow: WorkflowId;
  readonly scope: Scope;
  readonly plan: Plan;
  readonly gates: GatesDocument;
}

const ALL_GATES = [0, 1, 2, 3, 4, 5] as const;

/** Gate 2, Plan: everything asked for is planned, nothing else is, within the scope and a budget, and the gates are fixed. */
export function evaluateGate2({ workflow, scope, plan, gates }: Gate2Evidence): GateResult {
  return concludeGate(2, null, [
    ...checkOwner([plan, gates], workflow),
    ...checkTraceability(scope, plan),
    ...checkTasks(plan),
    ...checkOrder(plan),
    ...checkFiles(scope, plan),
    checkBudget(plan),
    ...checkGatesDocument(gates),
    ...checkUnknowns([plan, gates]),
  ]);
}

function checkTraceability(scope: Scope, { tasks }: Plan): Check[] {
  const criteria = scope.acceptanceCriteria.map(({ id }) => id);
  const served = new Set(tasks.flatMap(({ criteriaIds }) => criteriaIds));
  const faults = criteria.filter((id) => !served.has(id)).map((id) => `No task serves criterion ${id}.`);
  for (const { id, criteriaIds } of tasks) {
    if (criteriaIds.length === 0) faults.push(`Task ${id} serves no criterion.`);
    faults.push(...criteriaIds.filter((criterion) => !criteria.includes(criterion)).map((criterion) => `Task ${id} serves ${criterion}, which is no criterion of the scope.`));
  }
  return faultless('traceability', faults, { reason: `${tasks.length} task(s) serve ${criteria.length} of ${criteria.length} criteria.` });
}

function checkTasks({ tasks }: Plan): Check[] {
  const faults = tasks.length === 0 ? ['The plan has no task.'] : [];
  faults.push(...repeated(tasks.map(({ id }) => id)).map((id) => `Two tasks are called ${id}.`));
  faults.push(...tasks.filter(({ verification }) => isBlank(verification)).map(({ id }) => `Task ${id} does not say how it is verified.`));
  faults.push(...tasks.filter(({ files }) => files.length === 0).map(({ id }) => `Task ${id} names no file.`));
  return faultless('tasks', faults, { reason: 'Every task names its files and its verification.' });
}

/** Tasks can be done one after the other: every dependency exists, and none leads back to itself. */
function checkOrder({ tasks }: Plan): Check[] {
  const known = new Set(tasks.map(({ id }) => id));
  const faults = tasks.flatMap(({ id, dependsOn }) => dependsOn.filter((other) => !known.has(other)).map((other) => `Task ${id} depends on ${other}, which does not exist.`));
  const selves = tasks.filter(({ id, dependsOn }) => dependsOn.includes(id)).map(({ id }) => id);
  faults.push(...selves.map((id) => `Task ${id} depends on itself.`));
  const done = new Set<string>();
  let left = [...tasks];
  for (let before = -1; left.length !== before; ) {
    before = left.length;
    left = left.filter(({ id, dependsOn }) => {
      const isReady = dependsOn.every((other) => done.has(other) || !known.has(other) || other === id);
      if (isReady) done.add(id);
      return !isReady;
    });
  }
  if (left.length > 0) faults.push(`These tasks wait for each other: ${left.map(({ id }) => id).join(', ')}.`);
  return faultless('task order', faults, { reason: 'Every dependency exists and none is circular.' });
}

function checkFiles(scope: Scope, { tasks }: Plan): Check[] {
  const faults = tasks.flatMap(({ id, repo, files }) => {
    const judge = createScopeMatcher(scope, repo);
    return files.filter(({ path }) => judge(path) !== 'allowed').map(({ path }) => `Task ${id} plans ${path} in ${repo}, which is ${judge(path) === 'forbidden' ? 'forbidden by' : 'outside'} the scope.`);
  });
  return faultless('planned files', faults, { reason: 'Every planned file is within the allowed paths.' });
}

function checkBudget({ budget, tasks }: Plan): Check {
  const planned = new Set(tasks.flatMap(({ repo, files }) => files.map(({ path }) => `${repo}:${path}`))).size;
  if (budget.files < 1 || budget.lines < 1) return failed('budget', `The plan declares a budget of ${budget.files} files and ${budget.lines} lines: both must be at least 1.`);
  if (planned > budget.files) return failed('budget', `The plan names ${planned} files, more than its budget of ${budget.files}.`);
  return passed('budget', `At most ${budget.files} files and ${budget.lines} lines; ${planned} files are planned.`);
}

function checkGatesDocument({ gates }: GatesDocument): Check[] {
  const faults = ALL_GATES.flatMap((gate) => {
    const entries = gates.filter((entry) => entry.gate === gate);
    if (entries.length !== 1) return [`The gates document speaks of gate ${gate} ${entries.length} times; it must be once.`];
    return entries.flatMap(({ requires }) => requires).every(isBlank) ? [`The gates document does not say what gate ${gate} requires.`] : [];
  });
  return faultless('gates document', faults, { reason: 'What each gate requires is fixed.' });
}

// Which workflow files an event starts.
import picomatch from 'picomatch';
import type { RepoEvent } from '../contract.ts';
import type { Trigger, WorkflowModel } from './workflow-model.ts';

/** Activity types that start a run when the file names none. Events that are not listed start on any type. */
const DEFAULT_TYPES: Record<string, readonly string[]> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
};

/** What a filter may look at, read from the event. `changedPaths` is null when the event has no comparison. */
export interface EventFacts {
  /** The branch that `branches` filters are about: the pushed one, a pull request's base, a followed run's head. */
  branch: string | null;
  /** Name of the workflow whose run caused a `workflow_run` event. */
  workflowName: string | null;
  changedPaths: string[] | null;
}

/** True when this file's `on` asks for the event. */
export function startsOn(model: WorkflowModel, event: Pick<RepoEvent, 'name' | 'action'>, facts: EventFacts): boolean {
  const trigger = Object.hasOwn(model.on, event.name) ? model.on[event.name] : undefined;
  if (trigger === undefined) return false;
  return typeFits(trigger, event) && branchFits(trigger, facts.branch) && workflowFits(trigger, event.name, facts.workflowName) && pathsFit(trigger, facts.changedPaths);
}

/** True when some filter of the file needs the list of changed paths, which costs a git call. */
export const asksPaths = (model: WorkflowModel, eventName: string): boolean => {
  const trigger = model.on[eventName];
  return trigger !== undefined && (trigger.paths !== null || trigger.pathsIgnore !== null);
};

function typeFits(trigger: Trigger, { name, action }: Pick<RepoEvent, 'name' | 'action'>): boolean {
  const types = trigger.types ?? DEFAULT_TYPES[name];
  return types === undefined || action === null || types.includes(action);
}

function workflowFits(trigger: Trigger, eventName: string, workflowName: string | null): boolean {
  if (eventName !== 'workflow_run') return true;
  return workflowName !== null && (trigger.workflows ?? []).some((pattern) => matches(pattern, workflowName));
}

function branchFits(trigger: Trigger, branch: string | null): boolean {
  if (branch === null) return true;
  if (trigger.branchesIgnore?.some((pattern) => matches(pattern, branch)) === true) return false;
  return trigger.branches === null || lastMatchIncludes(trigger.branches, branch);
}

function pathsFit(trigger: Trigger, changed: string[] | null): boolean {
  if (changed === null) return true;
  const { paths, pathsIgnore } = trigger;
  if (paths !== null && !changed.some((path) => lastMatchIncludes(paths, path))) return false;
  return pathsIgnore === null || changed.some((path) => !lastMatchIncludes(pathsIgnore, path));
}

/** GitHub reads a pattern list in order; `!pattern` takes out again what an earlier one took in. */
function lastMatchIncludes(patterns: readonly string[], value: string): boolean {
  let included = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) included &&= !matches(pattern.slice(1), value);
    else included ||= matches(pattern, value);
  }
  return included;
}

const matches = (pattern: string, value: string): boolean => picomatch.isMatch(value, pattern, { dot: true, nonegate: true, noextglob: true });

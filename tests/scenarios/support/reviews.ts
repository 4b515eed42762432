import { expect } from 'vitest';
import { CONTROL_REPO } from '../../../src/cli/up/seed.ts';
import type { WorkflowEvent } from '../../../src/domain/event.ts';
import type { LocalEnvironment, LocalJob, LocalRun } from '../../../src/local/contract.ts';
import type { Workflow } from '../../../src/domain/workflow.ts';
import { smallIssue } from './issues.ts';
import { LOGIN, type World } from './world.ts';

// What people do around a review, and what is left of it: for the scenarios in which a review is refused.

/** A world with one small change to one repository. */
export const ONE_REPOSITORY = { targets: ['local/api'], issue: smallIssue() } as const;

export function approvalEnvironment({ control }: World): LocalEnvironment {
  const environment = control.environments.find(({ name }) => name === 'countersign-approval');
  if (!environment) throw new Error('the control repo has no environment for approvals');
  return environment;
}

/** The inputs that Countersign would dispatch the review of a PatchSet's current revision with. */
export async function reviewInputs(world: World, patchSet: string): Promise<Record<string, string>> {
  const workflow = await world.workflow();
  const found = workflow.patchSets.find(({ id }) => id === patchSet);
  if (!found) throw new Error(`there is no ${patchSet}`);
  return { workflow: workflow.id, 'patch-set': patchSet, revision: String(found.revision), digest: found.digest, repo: found.repo };
}

/** Dispatches apply.yml by hand, as anyone with write access to the control repo can. */
export async function dispatchByHand(world: World, inputs: Record<string, string>, login = LOGIN): Promise<LocalRun> {
  const known = new Set(world.state.runs.map(({ id }) => id));
  await world.post(`/repos/${CONTROL_REPO}/actions/workflows/apply.yml/dispatches`, { ref: 'main', inputs }, login);
  await world.settled();
  const run = world.state.runs.find(({ id, workflowFile }) => workflowFile === 'apply.yml' && !known.has(id));
  if (!run) throw new Error('apply.yml did not start');
  return run;
}

/** Runs all jobs of a run that has ended once more, as its page offers. */
export async function rerun(world: World, { id }: LocalRun, login = LOGIN): Promise<Workflow> {
  await world.post(`/repos/${CONTROL_REPO}/actions/runs/${id}/rerun`, {}, login);
  return world.settled();
}

export async function approveRun(world: World, { id }: LocalRun, login = LOGIN): Promise<Workflow> {
  await world.review(id, { state: 'approved', comment: '', login });
  return world.settled();
}

export function jobOf({ jobs }: LocalRun, key: string): LocalJob {
  const job = jobs.find((candidate) => candidate.key === key);
  if (!job) throw new Error(`the run has no job ${key}`);
  return job;
}

/** The refusals on the ledger: which job refused, and why. */
export async function refusals(world: World): Promise<readonly { readonly role: string; readonly reason: string; readonly runId: number }[]> {
  const events = await world.eventsOf('E_RUN_RECORDED');
  return events.flatMap(({ body, run }) => (body.outcome === 'refused' ? [{ role: body.role, reason: body.reason ?? '', runId: run.id }] : []));
}

/** Somebody who is not listed says every command there is: nothing may come of it. */
export async function assertStrangersAreIgnored(world: World): Promise<void> {
  const before: readonly WorkflowEvent[] = await world.events();
  const runs = reviewRuns(world).length;
  for (const command of ['/retry', '/cancel I say so', '/answer 1: yes']) await world.comment(command, 'stranger');
  expect(await world.events(), 'a stranger is not heard').toEqual(before);
  expect(reviewRuns(world)).toHaveLength(runs);
}

export const reviewRuns = ({ state }: World): readonly LocalRun[] => state.runs.filter(({ workflowFile }) => workflowFile === 'apply.yml');

import type { Command } from '../domain/command.ts';
import { outstanding } from '../domain/outstanding.ts';
import { findPatchSet, type Workflow } from '../domain/workflow.ts';
import { refusedError } from '../domain/errors.ts';
import type { Ports, StepReport } from './ports.ts';
import { record, type Recorded } from './record.ts';
import { stateLine } from './say.ts';
import { updateTrackingIssue } from './tracking.ts';

type FollowUpPorts = Pick<Ports, 'job' | 'ledger' | 'control' | 'writer'>;

/**
 * Carries out what the recorded state asks for and a record job may do: request approvals, start the next stage, tell
 * people. Taken from the state, not from memory, so a job that runs again finishes what it was cut off from.
 */
export async function followUp(ports: FollowUpPorts, recorded: Pick<Recorded, 'workflow'>): Promise<StepReport> {
  if (!recorded.workflow) throw refusedError('unknown-workflow', 'The workflow is not in the ledger.');
  let workflow = recorded.workflow;
  let next: StepReport['next'] = '';
  for (const command of outstanding(workflow)) {
    if (command.kind === 'request-approval') workflow = await requestApprovals(ports, workflow, command);
    if (command.kind === 'propose') next = await propose(ports, workflow);
    // Wanted after a person's word: that takes a new run. The job that records designs never asks for another.
    if (command.kind === 'design' && ports.job.run.job !== 'record-design') await ports.writer.dispatchContinue({ kind: 'continue-dispatch', repo: ports.job.controlRepo, workflow: workflow.id, stage: 'design' }, workflow);
  }
  // On the way to the next job of the same run there is nothing yet that a person should read.
  if (next === '') await updateTrackingIssue(ports, workflow);
  return report(ports, workflow, next);
}

/** The first proposal follows in the same run; every later one is a run of its own. */
async function propose({ job, writer }: FollowUpPorts, workflow: Workflow): Promise<'' | 'patch'> {
  if (workflow.patchSets.length === 0 && job.run.job === 'record-design') return 'patch';
  await writer.dispatchContinue({ kind: 'continue-dispatch', repo: job.controlRepo, workflow: workflow.id, stage: 'patch' }, workflow);
  return '';
}

/** One review run per PatchSet revision; the runs' ids are on the record before anyone can approve. */
async function requestApprovals(ports: FollowUpPorts, workflow: Workflow, command: Extract<Command, { kind: 'request-approval' }>): Promise<Workflow> {
  const requested = await Promise.all(
    command.patchSets.map(async (id) => {
      const patchSet = findPatchSet(workflow, id);
      if (!patchSet) throw refusedError('unknown-patch-set', `${id} does not exist in ${workflow.id}.`);
      const ref = { patchSet: id, revision: patchSet.revision, digest: patchSet.digest };
      const run = await ports.writer.dispatchReview({ kind: 'review-dispatch', repo: ports.job.controlRepo, targetRepo: patchSet.repo, ...ref }, workflow);
      return { ...ref, ...run };
    }),
  );
  const recorded = await record(ports, workflow.id, (draft) => {
    for (const request of requested) draft.record('E_APPROVAL_REQUESTED', request);
  });
  return recorded.workflow ?? workflow;
}

export function report({ job }: Pick<Ports, 'job'>, workflow: Workflow, next: StepReport['next'] = ''): StepReport {
  const summary = next === 'patch' ? `**${workflow.id}**: the design passed Gates 0–2. Next: the patch job proposes the change.` : stateLine(workflow, job);
  return { ok: true, workflow: workflow.id, state: workflow.status, next, summary };
}

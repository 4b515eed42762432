import type { Command } from '../domain/command.ts';
import type { WorkflowEvent } from '../domain/event.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { outstanding } from '../domain/outstanding.ts';
import type { Workflow } from '../domain/workflow.ts';
import { followUp } from './follow-up.ts';
import { runLink } from './links.ts';
import type { Ports, StepReport } from './ports.ts';
import { record, requireWorkflow } from './record.ts';
import { refusedRun } from './think-call.ts';
import { workflowIdFor } from './workflow-id.ts';

// A job that fails without a word (it threw, its machine was lost, somebody cancelled it) records nothing, and nothing would
// ever go on. What it left undone is found here, and a person is asked.

type StalledPorts = Pick<Ports, 'job' | 'ledger' | 'control' | 'writer'>;

/** The workflow files whose runs carry a workflow on. A review run is settled by its own rules. */
export const CARRIERS = ['start', 'observe', 'answer'] as const;
export type Carrier = (typeof CARRIERS)[number];

/** A run that ended without success. */
export interface FailedRun {
  readonly id: number;
  readonly title: string;
  readonly carrier: Carrier;
  readonly createdAt: string;
}

/** The workflows that a failed run may have been about, the likeliest first. Hints, to be checked against the ledger. */
export async function workflowsOf({ job, control }: Pick<Ports, 'control'> & { readonly job: Pick<Ports['job'], 'controlRepo' | 'clock'> }, run: FailedRun, named: { inTitle(title: string): string | null; inIssue(body: string): string | null }): Promise<readonly WorkflowId[]> {
  const titled = named.inTitle(run.title);
  if (titled !== null) return [titled];
  if (run.carrier === 'start') return [...new Set([run.createdAt, job.clock.now()].map((day) => workflowIdFor(day, job.controlRepo, run.id)))];
  const issue = run.carrier === 'answer' ? /#(\d{1,9})$/.exec(run.title)?.[1] : undefined;
  const found = issue === undefined ? null : named.inIssue((await control.readIssue(Number(issue))).body);
  return found === null ? [] : [found];
}

/**
 * Puts the failure on the record and asks a person, if the failed run was the one that had to carry the workflow on. Pull requests
 * are looked at again by the schedule in any case: there a person is asked only when that fails, too.
 */
export async function settleFailedRun(ports: StalledPorts, id: WorkflowId, run: FailedRun): Promise<StepReport> {
  const { workflow } = await requireWorkflow(ports, id);
  const failure = `${NAMES[run.carrier]} run ${run.id} ended without success before its work was done, and left no reason on the record: ${runLink(ports.job, run.id)} has its log.`;
  const role = `${run.carrier}-run`;
  const recorded = await record(ports, id, (draft, { events }) => {
    if (!isStalledBy(run, draft.workflow, events.at(-1)?.run.id ?? 0)) return;
    const again = run.carrier === 'observe' && !hasFailedBefore(events, role);
    const reason = `${failure} ${again ? "The schedule's next run looks again." : '/retry starts that work again, /cancel ends the workflow.'}`;
    draft.record('E_RUN_RECORDED', refusedRun(role, reason));
    if (!again) draft.record('E_NEEDS_HUMAN', { code: 'run-failed', reason, questions: [], resumes: draft.workflow.status });
  });
  if (recorded.commit !== null) return followUp(ports, { workflow: recorded.workflow ?? workflow });
  return { ok: true, workflow: id, state: workflow.status, next: '', summary: `Nothing to settle: ${id} is ${workflow.status}, and nothing of it waits for the run that failed.` };
}

/** Whether the last thing on the record is a failure of the same kind: nothing has gone on since. */
function hasFailedBefore(events: readonly WorkflowEvent[], role: string): boolean {
  const last = events.at(-1);
  return last?.type === 'E_RUN_RECORDED' && last.body.role === role;
}

const NAMES: Readonly<Record<Carrier, string>> = { start: 'Start', observe: 'Observe', answer: 'Answer' };

const BEGINS: ReadonlySet<Command['kind']> = new Set(['design', 'propose', 'request-approval']);

/**
 * Whether what is left to do was this run's to do. `last`: the run that recorded last. Runs are numbered in the order of their
 * beginning: a record that a later run made shows that another one has taken over.
 */
export function isStalledBy(run: Pick<FailedRun, 'id' | 'carrier'>, workflow: Workflow, last: number): boolean {
  const left = outstanding(workflow).map(({ kind }) => kind);
  const isBeginning = left.some((kind) => BEGINS.has(kind));
  switch (run.carrier) {
    case 'start':
      return last <= run.id && isBeginning;
    case 'observe':
      return (last <= run.id && left.includes('observe')) || (last === run.id && isBeginning);
    case 'answer':
      // One that recorded nothing changed nothing: what was going on goes on.
      return last === run.id && isBeginning;
  }
}

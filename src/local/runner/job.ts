// Runs one job from its first step to its outputs.
import type { Conclusion } from '../contract.ts';
import { annotate } from './commands.ts';
import { evaluateMinutes, evaluateTexts } from './expressions.ts';
import { closeJobSession, jobText, loadJobEnv, sessionScope } from './job-session.ts';
import type { JobSession, StepResult } from './job-session.ts';
import type { StepFrame } from './step-frame.ts';
import { runSteps } from './steps.ts';
import { assertRoom } from './room.ts';
import type { Json } from './template.ts';
import { errorMessage } from './error-message.ts';

export interface JobOutcome {
  conclusion: Conclusion;
  outputs: Record<string, string>;
}

/** GitHub's default, and its upper limit on hosted runners. */
const TIMEOUT_MINUTES_DEFAULT = 360;
const CANCEL_GRACE_MS = 7_500;

/**
 * Whatever goes wrong in the job ends it as failed, with the reason as an annotation and in the log. Rejects with `disk-full`
 * when it failed on a full disk: that is this machine's failure, and the job is to run again.
 */
export async function executeJob(session: JobSession): Promise<JobOutcome> {
  try {
    const outcome = await runJob(session).catch((error: unknown) => failedBy(session, error));
    if (outcome.conclusion === 'failure' && !session.lost) assertRoom(session.services.dir);
    return outcome;
  } finally {
    await closeJobSession(session);
  }
}

function failedBy(session: JobSession, error: unknown): JobOutcome {
  assertRoom(session.services.dir);
  annotate(session.log, session.annotations, { level: 'error', message: errorMessage(error), file: null, line: null });
  return { conclusion: 'failure', outputs: {} };
}

/** Ends what runs now; steps with `always()` or `cancelled()` still run. */
export function cancelJob(session: JobSession, reason: string): void {
  if (session.status === 'cancelled') return;
  session.status = 'cancelled';
  annotate(session.log, session.annotations, { level: 'error', message: reason, file: null, line: null });
  session.processes.terminate(CANCEL_GRACE_MS);
}

/** The job's machine is gone: its processes are killed and no further step runs. */
export function loseJob(session: JobSession): void {
  if (session.lost) return;
  session.lost = true;
  annotate(session.log, session.annotations, { level: 'error', message: 'The runner lost communication with the server: its process was killed.', file: null, line: null });
  session.processes.killAll();
}

async function runJob(session: JobSession): Promise<JobOutcome> {
  const { model } = session.request;
  loadJobEnv(session);
  const minutes = evaluateMinutes(model.timeoutMinutes, sessionScope(session, {}), TIMEOUT_MINUTES_DEFAULT);
  const timer = setTimeout(() => cancelJob(session, `The job has exceeded the maximum execution time of ${minutes} minutes.`), minutes * 60_000);
  const frame: StepFrame = { steps: {}, inputs: null, actionPath: null, shell: optionalText(session, model.shell), workingDirectory: optionalText(session, model.workingDirectory) };
  try {
    await runSteps(session, model.steps, frame, session.request.job.steps);
    if (!session.lost) await runPostWork(session);
  } finally {
    clearTimeout(timer);
  }
  if (session.lost) return { conclusion: 'failure', outputs: {} };
  return { conclusion: session.status, outputs: jobOutputs(session, frame.steps) };
}

const optionalText = (session: JobSession, template: Parameters<typeof jobText>[1]): string | null => (template === null ? null : jobText(session, template, ''));

async function runPostWork(session: JobSession): Promise<void> {
  for (const work of session.post.toReversed()) {
    await work().catch((error: unknown) => annotate(session.log, session.annotations, { level: 'warning', message: errorMessage(error), file: null, line: null }));
  }
}

/** An output that holds a secret does not leave the job, as on GitHub. */
function jobOutputs(session: JobSession, steps: Record<string, StepResult>): Record<string, string> {
  const context: Json = Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, { ...step }]));
  const outputs = evaluateTexts(session.request.model.outputs, sessionScope(session, { steps: context }));
  const kept = Object.entries(outputs).filter(([name, value]) => {
    const secret = session.log.holdsSecret(value);
    if (secret) session.log.line(`##[warning]Skip output '${name}' since it may contain secret.`);
    return !secret;
  });
  return Object.fromEntries(kept);
}

// Runs the steps of a job, or of a composite action, one after the other.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LocalStep } from '../contract.ts';
import { runAction } from './actions/run-action.ts';
import { annotate, createStepConsole } from './commands.ts';
import { createCommandFiles, readCommandFiles } from './command-files.ts';
import { evaluate, evaluateCondition, evaluateMinutes, evaluateText, evaluateTexts } from './expressions.ts';
import type { Scope } from './expressions.ts';
import type { JobSession, StepResult } from './job-session.ts';
import { commandEnv, sessionScope } from './job-session.ts';
import type { StepFrame, StepWork } from './step-frame.ts';
import type { Json } from './template.ts';
import type { StepModel } from './workflow-model.ts';
import { errorMessage } from './error-message.ts';

/** Runs every step whose condition holds. The records, when given, are the job's visible steps in the same order. */
export async function runSteps(session: JobSession, models: readonly StepModel[], frame: StepFrame, records: readonly LocalStep[] = []): Promise<void> {
  for (const [index, model] of models.entries()) {
    if (session.lost) return;
    const record = records[index];
    const number = record?.number ?? ++session.stepCounter;
    const result = await runStep(session, { model, frame, number, record });
    if (session.lost || killed(session, number, { name: record?.name ?? model.id, moment: 'after' })) return;
    if (model.id !== '') frame.steps[model.id] = result;
    if (result.conclusion === 'failure' && session.status === 'success') session.status = 'failure';
  }
}

/** The caller's fault injection; a hook that says yes has killed the job already. */
function killed({ request, options }: JobSession, step: number, moment: { name: string; moment: 'before' | 'after' }): boolean {
  const { run, job, workflow } = request;
  return options.killStep?.({ runId: run.id, jobId: job.id, workflowFile: workflow.file, jobKey: job.key, step, ...moment }) ?? false;
}

interface StepJob {
  model: StepModel;
  frame: StepFrame;
  number: number;
  record: LocalStep | undefined;
}

async function runStep(session: JobSession, { model, frame, number, record }: StepJob): Promise<StepResult> {
  let result: StepResult;
  try {
    result = await runStepIfDue(session, { model, frame, number, record });
  } catch (error) {
    annotate(session.log, session.annotations, { level: 'error', message: errorMessage(error), file: null, line: null });
    result = { outputs: {}, outcome: 'failure', conclusion: 'failure' };
  }
  if (record !== undefined && !session.lost) {
    Object.assign(record, { status: 'completed', conclusion: result.conclusion });
    session.services.changed();
  }
  return result;
}

async function runStepIfDue(session: JobSession, { model, frame, number, record }: StepJob): Promise<StepResult> {
  const skipped: StepResult = { outputs: {}, outcome: 'skipped', conclusion: 'skipped' };
  const stepEnv: Record<string, string> = {};
  const scope = (): Scope => frameScope(session, frame, stepEnv);
  if (!evaluateCondition(model.condition, scope())) return skipped;
  Object.assign(stepEnv, evaluateTexts(model.env, scope()));
  const name = session.log.mask(stepName(model, scope()));
  if (record !== undefined) {
    Object.assign(record, { name, status: 'in_progress', conclusion: null });
    session.services.changed();
  }
  if (killed(session, number, { name, moment: 'before' })) return skipped;
  session.log.line(`##[group]${name}`);
  session.log.line('##[endgroup]');
  const { ok, outputs } = await workOfStep(session, { model, frame, number, stepEnv });
  const outcome = ok ? 'success' : session.status === 'cancelled' ? 'cancelled' : 'failure';
  const isForgiven = outcome === 'failure' && model.continueOnError !== null && evaluate(model.continueOnError, scope()) === true;
  return { outputs, outcome, conclusion: isForgiven ? 'success' : outcome };
}

function frameScope(session: JobSession, frame: StepFrame, stepEnv: Record<string, string>): Scope {
  const extra: Record<string, Json> = { steps: stepsContext(frame.steps), env: { ...session.env, ...stepEnv } };
  if (frame.inputs !== null) extra['inputs'] = frame.inputs;
  if (frame.actionPath !== null) extra['github'] = { action_path: frame.actionPath };
  return sessionScope(session, extra);
}

const stepsContext = (steps: Record<string, StepResult>): Json => Object.fromEntries(Object.entries(steps).map(([id, { outputs, outcome, conclusion }]) => [id, { outputs, outcome, conclusion }]));

/** The name GitHub shows: the step's own, else the action, else the first line of the script. */
function stepName(model: StepModel, scope: Scope): string {
  if (model.name !== null) return evaluateText(model.name, scope);
  if (model.uses !== null) return `Run ${model.uses}`;
  return `Run ${(model.run === null ? '' : evaluateText(model.run, scope)).split('\n', 1)[0] ?? ''}`;
}

interface StepRun {
  model: StepModel;
  frame: StepFrame;
  number: number;
  stepEnv: Record<string, string>;
}

async function workOfStep(session: JobSession, step: StepRun): Promise<{ ok: boolean; outputs: Record<string, string> }> {
  const { model, frame, stepEnv, number } = step;
  const scope = frameScope(session, frame, stepEnv);
  const files = createCommandFiles(join(session.folders.temp, '_runner_file_commands'), `${number}_${randomUUID()}`);
  const variables = { ...files, ...(frame.actionPath === null ? {} : { GITHUB_ACTION_PATH: frame.actionPath }) };
  const { onLine } = createStepConsole(session.log, session.annotations);
  const minutes = model.timeoutMinutes === null ? null : evaluateMinutes(model.timeoutMinutes, scope, 0);
  const work = (): Promise<StepWork> =>
    model.uses === null
      ? runScript(session, step, variables, onLine)
      : runAction(session, { uses: model.uses, with: evaluateTexts(model.with, scope), stepEnv, variables, onLine, scope, runNested: (models, inner) => runSteps(session, models, inner) });
  const { ok, outputs } = await withTimeLimit(session, minutes, work);
  if (session.lost) return { ok: false, outputs: {} };
  const written = readCommandFiles(files);
  applyResults(session, written);
  for (const message of written.problems) annotate(session.log, session.annotations, { level: 'error', message, file: null, line: null });
  return { ok: ok && written.problems.length === 0, outputs: { ...written.outputs, ...outputs } };
}

function applyResults(session: JobSession, { env, path, summary, summaryProblem }: ReturnType<typeof readCommandFiles>): void {
  Object.assign(session.env, env);
  session.path.unshift(...path.toReversed());
  if (summary !== '') session.request.job.summary += `${session.log.mask(summary)}${summary.endsWith('\n') ? '' : '\n'}`;
  if (summaryProblem !== null) annotate(session.log, session.annotations, { level: 'error', message: `The step summary was dropped: ${summaryProblem}`, file: null, line: null });
}

/** A step that outlives its `timeout-minutes` is ended and fails. */
async function withTimeLimit(session: JobSession, minutes: number | null, work: () => Promise<StepWork>): Promise<StepWork> {
  if (minutes === null) return work();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    session.processes.terminate(2_000);
  }, minutes * 60_000);
  const result = await work().finally(() => clearTimeout(timer));
  if (late) annotate(session.log, session.annotations, { level: 'error', message: `The step has timed out after ${minutes} minutes.`, file: null, line: null });
  return late ? { ok: false } : result;
}

async function runScript(session: JobSession, { model, frame, stepEnv }: StepRun, variables: Record<string, string>, onLine: (line: string) => void): Promise<StepWork> {
  const scope = frameScope(session, frame, stepEnv);
  const script = model.run === null ? '' : evaluateText(model.run, scope);
  const file = join(session.folders.temp, `${randomUUID()}.sh`);
  writeFileSync(file, script);
  const shell = model.shell === null ? frame.shell : evaluateText(model.shell, scope);
  const directory = model.workingDirectory === null ? frame.workingDirectory : evaluateText(model.workingDirectory, scope);
  const [command = 'bash', ...args] = shellCommand(shell, file);
  const cwd = resolve(session.folders.workspace, directory ?? '.');
  const result = await session.processes.run(command, args, { cwd, env: commandEnv(session, stepEnv, variables), onLine });
  if (result.problem !== null) session.log.line(`##[error]${result.problem}`);
  else if (result.code !== 0) session.log.line(`##[error]Process completed with exit code ${result.code ?? 'none (ended by a signal)'}.`);
  return { ok: result.code === 0 };
}

/** GitHub's own command lines for its shells; anything else must be a template with `{0}` for the script's file. */
function shellCommand(shell: string | null, file: string): string[] {
  if (shell === null) return ['bash', '-e', file];
  if (shell === 'bash') return ['bash', '--noprofile', '--norc', '-eo', 'pipefail', file];
  if (shell === 'sh') return ['sh', '-e', file];
  if (shell.includes('{0}')) return shell.split(/\s+/).map((word) => word.replace('{0}', file));
  throw new Error(`The local runner has no shell '${shell}': use bash, sh, or a command line with {0}.`);
}

// Makes the records of runs and jobs, and says what a set of finished jobs means for the run.
import type { Conclusion, LocalJob, LocalRepo, LocalRun, RepoEvent, ServerServices } from '../contract.ts';
import { commitSubject } from './bare-git.ts';
import { typedInputs } from './dispatch-inputs.ts';
import type { Scope } from './expressions.ts';
import { evaluateText, toText } from './expressions.ts';
import { completePayload, githubContext, jsonObject } from './payloads.ts';
import { jobPermissions, readOnly } from './permissions.ts';
import type { Json } from './template.ts';
import type { JobModel, StepModel, WorkflowModel } from './workflow-model.ts';
import { errorMessage } from './error-message.ts';

export interface RunCause {
  repo: LocalRepo;
  event: Pick<RepoEvent, 'name' | 'payload' | 'actor'>;
  branch: string;
  sha: string;
  inputs: Record<string, string>;
}

/** A queued run with its jobs; a run that is completed and failed when the file has errors. It is not yet in the state. */
export async function createRun(services: ServerServices, model: WorkflowModel, { repo, event, branch, sha, inputs }: RunCause): Promise<LocalRun> {
  const at = services.now();
  const run: LocalRun = {
    id: services.nextId(),
    repo: repo.name,
    workflowFile: model.file,
    workflowName: model.name,
    displayTitle: model.name,
    event: event.name,
    payload: completePayload(services, repo, event),
    inputs,
    actor: event.actor,
    headBranch: branch,
    headSha: sha,
    attempt: 1,
    status: 'queued',
    conclusion: null,
    concurrencyGroup: null,
    jobs: [],
    reviews: [],
    problem: null,
    createdAt: at,
    updatedAt: at,
  };
  const errors = [...model.errors];
  try {
    run.displayTitle = await displayTitle(services, { model, repo, run });
  } catch (error) {
    errors.push(errorMessage(error));
  }
  if (errors.length > 0) {
    return Object.assign(run, { status: 'completed', conclusion: 'failure', problem: `The workflow file .github/workflows/${model.file} is not valid: ${errors.join('; ')}`, announced: false });
  }
  run.jobs = model.jobs.map((job) => createJob(services, { model, run, job }));
  return run;
}

function createJob(services: ServerServices, { model, run, job }: { model: WorkflowModel; run: LocalRun; job: JobModel }): LocalJob {
  const permissions = jobPermissions(model.permissions, job.permissions);
  const id = services.nextId();
  return {
    id,
    runId: run.id,
    key: job.key,
    name: job.name?.kind === 'literal' ? toText(job.name.value) : job.key,
    status: 'queued',
    conclusion: null,
    environment: null,
    permissions: run.event === 'pull_request' ? readOnly(permissions) : permissions,
    outputs: {},
    steps: job.steps.map((step, index) => ({ number: index + 1, name: plainStepName(step) ?? `Step ${index + 1}`, status: 'queued', conclusion: null })),
    summary: '',
    log: `${run.id}/${id}.log`,
    startedAt: null,
    completedAt: null,
    annotations: [],
    reviewed: false,
  };
}

/** The step's name as far as it is known without evaluating anything. */
function plainStepName({ name, uses, run }: StepModel): string | null {
  if (name !== null) return name.kind === 'literal' ? toText(name.value) : null;
  if (uses !== null) return `Run ${uses}`;
  return run?.kind === 'literal' ? `Run ${toText(run.value).split('\n', 1)[0] ?? ''}` : null;
}

/** Puts a job back to before its first step; its identity and permissions stay. */
export function resetJob(job: LocalJob): void {
  Object.assign(job, { status: 'queued', conclusion: null, outputs: {}, summary: '', startedAt: null, completedAt: null, annotations: [] });
  for (const step of job.steps) Object.assign(step, { status: 'queued', conclusion: null });
}

/** The contexts that exist before any job has run. */
export function runContexts(services: ServerServices, model: WorkflowModel, { repo, run }: { repo: LocalRepo; run: LocalRun }): Record<string, Json> {
  const declared = model.on['workflow_dispatch']?.inputs ?? {};
  return { github: githubContext(services, repo, run), inputs: typedInputs(run.inputs, declared), vars: { ...repo.variables } };
}

async function displayTitle(services: ServerServices, { model, repo, run }: { model: WorkflowModel; repo: LocalRepo; run: LocalRun }): Promise<string> {
  if (model.runName !== null) {
    const scope: Scope = { contexts: runContexts(services, model, { repo, run }), status: 'success', workspace: null };
    const title = evaluateText(model.runName, scope).trim();
    if (title !== '') return title;
  }
  const payload = jsonObject(run.payload);
  for (const key of ['pull_request', 'issue']) {
    const title = jsonObject(payload[key])['title'];
    if (typeof title === 'string') return title;
  }
  return run.event === 'push' ? commitSubject(services.gitDir(run.repo), run.headSha) : model.name;
}

/** The run's conclusion once every job has ended. A forgiven failure (`continue-on-error`) does not count. */
export function concludeRun(jobs: readonly { conclusion: Conclusion | null; forgiven: boolean }[]): Conclusion {
  const counted = jobs.filter((job) => !job.forgiven).map((job) => job.conclusion);
  if (counted.includes('failure') || counted.includes('timed_out')) return 'failure';
  if (counted.includes('cancelled')) return 'cancelled';
  return jobs.length > 0 && counted.every((conclusion) => conclusion === 'skipped') ? 'skipped' : 'success';
}

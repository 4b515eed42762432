// One job while it runs: its folders, environment, contexts and processes. Steps read and change it in order.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { arch } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { LocalAnnotation, LocalJob, LocalRepo, LocalRun, ServerServices } from '../contract.ts';
import type { JobStatus, Scope } from './expressions.ts';
import { evaluateText, evaluateTexts, toText } from './expressions.ts';
import type { JobLog } from './job-log.ts';
import { createJobLog } from './job-log.ts';
import type { RunnerOptions } from './options.ts';
import type { JobProcesses } from './processes.ts';
import { createJobProcesses } from './processes.ts';
import type { Json } from './template.ts';
import type { JobModel, WorkflowModel } from './workflow-model.ts';

/** Everything a job is given before its first step. */
export interface JobRequest {
  repo: LocalRepo;
  run: LocalRun;
  job: LocalJob;
  model: JobModel;
  workflow: WorkflowModel;
  /** The contexts github (without token), inputs, needs, vars. */
  contexts: Record<string, Json>;
  /** Repository secrets, and the environment's after its review. Without GITHUB_TOKEN. */
  secrets: Record<string, string>;
  token: string;
  runtimeToken: string;
}

export interface StepResult {
  outputs: Record<string, string>;
  /** Before `continue-on-error`. */
  outcome: StepOutcome;
  /** After it. */
  conclusion: StepOutcome;
}

type StepOutcome = 'success' | 'failure' | 'cancelled' | 'skipped';

interface JobFolders {
  root: string;
  workspace: string;
  temp: string;
  home: string;
}

export interface JobSession {
  readonly request: JobRequest;
  readonly services: ServerServices;
  readonly options: RunnerOptions;
  readonly folders: JobFolders;
  readonly log: JobLog;
  readonly processes: JobProcesses;
  readonly annotations: LocalAnnotation[];
  /** `env` of workflow and job, then what steps added through GITHUB_ENV. */
  env: Record<string, string>;
  /** Folders that steps put before PATH, newest first. */
  path: string[];
  status: JobStatus;
  /** The job's machine is gone: nothing more runs. */
  lost: boolean;
  /** Work of actions for the end of the job, run in reverse order. */
  post: (() => Promise<void>)[];
  stepCounter: number;
}

export function openJobSession(request: JobRequest, services: ServerServices, options: RunnerOptions): JobSession {
  const { run, job } = request;
  const root = join(services.dir, 'work', String(run.id), String(job.id));
  const folders = { root, workspace: join(root, 'workspace'), temp: join(root, 'temp'), home: join(root, 'home') };
  // An interrupted try of this job may have left its files.
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  for (const folder of [folders.workspace, folders.temp, folders.home]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(folders.temp, 'event.json'), JSON.stringify(run.payload ?? {}));
  const log = createJobLog({
    path: join(services.dir, 'logs', job.log),
    mask: (text) => services.mask(text),
    now: () => services.now(),
    onLine: options.onLine && ((line) => options.onLine?.({ runId: run.id, jobId: job.id, line })),
  });
  for (const secret of [request.token, request.runtimeToken, ...Object.values(request.secrets)]) log.addMask(secret);
  job.annotations = [];
  const session: JobSession = {
    request, services, options, folders, log,
    processes: createJobProcesses(options.isBackground?.(run) === true),
    annotations: job.annotations,
    env: {},
    path: [],
    status: 'success',
    lost: false,
    post: [],
    stepCounter: 0,
  };
  return session;
}

/** Evaluates the workflow's and the job's `env`. Throws an `Error` when an expression of it cannot be evaluated. */
export function loadJobEnv(session: JobSession): void {
  const { workflow, model } = session.request;
  session.env = evaluateTexts(workflow.env, sessionScope(session, {}));
  Object.assign(session.env, evaluateTexts(model.env, sessionScope(session, {})));
}

export async function closeJobSession(session: JobSession): Promise<void> {
  session.processes.killAll();
  session.log.close();
  // A file that a killed process still writes can make one removal fail; the folder is below DIR/work and harmless.
  if (session.options.keep !== true) await rm(session.folders.root, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

/** The contexts of a step: `steps`, `env` and `inputs` differ between a job and a composite action. */
export function sessionScope(session: JobSession, extra: Record<string, Json>): Scope {
  const { contexts, secrets, token } = session.request;
  const { workspace, temp } = session.folders;
  return {
    contexts: {
      ...contexts,
      github: { ...asObject(contexts['github']), token, workspace, event_path: join(temp, 'event.json'), ...asObject(extra['github']) },
      secrets: { ...secrets, GITHUB_TOKEN: token },
      env: extra['env'] ?? session.env,
      job: { status: session.status },
      runner: { os: runnerOs(), arch: runnerArch(), name: 'local', temp, tool_cache: join(temp, 'tools'), environment: 'self-hosted', debug: '' },
      strategy: { 'fail-fast': true, 'job-index': 0, 'job-total': 1, 'max-parallel': 1 },
      matrix: null,
      ...Object.fromEntries(Object.entries(extra).filter(([name]) => name !== 'github' && name !== 'env')),
    },
    status: session.status,
    workspace,
  };
}

const asObject = (value: Json | undefined): Record<string, Json> => (value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {});

/** The environment of one command: nothing of this process but PATH, LANG and what the options allow for this job. */
export function commandEnv(session: JobSession, stepEnv: Record<string, string>, extra: Record<string, string>): Record<string, string> {
  const { environment } = session.options;
  const { home, temp, workspace } = session.folders;
  const base = { CI: 'true', HOME: home, TMPDIR: temp, LANG: environment['LANG'] ?? 'C.UTF-8', ...allowedVariables(session) };
  const path = [...session.path, dirname(process.execPath), environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter);
  const runner = { RUNNER_OS: runnerOs(), RUNNER_ARCH: runnerArch(), RUNNER_NAME: 'local', RUNNER_TEMP: temp, RUNNER_TOOL_CACHE: join(temp, 'tools'), RUNNER_ENVIRONMENT: 'self-hosted', RUNNER_WORKSPACE: dirname(workspace) };
  // PATH may be set by `env`, the GITHUB_* and RUNNER_* variables may not.
  return { ...base, PATH: path, ...session.env, ...stepEnv, ...githubVariables(session), ...runner, ...extra };
}

function allowedVariables({ options, request }: JobSession): Record<string, string> {
  const rules = (options.passEnvironment ?? []).filter((rule) => rule.workflowFile === request.workflow.file && rule.jobKey === request.job.key);
  const pairs = rules.flatMap((rule) => rule.names).flatMap((name): [string, string][] => {
    const value = options.environment[name];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(pairs);
}

const VARIABLE_FIELDS = [
  'action', 'actor', 'actor_id', 'api_url', 'base_ref', 'event_name', 'graphql_url', 'head_ref', 'job', 'ref', 'ref_name', 'ref_protected', 'ref_type', 'repository', 'repository_id',
  'repository_owner', 'repository_owner_id', 'retention_days', 'run_attempt', 'run_id', 'run_number', 'server_url', 'sha', 'triggering_actor', 'workflow', 'workflow_ref', 'workflow_sha',
];

function githubVariables({ request, folders }: JobSession): Record<string, string> {
  const github = asObject(request.contexts['github']);
  const variables = VARIABLE_FIELDS.map((field): [string, string] => [`GITHUB_${field.toUpperCase()}`, toText(github[field])]);
  return { ...Object.fromEntries(variables), GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folders.workspace, GITHUB_EVENT_PATH: join(folders.temp, 'event.json') };
}

const runnerOs = (): string => (process.platform === 'darwin' ? 'macOS' : 'Linux');
const runnerArch = (): string => (arch() === 'arm64' ? 'ARM64' : 'X64');

/** Text of a template in the job's own scope, or the fallback when there is none. */
export const jobText = (session: JobSession, template: JobModel['name'], fallback: string): string =>
  template === null ? fallback : evaluateText(template, sessionScope(session, {}));

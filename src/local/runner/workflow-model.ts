// A workflow file as the runner needs it: validated by GitHub's parser, then read into plain data whose strings may still be expressions.
import { parse } from 'yaml';
import { z } from 'zod';
import { inputError } from '../../domain/errors.ts';
import type { Permissions } from '../contract.ts';
import { withStatusFunction } from './expressions.ts';
import { readPermissions } from './permissions.ts';
import type { Template } from './template.ts';
import { toTemplate } from './template.ts';
import { workflowFileErrors } from './workflow-parser.ts';
import { errorMessage } from './error-message.ts';

export interface StepModel {
  /** Empty when the file gives none. */
  id: string;
  name: Template | null;
  condition: string;
  uses: string | null;
  run: Template | null;
  with: Template | null;
  env: Template | null;
  shell: Template | null;
  workingDirectory: Template | null;
  continueOnError: Template | null;
  timeoutMinutes: Template | null;
}

export interface JobModel {
  key: string;
  name: Template | null;
  needs: string[];
  condition: string;
  permissions: Permissions | null;
  environment: Template | null;
  concurrency: Template | null;
  env: Template | null;
  outputs: Template | null;
  shell: Template | null;
  workingDirectory: Template | null;
  timeoutMinutes: Template | null;
  continueOnError: Template | null;
  steps: StepModel[];
  /** What this job asks for that the local runner does not have. A job with any of these fails and says so. */
  unsupported: string[];
}

export interface DispatchInput {
  type: 'string' | 'boolean' | 'number' | 'choice' | 'environment';
  required: boolean;
  default: string | null;
  options: string[];
}

export interface Trigger {
  types: string[] | null;
  branches: string[] | null;
  branchesIgnore: string[] | null;
  paths: string[] | null;
  pathsIgnore: string[] | null;
  /** Names of the workflows that a `workflow_run` trigger follows. */
  workflows: string[] | null;
  inputs: Record<string, DispatchInput>;
}

export interface WorkflowModel {
  /** File name below `.github/workflows/`. */
  file: string;
  name: string;
  runName: Template | null;
  on: Record<string, Trigger>;
  permissions: Permissions | null;
  env: Template | null;
  concurrency: Template | null;
  jobs: JobModel[];
  /** Why no job of this file can run; empty for a valid file. */
  errors: string[];
}

const words = z.union([z.string().transform((word) => [word]), z.array(z.coerce.string())]);
const triggerSchema = z.looseObject({
  types: words.optional(),
  branches: words.optional(),
  'branches-ignore': words.optional(),
  paths: words.optional(),
  'paths-ignore': words.optional(),
  workflows: words.optional(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
});
const inputSchema = z
  .looseObject({
    type: z.enum(['string', 'boolean', 'number', 'choice', 'environment']).default('string'),
    required: z.boolean().default(false),
    default: z.union([z.string(), z.number(), z.boolean()]).nullish(),
    options: z.array(z.coerce.string()).default([]),
  })
  .nullish();
const defaultsSchema = z.looseObject({ run: z.looseObject({ shell: z.unknown().optional(), 'working-directory': z.unknown().optional() }).nullish() }).nullish();
const stepSchema = z.looseObject({ id: z.string().optional(), if: z.unknown().optional(), uses: z.string().optional() });
const jobSchema = z.looseObject({
  needs: words.optional(),
  if: z.unknown().optional(),
  defaults: defaultsSchema,
  steps: z.array(stepSchema).default([]),
});
const fileSchema = z.looseObject({
  name: z.coerce.string().optional(),
  on: z.unknown().optional(),
  defaults: defaultsSchema,
  jobs: z.record(z.string(), jobSchema).default({}),
});

/** Reads one workflow file. A file that GitHub would refuse comes back with `errors` and, as far as it can be read, its `on`. */
export async function readWorkflow(text: string, file: string): Promise<WorkflowModel> {
  const path = `.github/workflows/${file}`;
  const errors = await workflowFileErrors(text, path);
  const invalid = (messages: string[], on: Record<string, Trigger> = {}): WorkflowModel => ({ ...emptyModel(file, path), on, errors: messages });
  const raw = parsedYaml(text);
  if (raw === null) return invalid(errors.length > 0 ? errors : [`${path} is not valid YAML`]);
  const parsed = fileSchema.safeParse(raw);
  if (!parsed.success) return invalid([...errors, ...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)]);
  try {
    const on = readTriggers(parsed.data.on);
    return errors.length > 0 ? invalid(errors, on) : { ...emptyModel(file, path), ...modelOf(parsed.data, path), on };
  } catch (error) {
    return invalid([errorMessage(error)]);
  }
}

/** The parts of a workflow file that the product's own rules are about. */
export interface WorkflowOutline {
  name: string;
  on: Record<string, Trigger>;
  permissions: Permissions | null;
  jobs: { key: string; permissions: Permissions | null; environment: string | null; needs: string[]; steps: { uses: string | null; run: string | null }[] }[];
}

/**
 * The outline of a workflow file, with expressions as they stand in the text.
 * Throws an input error (`workflow-file-invalid`) with all of the parser's messages.
 */
export async function parseWorkflowFile(text: string, path: string): Promise<WorkflowOutline> {
  const model = await readWorkflow(text, path.split('/').at(-1) ?? path);
  if (model.errors.length > 0) throw inputError('workflow-file-invalid', `${path}: ${model.errors.join('; ')}`);
  const raw = fileSchema.parse(parse(text));
  const jobs = model.jobs.map((job) => ({
    key: job.key,
    permissions: job.permissions,
    environment: environmentName(raw.jobs[job.key]?.['environment']),
    needs: job.needs,
    steps: (raw.jobs[job.key]?.steps ?? []).map((step) => ({ uses: step.uses ?? null, run: typeof step['run'] === 'string' ? step['run'] : null })),
  }));
  return { name: model.name, on: model.on, permissions: model.permissions, jobs };
}

function environmentName(raw: unknown): string | null {
  if (typeof raw === 'string') return raw;
  const named = z.looseObject({ name: z.string() }).safeParse(raw);
  return named.success ? named.data.name : null;
}

function emptyModel(file: string, path: string): WorkflowModel {
  return { file, name: path, runName: null, on: {}, permissions: null, env: null, concurrency: null, jobs: [], errors: [] };
}

/** Null when the text is not YAML, or is not a mapping. Aliases are capped by the library. */
function parsedYaml(text: string): object | null {
  try {
    const raw: unknown = parse(text);
    return typeof raw === 'object' ? raw : null;
  } catch {
    return null;
  }
}

function modelOf(raw: z.infer<typeof fileSchema>, path: string) {
  return {
    name: raw.name ?? path,
    runName: template(raw['run-name']),
    permissions: readPermissions(raw['permissions']),
    env: template(raw['env']),
    concurrency: template(raw['concurrency']),
    jobs: Object.entries(raw.jobs).map(([key, job]) => readJob(key, job, raw.defaults?.run ?? null)),
  };
}

const template = (raw: unknown): Template | null => (raw === undefined ? null : toTemplate(raw));
const condition = (raw: unknown): string => {
  if (raw === undefined) return 'success()';
  const read = toTemplate(raw);
  // A condition of text and expressions is text, and GitHub counts any text as true.
  if (read.kind === 'text') return 'success()';
  // A bare `if: github.ref == 'x'` is an expression although it carries no braces.
  return withStatusFunction(read.kind === 'expression' ? read.text : String(read.kind === 'literal' ? read.value : ''));
};

interface RunDefaults {
  shell?: unknown;
  'working-directory'?: unknown;
}

function readJob(key: string, raw: z.infer<typeof jobSchema>, inherited: RunDefaults | null): JobModel {
  const defaults = raw.defaults?.run;
  return {
    key,
    name: template(raw['name']),
    needs: raw.needs ?? [],
    condition: condition(raw.if),
    permissions: readPermissions(raw['permissions']),
    environment: template(raw['environment']),
    concurrency: template(raw['concurrency']),
    env: template(raw['env']),
    outputs: template(raw['outputs']),
    shell: template(defaults?.shell ?? inherited?.shell),
    workingDirectory: template(defaults?.['working-directory'] ?? inherited?.['working-directory']),
    timeoutMinutes: template(raw['timeout-minutes']),
    continueOnError: template(raw['continue-on-error']),
    steps: raw.steps.map(readStep),
    unsupported: ['strategy', 'uses', 'container', 'services'].filter((feature) => raw[feature] !== undefined),
  };
}

/** Reads one step of a job, or of a composite action. */
export function readStep(raw: Record<string, unknown>): StepModel {
  return {
    id: typeof raw['id'] === 'string' ? raw['id'] : '',
    name: template(raw['name']),
    condition: condition(raw['if']),
    uses: typeof raw['uses'] === 'string' ? raw['uses'] : null,
    run: template(raw['run']),
    with: template(raw['with']),
    env: template(raw['env']),
    shell: template(raw['shell']),
    workingDirectory: template(raw['working-directory']),
    continueOnError: template(raw['continue-on-error']),
    timeoutMinutes: template(raw['timeout-minutes']),
  };
}

function readTriggers(raw: unknown): Record<string, Trigger> {
  if (typeof raw === 'string') return { [raw]: readTrigger({}) };
  if (Array.isArray(raw)) return Object.fromEntries(raw.map((name) => [String(name), readTrigger({})]));
  if (raw === null || typeof raw !== 'object') return {};
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, readTrigger(value)]));
}

function readTrigger(raw: unknown): Trigger {
  // `schedule` holds a list, which says nothing about when an event fits.
  const read = triggerSchema.parse(raw === null || Array.isArray(raw) ? {} : raw);
  return {
    types: read.types ?? null,
    branches: read.branches ?? null,
    branchesIgnore: read['branches-ignore'] ?? null,
    paths: read.paths ?? null,
    pathsIgnore: read['paths-ignore'] ?? null,
    workflows: read.workflows ?? null,
    inputs: Object.fromEntries(Object.entries(read.inputs ?? {}).map(([name, value]) => [name, readInput(value)])),
  };
}

function readInput(raw: unknown): DispatchInput {
  const read = inputSchema.parse(raw);
  const initial = read?.default;
  return {
    type: read?.type ?? 'string',
    required: read?.required ?? false,
    default: initial === undefined || initial === null ? null : String(initial),
    options: read?.options ?? [],
  };
}

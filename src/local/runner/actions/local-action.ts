// An action that lies in the checked-out workspace: JavaScript, run by this process' own Node binary, or composite.
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { evaluateText } from '../expressions.ts';
import type { JobStatus } from '../expressions.ts';
import type { JobSession } from '../job-session.ts';
import { commandEnv } from '../job-session.ts';
import type { StepFrame, StepWork } from '../step-frame.ts';
import { insideWorkspace } from '../step-frame.ts';
import { toTemplate } from '../template.ts';
import { readStep } from '../workflow-model.ts';
import type { ActionUse } from './stand-in.ts';
import { input } from './stand-in.ts';

const inputSchema = z.looseObject({ default: z.union([z.string(), z.number(), z.boolean()]).nullish() }).nullish();
const actionSchema = z.looseObject({
  inputs: z.record(z.string(), inputSchema).nullish(),
  outputs: z.record(z.string(), z.looseObject({ value: z.string().optional() }).nullish()).nullish(),
  runs: z.looseObject({ using: z.string(), main: z.string().optional(), pre: z.string().optional(), post: z.string().optional(), steps: z.array(z.record(z.string(), z.unknown())).optional() }),
});
type ActionFile = z.infer<typeof actionSchema>;

/** Composite actions may use composite actions; GitHub's own limit is ten. */
const DEPTH_MAX = 10;

export async function runLocalAction(session: JobSession, use: ActionUse): Promise<StepWork> {
  const directory = insideWorkspace(session, use.uses);
  const action = readActionFile(directory, use.uses);
  const inputs = actionInputs(action, use);
  if (action.runs.using === 'composite') return runComposite(session, action, { directory, inputs, use });
  if (/^node\d+$/.test(action.runs.using)) return runJavaScript(session, action, { directory, inputs, use });
  throw new Error(`The local runner cannot run the action ${use.uses}: it is of type '${action.runs.using}'. It knows node24 and composite.`);
}

interface LocalUse {
  directory: string;
  inputs: Record<string, string>;
  use: ActionUse;
}

function readActionFile(directory: string, uses: string): ActionFile {
  const path = [join(directory, 'action.yml'), join(directory, 'action.yaml')].find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`Can't find 'action.yml' or 'action.yaml' under '${uses}'. Did you forget to run actions/checkout before running your local action?`);
  const read = actionSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!read.success) throw new Error(`${uses}/action.yml: ${read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`);
  return read.data;
}

/** The step's `with`, completed by the defaults of the action's declared inputs. */
function actionInputs(action: ActionFile, use: ActionUse): Record<string, string> {
  const declared = Object.entries(action.inputs ?? {}).map(([name, declaration]): [string, string] => {
    const fallback = declaration?.default;
    return [name.toLowerCase(), fallback === undefined || fallback === null ? '' : evaluateText(toTemplate(fallback), use.scope)];
  });
  const given = Object.keys(use.with).map((name): [string, string] => [name.toLowerCase(), input(use, name.toLowerCase())]);
  const named = given.filter(([name, value]) => value !== '' || !declared.some(([other]) => other === name));
  return { ...Object.fromEntries(declared), ...Object.fromEntries(named) };
}

/** Inputs as INPUT_* variables; the runtime URL and token are for actions only, as on GitHub. */
async function runJavaScript(session: JobSession, { runs }: ActionFile, { directory, inputs, use }: LocalUse): Promise<StepWork> {
  if (runs.main === undefined || runs.pre !== undefined || runs.post !== undefined) throw new Error(`The local runner runs JavaScript actions with 'main' only; ${use.uses} differs.`);
  const inputVariables = Object.entries(inputs).map(([name, value]): [string, string] => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]);
  const runtime = { ACTIONS_RUNTIME_TOKEN: session.request.runtimeToken, ACTIONS_RESULTS_URL: session.services.url.results, GITHUB_ACTION_PATH: directory, ...(session.options.isBackground?.(session.request.run) === true ? {} : compileCache(session)) };
  const env = commandEnv(session, use.stepEnv, { ...use.variables, ...runtime, ...Object.fromEntries(inputVariables) });
  const result = await session.processes.run(process.execPath, [join(directory, runs.main)], { cwd: session.folders.workspace, env, onLine: use.onLine });
  if (result.problem !== null) session.log.line(`##[error]${result.problem}`);
  return { ok: result.code === 0 };
}

/**
 * Node keeps what it has compiled of an action's code for the jobs after it, as on a runner that stays. It finds it again by where the
 * code lies as seen from the cache, so each job has a link to it at the same place.
 */
function compileCache({ services, folders }: JobSession): Record<string, string> {
  const shared = join(services.dir, 'cache', 'compiled');
  const link = join(folders.root, 'compiled');
  if (!existsSync(link)) {
    mkdirSync(shared, { recursive: true });
    symlinkSync(shared, link);
  }
  return { NODE_COMPILE_CACHE: link, NODE_COMPILE_CACHE_PORTABLE: '1' };
}

async function runComposite(session: JobSession, action: ActionFile, { directory, inputs, use }: LocalUse): Promise<StepWork> {
  const frame: StepFrame = { steps: {}, inputs, actionPath: directory, shell: null, workingDirectory: null };
  const before = session.status;
  const depth = depthOf(session) + 1;
  if (depth > DEPTH_MAX) throw new Error(`Composite actions are nested more than ${DEPTH_MAX} deep at ${use.uses}.`);
  depths.set(session, depth);
  // Within the action, success() and failure() are about its own steps.
  session.status = before === 'cancelled' ? before : 'success';
  await use.runNested((action.runs.steps ?? []).map(readStep), frame);
  depths.set(session, depth - 1);
  const after = statusOf(session);
  if (after === 'failure') session.status = before;
  const scope = { ...use.scope, contexts: { ...use.scope.contexts, inputs, steps: stepsOf(frame) } };
  const outputs = Object.entries(action.outputs ?? {}).map(([name, output]): [string, string] => [name, evaluateText(toTemplate(output?.value ?? ''), scope)]);
  return { ok: !session.lost && after === 'success', outputs: Object.fromEntries(outputs) };
}

const statusOf = (session: JobSession): JobStatus => session.status;

const depths = new WeakMap<JobSession, number>();
const depthOf = (session: JobSession): number => depths.get(session) ?? 0;
const stepsOf = (frame: StepFrame) => Object.fromEntries(Object.entries(frame.steps).map(([id, step]) => [id, { ...step }]));

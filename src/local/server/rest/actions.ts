// Runs, their reviews, and dispatches.
import { z } from 'zod';
import type { LocalEnvironment, LocalJob, LocalRepo, LocalRun } from '../../contract.ts';
import { CountersignError } from '../../../domain/errors.ts';
import { causeOf } from '../events.ts';
import { pageOf } from '../paging.ts';
import { Refusal, invalid, noContent, notFound, ok } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { Handlers } from '../routes.ts';
import { inaccessible } from '../permissions.ts';
import { fullRepo } from '../view/repos.ts';
import { deploymentView, environmentView, jobView, pendingView, reviewView, runHtmlUrl, runUrl, runView, workflowIdOf } from '../view/runs.ts';
import { nodeId, userByLogin } from '../view/users.ts';
import { param, repoOf } from '../world.ts';
import type { Call, World } from '../world.ts';

const inputValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const dispatchBody = z.object({ ref: z.string(), inputs: z.record(z.string(), inputValue).default({}), return_run_details: z.boolean().default(false) });
const reviewBody = z.object({ environment_ids: z.array(z.int()).min(1), state: z.enum(['approved', 'rejected']), comment: z.string() });
const eventBody = z.object({ event_type: z.string(), client_payload: z.record(z.string(), z.unknown()).default({}) });

function runOf(call: Call): LocalRun {
  const repo = repoOf(call).name;
  const found = call.world.state.runs.find((run) => run.id === Number(param(call, 'run_id')) && run.repo === repo);
  if (found === undefined) throw notFound();
  return found;
}

export const waitingJobs = (run: LocalRun, environment: string): LocalJob[] => run.jobs.filter((job) => job.status === 'waiting' && job.environment === environment);

/** The environments of a run that have jobs waiting for a review now. */
export const pendingEnvironments = (repo: LocalRepo, run: LocalRun): LocalEnvironment[] =>
  repo.environments.filter((environment) => environment.reviewers.length > 0 && waitingJobs(run, environment.name).length > 0);

function runner(world: World): NonNullable<World['services']['runs']> {
  const { runs } = world.services;
  if (runs === null) throw new Refusal(503, 'The workflow runner is not up yet.');
  return runs;
}

/** What the runner refuses with a sentence, GitHub refuses with 422. */
async function orInvalid<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CountersignError && error.kind !== 'broken') throw invalid(error.message);
    throw error;
  }
}

async function dispatch(call: Call): Promise<Reply> {
  const input = dispatchBody.parse(call.body);
  const repo = repoOf(call);
  const id = param(call, 'workflow_id');
  const known = call.world.state.runs.find((run) => String(workflowIdOf(run.workflowFile)) === id);
  const request = { repo: repo.name, workflowFile: known?.workflowFile ?? id, ref: input.ref, inputs: input.inputs, actor: call.token?.login ?? 'ghost' };
  const run = await orInvalid(runner(call.world).dispatch(request));
  return input.return_run_details ? ok({ workflow_run_id: run.id, run_url: runUrl(call.world, run), html_url: runHtmlUrl(call.world, run) }) : noContent();
}

function dispatchEvent(call: Call): Reply {
  const repo = repoOf(call);
  const input = eventBody.parse(call.body);
  const cause = causeOf(call.token);
  const payload = { action: input.event_type, branch: repo.defaultBranch, client_payload: input.client_payload, repository: fullRepo(call.world, repo), sender: userByLogin(call.world, cause.login) };
  call.world.emit({ repo: repo.name, name: 'repository_dispatch', action: input.event_type, payload, ref: null, sha: null, actor: cause.login, byJobToken: cause.byJobToken });
  return noContent();
}

export interface ReviewRequest {
  readonly run: LocalRun;
  readonly environments: readonly LocalEnvironment[];
  readonly state: 'approved' | 'rejected';
  readonly comment: string;
  readonly login: string;
}

/** Records a person's review. Shared by the API and the review page, so that both refuse the same. */
export async function reviewRun(world: World, request: ReviewRequest): Promise<LocalJob[]> {
  const { run, environments, login } = request;
  const jobs: LocalJob[] = [];
  if (environments.length === 0) throw invalid('No pending deployment requests to approve or reject');
  for (const environment of environments) {
    const waiting = waitingJobs(run, environment.name);
    if (waiting.length === 0) throw invalid('No pending deployment requests to approve or reject');
    if (!environment.reviewers.includes(login)) throw invalid(`${login} is not a required reviewer of the environment ${environment.name}`);
    if (environment.preventSelfReview && run.actor === login) throw invalid('You cannot approve or reject your own deployment');
    jobs.push(...waiting);
  }
  for (const environment of environments) await orInvalid(runner(world).review({ runId: run.id, environment: environment.name, state: request.state, comment: request.comment, user: login }));
  return jobs;
}

async function review(call: Call): Promise<Reply> {
  const { token, world } = call;
  // Only people review: the docs let neither GITHUB_TOKEN nor an App be a required reviewer.
  if (token === null || token.kind !== 'personal') throw token === null ? new Refusal(401, 'Requires authentication') : inaccessible(token);
  const input = reviewBody.parse(call.body);
  const run = runOf(call);
  const environments = input.environment_ids.map((id) => {
    const found = repoOf(call).environments.find((environment) => environment.id === id);
    if (found === undefined) throw invalid(`The run has no environment with the id ${id}`);
    return found;
  });
  const jobs = await reviewRun(world, { run, environments, state: input.state, comment: input.comment, login: token.login });
  return ok(jobs.map((job) => deploymentView(world, run, job)));
}

function listRuns(call: Call, only: (run: LocalRun) => boolean = () => true): Reply {
  const filters: [string, (run: LocalRun) => string | null][] = [
    ['event', (run) => run.event], ['branch', (run) => run.headBranch], ['actor', (run) => run.actor], ['head_sha', (run) => run.headSha],
  ];
  const status = call.query.get('status');
  const runs = call.world.state.runs.filter((run) => run.repo === repoOf(call).name && only(run) && (status === null || run.status === status || run.conclusion === status) && filters.every(([name, pick]) => call.query.get(name) === null || call.query.get(name) === pick(run)));
  return pageOf(call, runs.toReversed(), (page) => ({ total_count: runs.length, workflow_runs: page.map((run) => runView(call.world, run)) }));
}

function environmentOf(call: Call): LocalEnvironment {
  const found = repoOf(call).environments.find((environment) => environment.name === param(call, 'environment_name'));
  if (found === undefined) throw notFound();
  return found;
}

const SECRET_AT = '2026-01-01T00:00:00Z';
/** Names only: no API ever gives a secret's value. */
const secretNames = (call: Call, secrets: Readonly<Record<string, string>>): Reply =>
  pageOf(call, Object.keys(secrets), (page) => ({ total_count: Object.keys(secrets).length, secrets: page.map((name) => ({ name, created_at: SECRET_AT, updated_at: SECRET_AT })) }));

export const actionsHandlers: Handlers = {
  'actions/create-workflow-dispatch': dispatch,
  'repos/create-dispatch-event': dispatchEvent,
  'actions/get-workflow-run': (call) => ok(runView(call.world, runOf(call))),
  'actions/list-workflow-runs-for-repo': (call) => listRuns(call),
  'actions/list-workflow-runs': (call) => listRuns(call, (run) => run.workflowFile === param(call, 'workflow_id') || String(workflowIdOf(run.workflowFile)) === param(call, 'workflow_id')),
  'actions/list-jobs-for-workflow-run': (call) => {
    const run = runOf(call);
    return pageOf(call, run.jobs, (page) => ({ total_count: run.jobs.length, jobs: page.map((job) => jobView(call.world, run, job)) }));
  },
  'actions/get-reviews-for-run': (call) => ok(runOf(call).reviews.map((one) => reviewView(call.world, repoOf(call), one))),
  'actions/get-pending-deployments-for-run': (call) => {
    const run = runOf(call);
    const login = call.token?.kind === 'personal' ? call.token.login : null;
    return ok(pendingEnvironments(repoOf(call), run).map((environment) => pendingView(call.world, repoOf(call), { environment, login, actor: run.actor })));
  },
  'actions/review-pending-deployments-for-run': review,
  'actions/re-run-workflow': async (call) => {
    const run = runOf(call);
    if (run.status !== 'completed') throw new Refusal(409, 'This workflow run is still in progress and cannot be re-run.');
    await orInvalid(runner(call.world).rerun(run.id));
    return ok({}, 201);
  },
  'actions/list-repo-secrets': (call) => secretNames(call, repoOf(call).secrets),
  'actions/list-environment-secrets': (call) => secretNames(call, environmentOf(call).secrets),
  'repos/get-environment': (call) => ok(environmentView(call.world, repoOf(call), environmentOf(call))),
  'repos/get-all-environments': (call) => {
    const { environments } = repoOf(call);
    return pageOf(call, environments, (page) => ({ total_count: environments.length, environments: page.map((environment) => environmentView(call.world, repoOf(call), environment)) }));
  },
  'repos/list-deployment-branch-policies': (call) => {
    const environment = environmentOf(call);
    const policies = environment.reviewers.length === 0 ? [] : [{ id: environment.id + 3, node_id: nodeId('GA', environment.id + 3), name: repoOf(call).defaultBranch, type: 'branch' }];
    return ok({ total_count: policies.length, branch_policies: policies });
  },
};

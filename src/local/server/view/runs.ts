import type { LocalEnvironment, LocalJob, LocalRepo, LocalReview, LocalRun } from '../../contract.ts';
import { UNDOCUMENTED_FIELDS } from '../../overlay.ts';
import type { World } from '../world.ts';
import { findRepo, userOf } from '../world.ts';
import { apiUrl, htmlUrl, minimalRepo } from './repos.ts';
import { nodeId, numberOf, simpleUser, userByLogin } from './users.ts';

/** GitHub's number for a workflow file: any stable one will do. */
export const workflowIdOf = (file: string): number => numberOf(file);
export const runHtmlUrl = (world: World, run: LocalRun): string => `${htmlUrl(world, { name: run.repo })}/actions/runs/${run.id}`;
export const runUrl = (world: World, run: LocalRun): string => `${apiUrl(world, { name: run.repo })}/actions/runs/${run.id}`;

export function runView(world: World, run: LocalRun): Record<string, unknown> {
  const repo = findRepo(world.state, run.repo);
  const url = runUrl(world, run);
  const person = { name: run.actor, email: `${run.actor}@users.noreply.github.localhost` };
  const owner = repo === null ? {} : minimalRepo(world, repo);
  return {
    id: run.id, name: run.workflowName, node_id: nodeId('WFR', run.id), check_suite_id: run.id, check_suite_node_id: nodeId('CS', run.id), head_branch: run.headBranch, head_sha: run.headSha,
    path: `.github/workflows/${run.workflowFile}`, display_title: run.displayTitle, run_number: run.id, event: run.event, status: run.status, conclusion: run.conclusion, workflow_id: workflowIdOf(run.workflowFile),
    url, html_url: runHtmlUrl(world, run), pull_requests: [], created_at: run.createdAt, updated_at: run.updatedAt, actor: userByLogin(world, run.actor), triggering_actor: userByLogin(world, run.actor),
    run_attempt: run.attempt, referenced_workflows: [], run_started_at: run.createdAt, jobs_url: `${url}/jobs`, logs_url: `${url}/logs`,
    check_suite_url: `${apiUrl(world, { name: run.repo })}/check-suites/${run.id}`, artifacts_url: `${url}/artifacts`, cancel_url: `${url}/cancel`, rerun_url: `${url}/rerun`, previous_attempt_url: null,
    workflow_url: `${apiUrl(world, { name: run.repo })}/actions/workflows/${workflowIdOf(run.workflowFile)}`, repository: owner, head_repository: owner,
    head_commit: { id: run.headSha, tree_id: run.headSha, message: '', timestamp: run.createdAt, author: person, committer: person },
  };
}

export function jobView(world: World, run: LocalRun, job: LocalJob): Record<string, unknown> {
  const api = apiUrl(world, { name: run.repo });
  return {
    id: job.id, run_id: run.id, run_url: runUrl(world, run), run_attempt: run.attempt, node_id: nodeId('CR', job.id), head_sha: run.headSha, url: `${api}/actions/jobs/${job.id}`,
    html_url: `${runHtmlUrl(world, run)}/job/${job.id}`, status: job.status, conclusion: job.conclusion, created_at: run.createdAt, started_at: job.startedAt ?? run.createdAt, completed_at: job.completedAt,
    name: job.name, steps: job.steps.map((step) => ({ name: step.name, status: step.status, conclusion: step.conclusion, number: step.number })), check_run_url: `${api}/check-runs/${job.id}`,
    labels: ['ubuntu-latest'], runner_id: 1, runner_name: 'local', runner_group_id: 1, runner_group_name: 'local', workflow_name: run.workflowName, head_branch: run.headBranch,
  };
}

const environmentRef = (world: World, repo: LocalRepo, environment: LocalEnvironment): Record<string, unknown> => ({
  id: environment.id, node_id: nodeId('EN', environment.id), name: environment.name, url: `${apiUrl(world, repo)}/environments/${encodeURIComponent(environment.name)}`,
  html_url: `${htmlUrl(world, repo)}/deployments/activity_log?environments_filter=${encodeURIComponent(environment.name)}`,
});
const CREATED = '2026-01-01T00:00:00Z';
const reviewers = (world: World, environment: LocalEnvironment): Record<string, unknown>[] => environment.reviewers.map((login) => ({ type: 'User', reviewer: userByLogin(world, login) }));

export function environmentView(world: World, repo: LocalRepo, environment: LocalEnvironment): Record<string, unknown> {
  const rule = { id: environment.id + 1, node_id: nodeId('GA', environment.id + 1), type: 'required_reviewers', prevent_self_review: environment.preventSelfReview, reviewers: reviewers(world, environment) };
  const branch = { id: environment.id + 2, node_id: nodeId('GA', environment.id + 2), type: 'branch_policy' };
  return {
    ...environmentRef(world, repo, environment), created_at: CREATED, updated_at: CREATED, [UNDOCUMENTED_FIELDS[0].field]: environment.canAdminsBypass,
    protection_rules: environment.reviewers.length === 0 ? [] : [rule, branch],
    deployment_branch_policy: environment.reviewers.length === 0 ? null : { protected_branches: false, custom_branch_policies: true },
  };
}

export function pendingView(world: World, repo: LocalRepo, waiting: { environment: LocalEnvironment; login: string | null; actor: string }): Record<string, unknown> {
  const { environment, login, actor } = waiting;
  return {
    environment: environmentRef(world, repo, environment), wait_timer: 0, wait_timer_started_at: null, reviewers: reviewers(world, environment),
    current_user_can_approve: login !== null && environment.reviewers.includes(login) && !(environment.preventSelfReview && login === actor),
  };
}

export function reviewView(world: World, repo: LocalRepo, review: LocalReview): Record<string, unknown> {
  const environment = repo.environments.find((candidate) => candidate.name === review.environment);
  const at = { created_at: CREATED, updated_at: CREATED };
  return { state: review.state, comment: review.comment, user: simpleUser(world, userOf(world.state, review.user)), environments: environment === undefined ? [] : [{ ...environmentRef(world, repo, environment), ...at }] };
}

export function deploymentView(world: World, run: LocalRun, job: LocalJob): Record<string, unknown> {
  const api = apiUrl(world, { name: run.repo });
  const url = `${api}/deployments/${job.id}`;
  return {
    url, id: job.id, node_id: nodeId('DE', job.id), sha: run.headSha, ref: run.headBranch, task: 'deploy', payload: {}, original_environment: job.environment ?? '', environment: job.environment ?? '',
    description: null, creator: userByLogin(world, run.actor), created_at: run.createdAt, updated_at: run.updatedAt, statuses_url: `${url}/statuses`, repository_url: api,
  };
}

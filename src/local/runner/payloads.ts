// Event payloads that the runner makes itself, and the `github` context of a job.
import type { LocalJob, LocalRepo, LocalRun, LocalState, RepoEvent, ServerServices } from '../contract.ts';
import { toText } from './expressions.ts';
import type { Json } from './template.ts';

type Fields = Record<string, Json>;

export const workflowPath = (file: string): string => `.github/workflows/${file}`;
const runUrl = (services: ServerServices, run: LocalRun): string => `${services.url.server}/${run.repo}/actions/runs/${run.id}`;
export const jobUrl = (services: ServerServices, run: LocalRun, job: LocalJob): string => `${runUrl(services, run)}/job/${job.id}`;

function userFields(state: LocalState, login: string): Fields {
  const user = state.users.find((candidate) => candidate.login === login);
  return { login, id: user?.id ?? 0, type: user?.type ?? 'User' };
}

export function repositoryFields(services: ServerServices, repo: LocalRepo): Fields {
  const [owner = ''] = repo.name.split('/');
  const name = repo.name.slice(owner.length + 1);
  return {
    id: repo.id,
    name,
    full_name: repo.name,
    private: repo.private,
    default_branch: repo.defaultBranch,
    owner: userFields(services.state, owner),
    html_url: `${services.url.server}/${repo.name}`,
    url: `${services.url.api}/repos/${repo.name}`,
  };
}

/** Every payload names its repository and who caused it, as GitHub's do. */
export function completePayload(services: ServerServices, repo: LocalRepo, event: { payload: unknown; actor: string }): Fields {
  const given = jsonObject(event.payload);
  return { repository: repositoryFields(services, repo), sender: userFields(services.state, event.actor), ...given };
}

/** The event that tells other workflows about a run. */
export function workflowRunEvent(services: ServerServices, repo: LocalRepo, run: LocalRun, action: 'requested' | 'completed'): RepoEvent {
  const actor = userFields(services.state, run.actor);
  const workflowRun: Fields = {
    id: run.id,
    name: run.workflowName,
    display_title: run.displayTitle,
    path: workflowPath(run.workflowFile),
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    run_attempt: run.attempt,
    run_number: runNumber(services.state, run),
    html_url: runUrl(services, run),
    url: `${services.url.api}/repos/${run.repo}/actions/runs/${run.id}`,
    jobs_url: `${services.url.api}/repos/${run.repo}/actions/runs/${run.id}/jobs`,
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    actor,
    triggering_actor: actor,
    repository: repositoryFields(services, repo),
    head_repository: repositoryFields(services, repo),
  };
  const workflow: Fields = { name: run.workflowName, path: workflowPath(run.workflowFile) };
  const payload = { action, workflow_run: workflowRun, workflow, ...completePayload(services, repo, { payload: {}, actor: run.actor }) };
  return { repo: run.repo, name: 'workflow_run', action, payload, ref: null, sha: null, actor: run.actor, byJobToken: false };
}

/** The `github` context without the job's token and folders, which only exist once the job runs. */
export function githubContext(services: ServerServices, repo: LocalRepo, run: LocalRun): Fields {
  const payload = jsonObject(run.payload);
  const pull = jsonObject(payload['pull_request']);
  const isPull = run.event === 'pull_request';
  const ref = isPull ? `refs/pull/${toNumber(payload['number'])}/merge` : `refs/heads/${run.headBranch}`;
  const base = isPull ? toText(jsonObject(pull['base'])['ref']) : '';
  const actor = userFields(services.state, run.actor);
  const repository = repositoryFields(services, repo);
  return {
    event: payload,
    event_name: run.event,
    workflow: run.workflowName,
    workflow_ref: `${run.repo}/${workflowPath(run.workflowFile)}@${ref}`,
    workflow_sha: run.headSha,
    run_id: String(run.id),
    run_number: String(runNumber(services.state, run)),
    run_attempt: String(run.attempt),
    actor: run.actor,
    actor_id: toText(actor['id']),
    triggering_actor: run.actor,
    repository: run.repo,
    repository_id: String(repo.id),
    repository_owner: run.repo.split('/')[0] ?? '',
    repository_owner_id: toText(jsonObject(repository['owner'])['id']),
    repositoryUrl: `git://${run.repo}.git`,
    ref,
    ref_name: isPull ? `${toNumber(payload['number'])}/merge` : run.headBranch,
    ref_type: 'branch',
    ref_protected: 'false',
    head_ref: isPull ? run.headBranch : '',
    base_ref: base,
    // GitHub builds a merge commit for pull requests; the local runner tests the head itself.
    sha: run.headSha,
    server_url: services.url.server,
    api_url: services.url.api,
    graphql_url: services.url.graphql,
    retention_days: '90',
    secret_source: 'Actions',
  };
}

const runNumber = (state: LocalState, run: LocalRun): number =>
  state.runs.filter((other) => other.repo === run.repo && other.workflowFile === run.workflowFile && other.id <= run.id).length;

const toNumber = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

/** A payload as plain JSON; anything else than an object is an empty one. */
export function jsonObject(value: unknown): Fields {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {};
  const fields: Fields = {};
  for (const [key, item] of Object.entries(value)) if (isJson(item)) fields[key] = item;
  return fields;
}

const isJson = (value: unknown): value is Json =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value) || (typeof value === 'object' && (Array.isArray(value) ? value : Object.values(value)).every((item: unknown) => item === undefined || isJson(item)));

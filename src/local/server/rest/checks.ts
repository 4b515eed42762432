import { z } from 'zod';
import type { LocalCheck } from '../../contract.ts';
import { pageOf } from '../paging.ts';
import { invalid, notFound, ok } from '../reply.ts';
import type { Handlers } from '../routes.ts';
import { allChecks, combinedState, latestChecks, latestStatuses } from '../view/checks.ts';
import type { LocalStatus } from '../view/checks.ts';
import { apiUrl, minimalRepo } from '../view/repos.ts';
import { integrationOf, nodeId, simpleUser } from '../view/users.ts';
import { actorOf, param, repoOf, storeOf } from '../world.ts';
import type { Call } from '../world.ts';

const newStatus = z.object({ state: z.enum(['pending', 'success', 'failure', 'error']), target_url: z.string().nullish(), context: z.string().default('default') });

/** A branch, tag or commit id, as the `ref` of a path. */
async function commitOf(call: Call): Promise<string> {
  const store = storeOf(call);
  const ref = param(call, 'ref').replace(/^(refs\/)?heads\//, '');
  const oid = (await store.readRef(`refs/heads/${ref}`)) ?? (await store.read(ref, 'commit'))?.oid;
  if (oid === undefined) throw notFound();
  return oid;
}

function checkView(call: Call, check: LocalCheck): Record<string, unknown> {
  const url = `${apiUrl(call.world, repoOf(call))}/check-runs/${check.id}`;
  return {
    id: check.id, node_id: nodeId('CR', check.id), head_sha: check.sha, external_id: '', url, html_url: check.url, details_url: check.url, status: check.status, conclusion: check.conclusion, started_at: check.startedAt,
    completed_at: check.completedAt, output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: `${url}/annotations` }, name: check.name, check_suite: { id: check.id },
    app: integrationOf(call.world, check.appId), pull_requests: [],
  };
}

function statusView(call: Call, status: LocalStatus, index: number): Record<string, unknown> {
  const api = apiUrl(call.world, repoOf(call));
  return {
    url: `${api}/statuses/${status.sha}`, avatar_url: `${call.world.services.url.server}/-/avatar/status`, id: index + 1, node_id: nodeId('SC', `${status.sha}${status.context}`), state: status.state, description: null,
    target_url: status.url, context: status.context, created_at: status.at, updated_at: status.at,
  };
}

/** The latest check run of each name and App, unless `filter=all`. */
function checksFor(call: Call, sha: string): LocalCheck[] {
  const name = call.query.get('check_name');
  const appId = call.query.get('app_id');
  const status = call.query.get('status');
  const wanted = call.query.get('filter') === 'all' ? allChecks : latestChecks;
  return wanted(call.world.state, { repo: repoOf(call).name, sha }).filter((check) => (name === null || check.name === name) && (appId === null || check.appId === Number(appId)) && (status === null || check.status === status));
}

export const checkHandlers: Handlers = {
  'checks/list-for-ref': async (call) => {
    const checks = checksFor(call, await commitOf(call));
    return pageOf(call, checks, (page) => ({ total_count: checks.length, check_runs: page.map((check) => checkView(call, check)) }));
  },
  'repos/get-combined-status-for-ref': async (call) => {
    const sha = await commitOf(call);
    const statuses = latestStatuses(call.world.state, { repo: repoOf(call).name, sha });
    const repo = repoOf(call);
    const api = `${apiUrl(call.world, repo)}/commits/${sha}`;
    return pageOf(call, statuses, (page) => ({ state: combinedState(statuses), statuses: page.map((status, index) => statusView(call, status, index)), sha, total_count: statuses.length, repository: minimalRepo(call.world, repo), commit_url: api, url: `${api}/status` }));
  },
  'repos/create-commit-status': async (call) => {
    const sha = param(call, 'sha');
    if ((await storeOf(call).read(sha, 'commit')) === null) throw invalid(`No commit found for SHA: ${sha}`);
    const input = newStatus.parse(call.body);
    const status: LocalStatus = { repo: repoOf(call).name, sha, context: input.context, state: input.state, url: input.target_url ?? null, at: call.world.services.now() };
    call.world.state.statuses.push(status);
    call.world.services.changed();
    return ok({ ...statusView(call, status, call.world.state.statuses.length), creator: simpleUser(call.world, actorOf(call)) }, 201);
  },
};

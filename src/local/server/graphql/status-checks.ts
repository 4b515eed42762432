// Checks and statuses of a commit, rolled up as GitHub does.
import type { LocalCheck, LocalRepo } from '../../contract.ts';
import { assertMay } from '../permissions.ts';
import { combinedState, latestChecks, latestStatuses } from '../view/checks.ts';
import type { LocalStatus } from '../view/checks.ts';
import { integrationOf, nodeId } from '../view/users.ts';
import type { Call } from '../world.ts';
import { connectionOf } from './connection.ts';
import type { ConnectionArguments } from './connection.ts';

type Source = Record<string, unknown>;
type Context = { readonly kind: 'check'; readonly check: LocalCheck } | { readonly kind: 'status'; readonly status: LocalStatus };

/** Null where nothing was reported, as on GitHub. */
export function rollupSource(call: Call, repo: LocalRepo, sha: string): Source | null {
  const place = { repo: repo.name, sha };
  const { state } = call.world;
  const checks = latestChecks(state, place);
  const statuses = latestStatuses(state, place);
  if (checks.length + statuses.length === 0) return null;
  const contexts: Context[] = [...checks.map((check): Context => ({ kind: 'check', check })), ...statuses.map((status): Context => ({ kind: 'status', status }))];
  return {
    id: nodeId('SCR', `${repo.name} ${sha}`), state: rolledUp(checks, statuses),
    contexts: (given: ConnectionArguments) => connectionOf(contexts, given, { name: 'contexts', node: (context) => contextSource(call, repo, context) }),
  };
}

function rolledUp(checks: readonly LocalCheck[], statuses: readonly LocalStatus[]): string {
  const isFailed = checks.some(({ status, conclusion }) => status === 'completed' && conclusion !== 'success' && conclusion !== 'neutral' && conclusion !== 'skipped');
  if (isFailed) return 'FAILURE';
  const ofStatuses = statuses.length === 0 ? 'success' : combinedState(statuses);
  return ofStatuses === 'success' && checks.some(({ status }) => status !== 'completed') ? 'PENDING' : ofStatuses.toUpperCase();
}

/** A context that the token may not read is an error in its own place, as on GitHub: the rest of the answer comes. */
function contextSource(call: Call, repo: LocalRepo, context: Context): Source | Error {
  try {
    assertMay(call.token, repo, { permission: context.kind === 'check' ? 'checks' : 'statuses', level: 'read' });
  } catch (refusal) {
    return refusal instanceof Error ? refusal : new Error(String(refusal));
  }
  return context.kind === 'check' ? checkSource(call, context.check) : statusSource(context.status);
}

function checkSource(call: Call, check: LocalCheck): Source {
  const app = integrationOf(call.world, check.appId);
  return {
    __typename: 'CheckRun', id: nodeId('CR', check.id), databaseId: check.id, name: check.name, status: check.status.toUpperCase(), conclusion: check.conclusion?.toUpperCase() ?? null,
    detailsUrl: check.url, startedAt: check.startedAt, completedAt: check.completedAt,
    checkSuite: { id: nodeId('CS', check.id), app: { id: app['node_id'], databaseId: app['id'], name: app['name'], slug: app['slug'] } },
  };
}

const statusSource = ({ sha, context, state, url, at }: LocalStatus): Source => ({
  __typename: 'StatusContext', id: nodeId('SC', `${sha}${context}`), context, state: state.toUpperCase(), targetUrl: url, description: null, createdAt: at,
});

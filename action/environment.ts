import { context } from '@actions/github';
import type { RunRef } from '../src/domain/event.ts';
import { inputError } from '../src/domain/errors.ts';
import type { Job } from '../src/orchestrator/ports.ts';

/** What the runner tells a step through its environment, read once. */
export interface ActionEnvironment {
  readonly run: RunRef;
  readonly event: unknown;
  readonly dispatchedBy: Job['dispatchedBy'];
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly serverUrl: string;
  readonly workspace: string;
  readonly temp: string;
  readonly defaultBranch: string;
}

/** Reads what the runner tells: GitHub's own toolkit reads the event and the run, the rest stands in the environment. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): ActionEnvironment {
  const need = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw inputError('not-in-actions', `${name} is not set. This action runs inside GitHub Actions.`);
    return value;
  };
  return {
    run: {
      repository: need('GITHUB_REPOSITORY'),
      id: context.runId,
      attempt: context.runAttempt,
      job: context.job,
      workflowRef: need('GITHUB_WORKFLOW_REF'),
      workflowSha: need('GITHUB_WORKFLOW_SHA'),
    },
    event: context.payload,
    dispatchedBy: dispatcherOf(env),
    apiUrl: context.apiUrl.replace(/\/$/, ''),
    graphqlUrl: context.graphqlUrl,
    serverUrl: context.serverUrl.replace(/\/$/, ''),
    workspace: need('GITHUB_WORKSPACE'),
    temp: need('RUNNER_TEMP'),
    defaultBranch: need('GITHUB_REF_NAME'),
  };
}

/** GitHub names the actor; only a run that a person started by hand is that person's word, and only its first attempt. */
function dispatcherOf(env: Readonly<Record<string, string | undefined>>): Job['dispatchedBy'] {
  const [login, id] = [env['GITHUB_ACTOR'] ?? '', Number(env['GITHUB_ACTOR_ID'])];
  const isByHand = context.eventName === 'workflow_dispatch' && context.runAttempt === 1;
  return isByHand && login !== '' && !login.endsWith('[bot]') && Number.isSafeInteger(id) && id > 0 ? { login, id } : null;
}

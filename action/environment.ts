import { readFileSync } from 'node:fs';
import type { RunRef } from '../src/domain/event.ts';
import { inputError } from '../src/domain/errors.ts';

/** What the runner tells a step through its environment, read once. */
export interface ActionEnvironment {
  readonly run: RunRef;
  readonly eventName: string;
  readonly event: unknown;
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly serverUrl: string;
  readonly workspace: string;
  readonly temp: string;
  readonly defaultBranch: string;
}

export function readEnvironment(env: Readonly<Record<string, string | undefined>>): ActionEnvironment {
  const need = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw inputError('not-in-actions', `${name} is not set. This action runs inside GitHub Actions.`);
    return value;
  };
  return {
    run: {
      repository: need('GITHUB_REPOSITORY'),
      id: Number(need('GITHUB_RUN_ID')),
      attempt: Number(need('GITHUB_RUN_ATTEMPT')),
      job: need('GITHUB_JOB'),
      workflowRef: need('GITHUB_WORKFLOW_REF'),
      workflowSha: need('GITHUB_WORKFLOW_SHA'),
    },
    eventName: need('GITHUB_EVENT_NAME'),
    event: readEvent(env['GITHUB_EVENT_PATH']),
    apiUrl: need('GITHUB_API_URL').replace(/\/$/, ''),
    graphqlUrl: need('GITHUB_GRAPHQL_URL'),
    serverUrl: need('GITHUB_SERVER_URL').replace(/\/$/, ''),
    workspace: need('GITHUB_WORKSPACE'),
    temp: need('RUNNER_TEMP'),
    defaultBranch: env['GITHUB_REF_NAME'] ?? 'main',
  };
}

function readEvent(path: string | undefined): unknown {
  return path ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

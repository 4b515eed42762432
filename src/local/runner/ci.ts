// A target repository's own CI, as a check run of its head commit.
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalCheck, ServerServices } from '../contract.ts';
import { ACTIONS_APP_ID, upsertCheck } from './checks.ts';
import { runCiCommand } from './ci-command.ts';
import { createJobLog } from './job-log.ts';
import type { RunnerOptions } from './options.ts';
import type { JobProcesses } from './processes.ts';
import { createJobProcesses } from './processes.ts';
import { errorMessage } from './error-message.ts';

export interface CiRequest {
  repo: string;
  sha: string;
  command: string;
}

export interface CiRun {
  check: LocalCheck;
  processes: JobProcesses;
  /** Runs the command and completes the check, unless it was abandoned: then the check stays open for the next process. Never rejects. */
  run(isAbandoned: () => boolean): Promise<void>;
}

const TIMEOUT_MINUTES_DEFAULT = 30;

/** Creates the check run `ci` (or takes the given one again) and prepares its command. */
export function prepareCi(services: ServerServices, options: RunnerOptions, { repo, sha, command }: CiRequest, again?: LocalCheck): CiRun {
  const id = again?.id ?? services.nextId();
  const url = `${services.url.server}/${repo}/runs/${id}`;
  const check = upsertCheck(services, { repo, sha, id, name: 'ci', appId: ACTIONS_APP_ID, status: 'queued', conclusion: null, url, startedAt: services.now(), completedAt: null });
  const processes = createJobProcesses();

  async function run(isAbandoned: () => boolean): Promise<void> {
    Object.assign(check, { status: 'in_progress', startedAt: services.now() });
    services.changed();
    const log = createJobLog({ path: join(services.dir, 'logs', 'ci', `${id}.log`), mask: (text) => services.mask(text), now: () => services.now() });
    const root = mkdtempSync(join(tmpdir(), 'ci-'));
    const passed = await runCiCommand({ root, gitDir: services.gitDir(repo), sha, command, minutes: options.ciTimeoutMinutes ?? TIMEOUT_MINUTES_DEFAULT, environment: options.environment, onLine: (line) => log.line(line), processes }).catch((error: unknown) => {
      log.line(`##[error]${errorMessage(error)}`);
      return false;
    });
    processes.killAll();
    log.close();
    await rm(root, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    if (isAbandoned()) return;
    Object.assign(check, { status: 'completed', conclusion: passed ? 'success' : 'failure', completedAt: services.now() });
    services.changed();
  }

  return { check, processes, run };
}

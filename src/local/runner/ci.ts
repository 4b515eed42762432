// A target repository's own CI: a fixed command in a throw-away copy of the head commit. Nothing else of the local GitHub
// executes a target repository's code. The copy has no token and a clean environment; it is not a security sandbox.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalCheck, ServerServices } from '../contract.ts';
import { ACTIONS_APP_ID, upsertCheck } from './checks.ts';
import { createJobLog } from './job-log.ts';
import type { JobLog } from './job-log.ts';
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
    const passed = await runCommand({ root, gitDir: services.gitDir(repo), sha, command, log, processes, options }).catch((error: unknown) => {
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

interface CiWork {
  root: string;
  gitDir: string;
  sha: string;
  command: string;
  log: JobLog;
  processes: JobProcesses;
  options: RunnerOptions;
}

async function runCommand({ root, gitDir, sha, command, log, processes, options }: CiWork): Promise<boolean> {
  const [copy, home, temp] = [join(root, 'repository'), join(root, 'home'), join(root, 'tmp')];
  for (const folder of [copy, home, temp]) mkdirSync(folder);
  const { environment } = options;
  const env = { PATH: environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', HOME: home, TMPDIR: temp, LANG: environment['LANG'] ?? 'C.UTF-8', CI: 'true' };
  const onLine = (line: string): void => log.line(line);
  const script = 'git init -q . && git fetch -q --depth=1 "$SOURCE" "$SHA" && git checkout -q --detach FETCH_HEAD && rm -f .git/FETCH_HEAD';
  const cloned = await processes.run('bash', ['--noprofile', '--norc', '-c', script], { cwd: copy, env: { ...env, GIT_CONFIG_NOSYSTEM: '1', SOURCE: gitDir, SHA: sha }, onLine });
  if (cloned.code !== 0) throw new Error(`The copy of ${sha} could not be made.`);
  const minutes = options.ciTimeoutMinutes ?? TIMEOUT_MINUTES_DEFAULT;
  const timer = setTimeout(() => {
    log.line(`##[error]The command was ended after ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`);
    processes.killAll();
  }, minutes * 60_000);
  log.line(`$ ${command}`);
  const result = await processes.run('bash', ['-c', command], { cwd: copy, env, onLine }).finally(() => clearTimeout(timer));
  log.line(result.problem ?? `exit code ${result.code ?? 'none (ended by a signal)'}`);
  return result.code === 0;
}

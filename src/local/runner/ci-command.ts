// A target repository's own CI: a fixed command in a throw-away copy of a commit. Nothing else executes a target repository's
// code. The copy has no token and a clean environment; it is not a security sandbox.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobProcesses } from './processes.ts';

export interface CiCommand {
  /** An empty folder, for the copy and what the command writes; the caller removes it. */
  readonly root: string;
  readonly gitDir: string;
  readonly sha: string;
  readonly command: string;
  /** After so many it is ended, and has not passed. */
  readonly minutes: number;
  /** `PATH` and `LANG` come from here, and nothing else. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onLine: (line: string) => void;
  /** The caller ends what the command left behind. */
  readonly processes: JobProcesses;
}

/** Whether the command ended with 0. Rejects when the copy could not be made. */
export async function runCiCommand({ root, gitDir, sha, command, minutes, environment, onLine, processes }: CiCommand): Promise<boolean> {
  const [copy, home, temp] = [join(root, 'repository'), join(root, 'home'), join(root, 'tmp')];
  for (const folder of [copy, home, temp]) mkdirSync(folder);
  const env = { PATH: environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', HOME: home, TMPDIR: temp, LANG: environment['LANG'] ?? 'C.UTF-8', CI: 'true' };
  const script = 'git init -q . && git fetch -q --depth=1 "$SOURCE" "$SHA" && git checkout -q --detach FETCH_HEAD && rm -f .git/FETCH_HEAD';
  const cloned = await processes.run('bash', ['--noprofile', '--norc', '-c', script], { cwd: copy, env: { ...env, GIT_CONFIG_NOSYSTEM: '1', SOURCE: gitDir, SHA: sha }, onLine });
  if (cloned.code !== 0) throw new Error(`The copy of ${sha} could not be made.`);
  const timer = setTimeout(() => {
    onLine(`##[error]The command was ended after ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`);
    processes.killAll();
  }, minutes * 60_000);
  onLine(`$ ${command}`);
  const result = await processes.run('bash', ['-c', command], { cwd: copy, env, onLine }).finally(() => clearTimeout(timer));
  onLine(result.problem ?? `exit code ${result.code ?? 'none (ended by a signal)'}`);
  return result.code === 0;
}

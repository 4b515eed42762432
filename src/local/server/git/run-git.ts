import { execFile } from 'node:child_process';

/** The environment of every git process: nobody's configuration, no prompts, no hooks from templates. */
export const gitEnv = (extra: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
  ...extra,
});

export interface GitResult {
  /** 0 when git said yes; -1 when it could not be started. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git on a bare repository. Never throws: the caller judges the exit code. */
export function runGit(gitDir: string, args: readonly string[], input?: string | Uint8Array): Promise<GitResult> {
  return new Promise((resolve) => {
    const child = execFile('git', [...args], { cwd: gitDir, env: gitEnv({ GIT_DIR: gitDir }), encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr: stderr.toString('utf8') });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

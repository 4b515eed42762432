import { spawn } from 'node:child_process';
import process from 'node:process';
import { inputError, outsideError, type CountersignError } from '../domain/errors.ts';

/** Most bytes of standard output that one git call may print. */
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;
const MAX_STDERR_BYTES = 64 * 1024;
// What a network operation may take over from the caller's environment; nothing else gets through.
const NETWORK_VARIABLES = ['http_proxy', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'GIT_SSL_CAINFO'];

export interface GitCall {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Extra settings, given by environment so that no value ever shows in a process list. */
  readonly config?: Readonly<Record<string, string>>;
  /** Transports git may use; none by default. */
  readonly protocols?: readonly string[];
  /** What git reads on its standard input; nothing by default. */
  readonly input?: Uint8Array;
  /** It goes on to its end when this process, or its whole process group, is killed. */
  readonly outlivesUs?: boolean;
}

/**
 * The environment of every git process: no configuration of system or user, no attributes, no replace refs, no
 * prompts, no transport unless asked for, no lazy fetch.
 */
export function gitEnvironment(call: Pick<GitCall, 'config' | 'protocols'> = {}): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: '/nonexistent',
    XDG_CONFIG_HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: (call.protocols ?? ['none']).join(':'),
    GIT_PROTOCOL_FROM_USER: '0',
  };
  if (call.protocols !== undefined) {
    for (const name of NETWORK_VARIABLES) {
      const value = process.env[name];
      if (value !== undefined) environment[name] = value;
    }
  }
  const settings = Object.entries({ 'core.hooksPath': '/dev/null', 'core.attributesFile': '/dev/null', 'core.fsmonitor': 'false', ...call.config });
  environment['GIT_CONFIG_COUNT'] = String(settings.length);
  settings.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}

export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git to its end. Rejects with `no-git` when there is none; a failing exit code is the caller's to judge. */
export function runGit(call: GitCall): Promise<GitOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', call.args, { cwd: call.cwd, env: gitEnvironment(call), stdio: ['pipe', 'pipe', 'pipe'], detached: call.outlivesUs === true });
    // A git that needs no more of it closes the pipe: its exit code says whether that was right.
    child.stdin.on('error', () => undefined);
    child.stdin.end(call.input);
    const out: Buffer[] = [];
    let size = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT_BYTES) child.kill('SIGKILL');
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < MAX_STDERR_BYTES) stderr += chunk.toString('utf8');
    });
    child.once('error', (error) => reject(spawnError(error)));
    child.once('close', (code) => {
      if (size > MAX_OUTPUT_BYTES) reject(outsideError('git-output-too-large', `git ${call.args[0] ?? ''} printed more than ${MAX_OUTPUT_BYTES} bytes; make the change smaller.`));
      else resolve({ code: code ?? -1, stdout: Buffer.concat(out), stderr });
    });
  });
}

/** Why git could not be started, in a sentence that says what to do. */
export function spawnError(error: Error & { code?: unknown }): CountersignError {
  if (error.code === 'ENOENT') return inputError('no-git', 'git was not found on PATH. Install git 2.31 or newer and try again.', error);
  return outsideError('git-failed', `git could not be started: ${error.message}.`, error);
}

/** The line of git's own words that says most, without its prefix. */
export function gitReason(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const line = lines.find((text) => /^(fatal|error):/u.test(text)) ?? lines[0] ?? 'git gave no reason';
  return line.replace(/^(fatal|error): /u, '').replace(/[\u0000-\u001f\u007f-\u009f]/gu, '?').slice(0, 300);
}

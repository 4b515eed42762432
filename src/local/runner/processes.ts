// The processes of one job. Each command leads its own process group, so that a job ends with everything it started.
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

interface CommandResult {
  /** Exit code; null when a signal ended the process or it could not be started. */
  code: number | null;
  /** Why it could not be started. */
  problem: string | null;
}

interface CommandOptions {
  cwd: string;
  /** The whole environment: nothing is inherited. */
  env: Record<string, string>;
  onLine: (line: string) => void;
}

export interface JobProcesses {
  run(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult>;
  /** Asks what runs now to end, and forces it after the grace time. */
  terminate(graceMs: number): void;
  /** SIGKILL to every group, also to what earlier commands left behind. */
  killAll(): void;
}

/** A longer line is passed on in pieces. */
const LINE_CHARS_MAX = 256 * 1024;
/** How long output of a process that has ended is still awaited; a left-behind child may hold the pipe open. */
const DRAIN_MS = 500;

/** `background`: its processes give way to everything else on this machine. */
export function createJobProcesses(background = false): JobProcesses {
  const groups = new Set<number>();
  const running = new Set<number>();

  function run(command: string, args: readonly string[], { cwd, env, onLine }: CommandOptions): Promise<CommandResult> {
    return new Promise((resolve) => {
      const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
      const { pid } = child;
      if (pid !== undefined) {
        groups.add(pid);
        running.add(pid);
        if (background) giveWay(pid);
      }
      const [out, err] = [splitLines(onLine), splitLines(onLine)];
      child.stdout.setEncoding('utf8').on('data', out.push);
      child.stderr.setEncoding('utf8').on('data', err.push);
      let settled = false;
      const settle = (result: CommandResult): void => {
        if (settled) return;
        settled = true;
        if (pid !== undefined) running.delete(pid);
        out.end();
        err.end();
        child.stdout.destroy();
        child.stderr.destroy();
        resolve(result);
      };
      child.on('error', (error) => settle({ code: null, problem: `${command} could not be started: ${error.message}` }));
      child.on('close', (code) => settle({ code, problem: null }));
      child.on('exit', (code) => setTimeout(() => settle({ code, problem: null }), DRAIN_MS).unref());
    });
  }

  function terminate(graceMs: number): void {
    const targets = [...running];
    for (const pid of targets) signalGroup(pid, 'SIGTERM');
    setTimeout(() => {
      for (const pid of targets) if (running.has(pid)) signalGroup(pid, 'SIGKILL');
    }, graceMs).unref();
  }

  return {
    run,
    terminate,
    killAll() {
      for (const pid of groups) signalGroup(pid, 'SIGKILL');
      groups.clear();
    },
  };
}

function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}

function splitLines(onLine: (line: string) => void): { push: (chunk: string) => void; end: () => void } {
  let rest = '';
  return {
    push(chunk) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (rest.length > LINE_CHARS_MAX) {
        onLine(rest);
        rest = '';
      }
    },
    end() {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

function giveWay(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or the system does not allow it: then it runs like any other.
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../src/cli/up/seed.ts';
import type { UpResult } from '../../../src/cli/up/report.ts';
import { hostileHome } from './hostile-home.ts';
import type { LoggedRequest } from './world.ts';

// `countersign up` as a process of its own, as a person starts it whose git is set up as oddly as can be.

export interface UpEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last line of stdout, when there is one. */
  readonly result: UpResult | null;
  readonly stderr: string;
}

/** When a signal is sent: as soon as this holds for the directory. */
export type Moment = (seen: { readonly requests: readonly LoggedRequest[]; readonly stderr: string }) => boolean;

/** Runs `countersign up --json --dir DIR ARGS…` to its end, and sends the signal once, at the moment. */
export function up(dir: string, args: readonly string[], interrupt?: { readonly signal: NodeJS.Signals; readonly at: Moment }): Promise<UpEnd> {
  const child = spawn(process.execPath, [join(ROOT, 'src/cli/main.ts'), 'up', '--json', '--dir', dir, ...args], { cwd: ROOT, env: hostileHome().env, stdio: ['ignore', 'pipe', 'pipe'] });
  // What earlier runs in the directory asked for is no moment of this one.
  const before = readRequests(dir).length;
  let stdout = '';
  let stderr = '';
  let isSent = interrupt === undefined;
  const look = (): void => {
    if (isSent || !interrupt?.at({ requests: readRequests(dir).slice(before), stderr })) return;
    isSent = true;
    child.kill(interrupt.signal);
  };
  const poll = setInterval(look, 10);
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => void (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => void (stderr += chunk));
  return ended(child).then(({ code, signal }) => {
    clearInterval(poll);
    if (!isSent) throw new Error(`the moment never came:\n${stderr}`);
    const last = stdout.trim().split('\n').at(-1) ?? '';
    return { code, signal, stderr, result: last === '' ? null : (JSON.parse(last) as UpResult) };
  });
}

const ended = (child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> => new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));

function readRequests(dir: string): readonly LoggedRequest[] {
  const file = join(dir, 'requests.jsonl');
  if (!existsSync(file)) return [];
  // The last line may be half written.
  return readFileSync(file, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as LoggedRequest);
}

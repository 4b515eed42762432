import { spawn } from 'node:child_process';
import { outsideError } from '../../../domain/errors.ts';
import { gitEnvironment } from '../../../git/git-process.ts';

export interface ToolRun {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

/** What a command printed. Rejects when it fails: a benchmark's own tools must work. */
export function runTool(command: string, args: readonly string[], { cwd, env, input = '' }: ToolRun): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // A repository of another owner is only read here, by names that this process gives.
    const child = spawn(command, args, { cwd, env: { ...gitEnvironment({ config: { 'safe.directory': '*' } }), ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    let reason = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      reason = (reason + chunk).slice(-2_000);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error) => reject(outsideError('bench-failed', `${command} cannot be started.`, error)));
    child.once('close', (code) => (code === 0 ? resolve(Buffer.concat(out)) : reject(outsideError('bench-failed', `${command} ${args.slice(0, 2).join(' ')} ended with ${code ?? 'a signal'}: ${reason.trim().split('\n')[0] ?? ''}`))));
  });
}

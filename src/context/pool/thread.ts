import { Worker } from 'node:worker_threads';

const PROGRAM = new URL('worker.ts', import.meta.url);

/** What a thread of the pool runs, and its environment: none of ours, unless it is told where compiled code lies. */
export interface ThreadOptions {
  readonly program?: URL;
  readonly environment?: Record<string, string>;
}

/** Starts a thread of the pool. It loads its code while whoever started it goes on. */
export function startThread({ program = PROGRAM, environment = {} }: ThreadOptions): Worker {
  const worker = new Worker(program, { env: environment, resourceLimits: { maxOldGenerationSizeMb: 512 } });
  worker.on('error', () => undefined); // The batch under way reports it.
  return worker;
}

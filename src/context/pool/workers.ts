import type { Worker } from 'node:worker_threads';
import { outsideError } from '../../domain/errors.ts';
import type { BlobTask } from '../analyse/analyser.ts';
import type { BlobFacts } from '../analyse/analyse-blob.ts';
import { unpackBatch } from '../analyse/batch.ts';
import type { WantedTerms } from '../analyse/terms.ts';
import type { BatchAnswer, BatchRequest } from './messages.ts';
import { startThread, type ThreadOptions } from './thread.ts';

/** Threads that analyse, started when they are asked for. */
export interface Workers {
  /** Has one of them analyse a batch. One that ends over it is replaced, and the file that ended it is read by its words. Rejects when a grammar is missing. */
  analyse(tasks: readonly BlobTask[], wanted: WantedTerms): Promise<readonly BlobFacts[]>;
  hasIdle(): boolean;
  close(): Promise<void>;
}

/** At most `most` of them at a time. */
export function createWorkers(most: number, { byWords, ...options }: ThreadOptions & { readonly byWords: (task: BlobTask) => Promise<BlobFacts> }): Workers {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const ended: Promise<number>[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  const start = (): Worker => {
    const worker = startThread(options);
    all.add(worker);
    return worker;
  };
  const give = (worker: Worker): void => {
    const next = waiting.shift();
    if (next !== undefined) next(worker);
    else idle.push(worker);
  };
  const threads: Threads = {
    give,
    take() {
      const free = idle.pop();
      if (free !== undefined) return Promise.resolve(free);
      return all.size < most ? Promise.resolve(start()) : new Promise((resolve) => waiting.push(resolve));
    },
    drop(worker) {
      all.delete(worker);
      void worker.terminate();
      // Whoever waits gets a thread in its place.
      if (waiting.length > 0) give(start());
    },
  };
  return {
    analyse: (tasks, wanted) => analyseInThreads(tasks, { threads, byWords, wanted }),
    hasIdle: () => idle.length > 0 || all.size < most,
    async close() {
      idle.length = 0;
      ended.push(...[...all].map(async (worker) => worker.terminate()));
      // Others may be started from here on.
      all.clear();
      await Promise.all(ended);
    },
  };
}

interface Threads {
  take(): Promise<Worker>;
  give(worker: Worker): void;
  drop(worker: Worker): void;
}

async function analyseInThreads(tasks: readonly BlobTask[], { threads, byWords, wanted }: { threads: Threads; byWords: (task: BlobTask) => Promise<BlobFacts>; wanted: WantedTerms }): Promise<readonly BlobFacts[]> {
  const facts: BlobFacts[] = [];
  // Once a thread has died on a batch, its files go one by one, so that it is known which one it was.
  let step = tasks.length;
  while (facts.length < tasks.length) {
    const part = tasks.slice(facts.length, facts.length + step);
    const worker = await threads.take();
    const answer = await ask(worker, pack(part, wanted));
    if (answer === null) {
      threads.drop(worker);
      const [only] = part;
      if (part.length === 1 && only !== undefined) facts.push(await byWords(only));
      step = 1;
      continue;
    }
    if (answer.fault !== null) {
      threads.drop(worker);
      throw outsideError(answer.fault.code, answer.fault.message);
    }
    facts.push(...unpackBatch(answer.facts));
    if (answer.done === part.length && facts.at(-1)?.outline.failure?.includes('grammar stopped') !== true) threads.give(worker);
    else threads.drop(worker);
  }
  return facts;
}

/** Null when the thread ends before it answers. */
function ask(worker: Worker, request: BatchRequest): Promise<BatchAnswer | null> {
  return new Promise((resolve) => {
    const done = (answer: BatchAnswer | null): void => {
      worker.off('message', done);
      worker.off('exit', ended);
      worker.off('error', ended);
      resolve(answer);
    };
    const ended = (): void => done(null);
    worker.on('message', done);
    worker.on('exit', ended);
    worker.on('error', ended);
    worker.postMessage(request, [request.bytes.buffer]);
  });
}

function pack(tasks: readonly BlobTask[], wanted: WantedTerms): BatchRequest {
  const bytes = new Uint8Array(tasks.reduce((sum, task) => sum + task.bytes.length, 0));
  const ends: number[] = [];
  let end = 0;
  for (const task of tasks) {
    bytes.set(task.bytes, end);
    ends.push((end += task.bytes.length));
  }
  return { lenses: tasks.map(({ lens }) => lens), ends, bytes, wanted };
}

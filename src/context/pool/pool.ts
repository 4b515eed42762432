import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { outsideError } from '../../domain/errors.ts';
import { createAnalyser, type Analyser, type BlobTask } from '../analyse/analyser.ts';
import type { BlobFacts } from '../analyse/analyse-blob.ts';
import type { WantedTerms } from '../analyse/terms.ts';
import { unpackBatch } from '../analyse/batch.ts';
import { loadGrammarFromPackages } from '../grammars.ts';
import { effortOf } from './effort.ts';
import type { BatchAnswer, BatchRequest } from './messages.ts';
import { startThread, type ThreadOptions } from './thread.ts';

/** What takes one thread less than so many milliseconds is done here: each further thread compiles all of the code anew, while the compiler's own threads keep a second core busy. */
const EFFORT_MIN = 1_200;
/** After so many blobs this thread looks at what came in meanwhile: git has more to say, and others wait for their next batch. */
const TURN_FILES = 12;

/**
 * Analyses in this thread, and in up to `threads` in all once there is enough to do. A thread that a file brings down takes nothing
 * with it: the file is listed as not parsed, and a new thread goes on.
 */
export function createPooledAnalyser(threads: number, options: ThreadOptions = {}): Analyser {
  const here = createAnalyser(loadGrammarFromPackages);
  const byWords = async (task: BlobTask): Promise<BlobFacts> => asText(await here.analyse([{ lens: 'text', bytes: task.bytes }]));
  const workers = createWorkers(Math.max(0, threads - 1), options);
  let isPooled = false;
  let isBusyHere = false;
  let expected = 0;
  let wanted: WantedTerms = 'all';
  const analyseHere = async (tasks: readonly BlobTask[]): Promise<BlobFacts[]> => {
    const facts: BlobFacts[] = [];
    for (let at = 0; at < tasks.length; at += TURN_FILES) {
      facts.push(...(await here.analyse(tasks.slice(at, at + TURN_FILES))));
      await setImmediate();
    }
    return facts;
  };
  const share = async (tasks: readonly BlobTask[]): Promise<readonly BlobFacts[]> => {
    // This thread takes its share: with two cores it would otherwise watch.
    if (isBusyHere || workers.hasIdle()) return analyseInThreads(tasks, { threads: workers, byWords, wanted });
    isBusyHere = true;
    try {
      return await analyseHere(tasks);
    } finally {
      isBusyHere = false;
    }
  };
  return {
    width: threads + 1,
    expect(blobs, terms) {
      wanted = terms;
      here.expect(blobs, terms);
      isPooled = threads > 1 && blobs.reduce((sum, { lens, bytes }) => sum + effortOf(lens, bytes), 0) >= EFFORT_MIN;
      expected = blobs.length;
    },
    async analyse(tasks) {
      if (!isPooled) return analyseHere(tasks);
      const facts = await share(tasks);
      expected -= tasks.length;
      // What comes next needs the memory more than it needs threads that wait; it need not wait for their end.
      if (expected <= 0) void workers.close();
      return facts;
    },
    close: async () => void (await Promise.all([here.close(), workers.close()])),
  };
}

interface Workers extends Threads {
  hasIdle(): boolean;
  close(): Promise<void>;
}

function createWorkers(most: number, options: ThreadOptions): Workers {
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
  return {
    hasIdle: () => idle.length > 0 || all.size < most,
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

/** What a file that ended a thread says without a parser: its words. */
function asText([facts]: readonly BlobFacts[]): BlobFacts {
  if (facts === undefined) throw new TypeError('one blob gives one answer');
  return { ...facts, outline: { ...facts.outline, failure: 'the parser came to its end on this file' } };
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

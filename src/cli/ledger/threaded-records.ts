import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

import { CountersignError } from '../../domain/errors.ts';
import type { Oid, WorkflowId } from '../../domain/ids.ts';
import type { LedgerAddition } from '../../ledger/verify/changes.ts';
import type { RecordCounts, RecordsCheck } from '../../ledger/verify/ledger-check.ts';
import { PROBLEMS_MAX, type LedgerProblem, type Report } from '../../ledger/verify/problem.ts';
import type { FromRecordThread, RecordWork, ToRecordThread } from './record-messages.ts';

const THREADS_MAX = 4;
/** Additions in one message to a thread, and messages that may wait there. */
const BATCH = 32;
const WAITING_MAX = 8;

/** How many threads check records beside this one, which reads commits and trees; none where there is but one core. */
export const recordThreads = (): number => Math.min(THREADS_MAX, availableParallelism() - 1);

/**
 * Checks the records of a large ledger in threads, each with its share of the workflows and a git process of its own. What they
 * find is reported at the end, in the ledger's order.
 */
export class ThreadedRecords implements RecordsCheck {
  readonly #report: Report;
  readonly #threads: readonly RecordThread[];
  readonly #found: { readonly at: number; readonly problem: LedgerProblem }[] = [];
  #at = 0;

  constructor(objects: string, report: Report, count = recordThreads()) {
    this.#report = report;
    this.#threads = Array.from({ length: count }, () => new RecordThread(objects, (problems) => {
      if (this.#found.length < PROBLEMS_MAX) this.#found.push(...problems);
    }));
  }

  begin(ledger: string | null, trusted: boolean): void {
    for (const thread of this.#threads) thread.send({ kind: 'begin', ledger, trusted });
  }

  async addTo(workflow: WorkflowId, before: Oid | null, additions: readonly LedgerAddition[]): Promise<void> {
    const files = additions.flatMap(({ path, oid, meaning }) => (meaning.kind !== 'genesis' && meaning.workflow === workflow ? [{ path, oid }] : []));
    await this.#threadOf(workflow)?.add({ at: this.#at++, workflow, before, files });
  }

  async finish(): Promise<RecordCounts> {
    const counts = await Promise.all(this.#threads.map(async (thread) => thread.finish()));
    for (const { problem } of this.#found.toSorted((left, right) => left.at - right.at)) {
      const { code, message, workflow, seq, path, expected, found } = problem;
      this.#report(code, message, { ...(workflow === null ? {} : { workflow }), ...(seq === null ? {} : { seq }), ...(path === null ? {} : { path }) }, { expected, found });
    }
    const sum = (key: keyof RecordCounts): number => counts.reduce((total, each) => total + each[key], 0);
    return { workflows: sum('workflows'), events: sum('events'), evidence: sum('evidence') };
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(async (thread) => thread.close()));
  }

  // A workflow stays with one thread: its records are checked in their order.
  #threadOf(workflow: WorkflowId): RecordThread | undefined {
    let hash = 0;
    for (let index = 0; index < workflow.length; index++) hash = (hash * 31 + workflow.charCodeAt(index)) >>> 0;
    return this.#threads[hash % this.#threads.length];
  }
}

type Found = Extract<FromRecordThread, { kind: 'done' }>['problems'];

class RecordThread {
  readonly #worker: Worker;
  readonly #onProblems: (problems: Found) => void;
  #batch: RecordWork[] = [];
  #waiting = 0;
  #room: (() => void) | null = null;
  #failure: Error | null = null;
  #finished: { resolve: (counts: RecordCounts) => void; reject: (error: Error) => void } | null = null;

  constructor(objects: string, onProblems: (problems: Found) => void) {
    this.#onProblems = onProblems;
    this.#worker = new Worker(new URL('./record-thread.ts', import.meta.url), { workerData: { objects } });
    this.#worker.on('message', (message: FromRecordThread) => this.#onMessage(message));
    this.#worker.once('error', (error: Error) => this.#fail(error));
    this.#worker.once('exit', () => this.#fail(new CountersignError('broken', 'record-thread', 'A thread that checks records ended too early.')));
  }

  send(message: ToRecordThread): void {
    this.#worker.postMessage(message);
  }

  async add(work: RecordWork): Promise<void> {
    this.#assertWell();
    this.#batch.push(work);
    if (this.#batch.length < BATCH) return;
    this.#flush();
    if (this.#waiting < WAITING_MAX) return;
    await new Promise<void>((resolve) => void (this.#room = resolve));
    this.#assertWell();
  }

  async finish(): Promise<RecordCounts> {
    this.#assertWell();
    this.#flush();
    const finished = new Promise<RecordCounts>((resolve, reject) => void (this.#finished = { resolve, reject }));
    this.send({ kind: 'finish' });
    return finished;
  }

  async close(): Promise<void> {
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }

  #assertWell(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  #flush(): void {
    if (this.#batch.length === 0) return;
    this.#waiting++;
    this.send({ kind: 'work', batch: this.#batch });
    this.#batch = [];
  }

  #onMessage(message: FromRecordThread): void {
    switch (message.kind) {
      case 'done':
        this.#waiting--;
        this.#onProblems(message.problems);
        return this.#makeRoom();
      case 'finished':
        return this.#finished?.resolve(message.counts);
      case 'failed':
        return this.#fail(new CountersignError(message.error.kind, message.error.code, message.error.message));
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#finished?.reject(this.#failure);
    this.#makeRoom();
  }

  #makeRoom(): void {
    this.#room?.();
    this.#room = null;
  }
}

import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

import { CountersignError } from '../../domain/errors.ts';
import type { WorkflowId } from '../../domain/ids.ts';
import type { LedgerRepository } from '../../git/ledger-objects.ts';
import type { WorkflowChange } from '../../ledger/verify/changes.ts';
import type { RecordCounts, RecordsCheck } from '../../ledger/verify/ledger-check.ts';
import { LocalRecords } from '../../ledger/verify/local-records.ts';
import { ProblemList, toProblem, type Report } from '../../ledger/verify/problem.ts';
import { ObjectCheck } from '../../ledger/verify/read-object.ts';
import type { FoundProblem, FromRecordThread, RecordThreadData, RecordWork, ToRecordThread } from './record-messages.ts';
import { THREAD_LIMITS } from './young-generation.ts';

const THREADS_MAX = 4;
/** Changes in one message to a thread. */
const BATCH = 32;
/** While so many messages wait at every thread, this one checks new workflows itself. */
const BUSY = 3;
/** Messages that may wait at one thread, for workflows that it has begun. */
const WAITING_MAX = 32;

/** Starts threads that check records, without waiting for them. */
export function startRecordThreads({ directory, indexes }: LedgerRepository, count = recordThreads()): readonly RecordThread[] {
  const data: RecordThreadData = { objects: directory, indexes, isCompileCached: getCompileCacheDir() !== undefined };
  return Array.from({ length: count }, () => new RecordThread(data));
}

/** How many threads check records beside this one, which reads commits and the folders above workflows; none where there is but one core. */
export const recordThreads = (): number => Math.min(THREADS_MAX, availableParallelism() - 1);

/**
 * Checks the records of a large ledger in threads, and in this one when all of them are busy. A workflow stays where it began,
 * as long as something is known of it there. What was found is reported at the end, in the ledger's order.
 */
export class ThreadedRecords implements RecordsCheck {
  readonly #report: Report;
  readonly #threads: readonly RecordThread[];
  readonly #local: LocalRecords;
  readonly #found = new ProblemList<FoundProblem>();
  readonly #begun = new Map<WorkflowId, RecordThread | 'local'>();
  #at = 0;

  /** Takes `threads` over until it has finished; who started them ends them. */
  constructor(objects: LedgerRepository, report: Report, threads: readonly RecordThread[]) {
    this.#report = report;
    const toFound: Report = (code, message, place, difference) => this.#keep([{ at: this.#at, problem: toProblem(code, message, place, difference) }]);
    this.#local = new LocalRecords(new ObjectCheck(objects, toFound), toFound);
    this.#threads = threads;
    for (const thread of threads) {
      thread.onDone = ({ problems, forgotten }) => {
        this.#keep(problems);
        for (const workflow of forgotten) if (!thread.isWaitingFor(workflow)) this.#begun.delete(workflow);
      };
    }
  }

  begin(ledger: string | null, trusted: boolean): void {
    this.#local.begin(ledger, trusted);
    for (const thread of this.#threads) thread.send({ kind: 'begin', ledger, trusted });
  }

  // Where a change will be read is only known at its turn.
  prepare = (): void => undefined;

  addTo(change: WorkflowChange): void | Promise<void> {
    const { workflow } = change;
    const place = this.#begun.get(workflow) ?? this.#leastBusy();
    this.#begun.set(workflow, place);
    this.#at++;
    return place === 'local' ? this.#addHere(change) : place.add({ at: this.#at, change });
  }

  async finish(): Promise<RecordCounts> {
    const counts = await Promise.all([this.#local.finish(), ...this.#threads.map(async (thread) => thread.finish())]);
    for (const { problem } of this.#found.listed.toSorted((left, right) => left.at - right.at)) {
      const { code, message, workflow, seq, path, expected, found } = problem;
      this.#report(code, message, { ...(workflow === null ? {} : { workflow }), ...(seq === null ? {} : { seq }), ...(path === null ? {} : { path }) }, { expected, found });
    }
    const sum = (key: 'workflows' | 'events' | 'evidence'): number => counts.reduce((total, each) => total + each[key], 0);
    return { workflows: sum('workflows'), events: sum('events'), evidence: sum('evidence'), unlisted: this.#found.unlisted };
  }

  async #addHere(change: WorkflowChange): Promise<void> {
    await this.#local.addTo(change);
    if (!this.#local.isOpen(change.workflow)) this.#begun.delete(change.workflow);
    // Lets the threads' messages in.
    await new Promise((resolve) => void setImmediate(resolve));
  }

  #keep(problems: readonly FoundProblem[]): void {
    for (const problem of problems) this.#found.add(problem);
  }

  #leastBusy(): RecordThread | 'local' {
    const [first, ...others] = this.#threads;
    if (!first) return 'local';
    const least = others.reduce((best, thread) => (thread.waiting < best.waiting ? thread : best), first);
    return least.waiting >= BUSY ? 'local' : least;
  }
}

type Done = Extract<FromRecordThread, { kind: 'done' }>;

/** One thread that checks records. `close` ends it, whatever it is doing. */
export class RecordThread {
  onDone: (done: Done) => void = () => undefined;
  readonly #worker: Worker;
  #batch: RecordWork[] = [];
  /** The workflows of each message that it has not answered. */
  readonly #sent: (readonly WorkflowId[])[] = [];
  #room: (() => void) | null = null;
  #failure: Error | null = null;
  #finished: { resolve: (counts: RecordCounts) => void; reject: (error: Error) => void } | null = null;

  constructor(workerData: RecordThreadData) {
    this.#worker = new Worker(new URL('./record-thread.ts', import.meta.url), { workerData, resourceLimits: THREAD_LIMITS });
    this.#worker.on('message', (message: FromRecordThread) => this.#onMessage(message));
    this.#worker.once('error', (error: Error) => this.#fail(error));
    this.#worker.once('exit', () => this.#fail(new CountersignError('broken', 'record-thread', 'A thread that checks records ended too early.')));
  }

  /** Messages that it has not answered. */
  get waiting(): number {
    return this.#sent.length;
  }

  /** True when changes of the workflow are on their way to it. */
  isWaitingFor(workflow: WorkflowId): boolean {
    return this.#batch.some(({ change }) => change.workflow === workflow) || this.#sent.some((batch) => batch.includes(workflow));
  }

  send(message: ToRecordThread): void {
    this.#worker.postMessage(message);
  }

  add(work: RecordWork): void | Promise<void> {
    this.#assertWell();
    this.#batch.push(work);
    if (this.#batch.length < BATCH) return;
    this.#flush();
    // Its answers are only heard when this thread waits for a moment.
    return this.#sent.length < WAITING_MAX ? new Promise((resolve) => void setImmediate(resolve)) : this.#waitForRoom();
  }

  async #waitForRoom(): Promise<void> {
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
    this.#sent.push(this.#batch.map(({ change }) => change.workflow));
    this.send({ kind: 'work', batch: this.#batch });
    this.#batch = [];
  }

  #onMessage(message: FromRecordThread): void {
    switch (message.kind) {
      case 'done':
        this.#sent.shift();
        this.onDone(message);
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

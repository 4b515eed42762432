import { parentPort, workerData } from 'node:worker_threads';

import { CountersignError } from '../../domain/errors.ts';
import { openLedgerRepository } from '../../git/ledger-objects.ts';
import { LocalRecords } from '../../ledger/verify/local-records.ts';
import { toProblem, type Report } from '../../ledger/verify/problem.ts';
import { ObjectCheck } from '../../ledger/verify/read-object.ts';
import type { FoundProblem, FromRecordThread, RecordThreadData, RecordWork, ToRecordThread } from './record-messages.ts';

// Checks the records of some of the workflows of a large ledger, reading objects by itself. See threaded-records.ts.

const { objects, indexes } = workerData as RecordThreadData;
const repository = await openLedgerRepository(objects, indexes);
const found: FoundProblem[] = [];
let at = 0;
const report: Report = (code, message, place, difference) => void found.push({ at, problem: toProblem(code, message, place, difference) });
const records = new LocalRecords(new ObjectCheck(repository, report), report);

const say = (message: FromRecordThread): void => parentPort?.postMessage(message);

async function onWork(batch: readonly RecordWork[]): Promise<void> {
  for (const work of batch) {
    at = work.at;
    records.prepare(work.change);
  }
  for (const work of batch) {
    at = work.at;
    await records.addTo(work.change);
  }
  const workflows = new Set(batch.map(({ change }) => change.workflow));
  say({ kind: 'done', problems: found.splice(0), forgotten: [...workflows].filter((workflow) => !records.isOpen(workflow)) });
}

async function onMessage(message: ToRecordThread): Promise<void> {
  switch (message.kind) {
    case 'begin':
      return records.begin(message.ledger, message.trusted);
    case 'work':
      return onWork(message.batch);
    case 'finish':
      await repository.close();
      return say({ kind: 'finished', counts: await records.finish() });
  }
}

function fail(error: unknown): void {
  const { kind, code, message } = error instanceof CountersignError ? error : { kind: 'broken' as const, code: 'record-thread', message: error instanceof Error ? error.message : String(error) };
  say({ kind: 'failed', error: { kind, code, message } });
}

// One message after the other: records are checked in the order in which they come.
let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (message: ToRecordThread) => {
  last = last.then(async () => onMessage(message)).catch(fail);
});

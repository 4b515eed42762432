import { parentPort, workerData } from 'node:worker_threads';

import { CountersignError } from '../../domain/errors.ts';
import { openLedgerRepository } from '../../git/ledger-objects.ts';
import { additionOf, FilesAhead } from '../../ledger/verify/changes.ts';
import { toProblem, type Report } from '../../ledger/verify/problem.ts';
import { ObjectCheck } from '../../ledger/verify/read-object.ts';
import { WorkflowRecords } from '../../ledger/verify/workflow-records.ts';
import type { FromRecordThread, RecordThreadData, RecordWork, ToRecordThread } from './record-messages.ts';

// Checks the records of some of the workflows of a large ledger, with a git process of its own. See threaded-records.ts.

const { objects } = workerData as RecordThreadData;
const repository = await openLedgerRepository(objects);
const found: { at: number; problem: ReturnType<typeof toProblem> }[] = [];
let at = 0;
const report: Report = (code, message, place, difference) => void found.push({ at, problem: toProblem(code, message, place, difference) });
const check = new ObjectCheck(repository, report);
const records = new WorkflowRecords(check, report, () => undefined);
const ahead = new FilesAhead(check);

const say = (message: FromRecordThread): void => parentPort?.postMessage(message);

async function onWork(batch: readonly RecordWork[]): Promise<void> {
  const reading = batch.map((work) => ahead.read(work.files.flatMap((file) => additionOf(file, check, report))));
  for (const each of reading) each.catch(() => undefined); // Heard of in its turn.
  for (const [index, { workflow, before, ...work }] of batch.entries()) {
    const additions = (await reading[index]) ?? [];
    at = work.at;
    await records.addTo(workflow, before, additions);
  }
  say({ kind: 'done', problems: found.splice(0) });
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

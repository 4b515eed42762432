import { afterEach, beforeEach, expect, it } from 'vitest';

import { writeConcurrently, keysOf, type Writer } from '../ledger/testing/concurrent-writers.ts';
import { GENESIS_BYTES } from '../ledger/testing/conformance.ts';
import { fakeClock, seededRandom } from '../ledger/testing/fakes.ts';
import { SampleEvents } from '../ledger/testing/sample-events.ts';
import { appendSample } from '../ledger/testing/sample-history.ts';
import { expectSoundLedger, recordedKeys } from '../ledger/testing/soundness.ts';
import { createRepository, git } from '../ledger/testing/temporary-repository.ts';
import { openLocalLedger } from './ledger-store.ts';

const PROCESSES = 8;
const WRITERS_EACH = 8;
const WORKFLOWS = 16;
const APPENDS_EACH = process.env['COUNTERSIGN_LONG'] === '1' ? 6 : 1;

let repository: ReturnType<typeof createRepository>;
beforeEach(() => {
  repository = createRepository();
});
afterEach(() => repository.remove());

it(`keeps every append of ${PROCESSES * WRITERS_EACH} writers in ${PROCESSES} processes, once, in the order of each`, async () => {
  const { gitDir } = repository;
  const random = seededRandom(1);
  const store = openLocalLedger({ gitDir, clock: fakeClock(), random });
  await store.createGenesis(GENESIS_BYTES);
  const workflows = Array.from({ length: WORKFLOWS }, (_, index) => `wf-20261122-${'abcdefghijklmnop'[index]?.repeat(6)}`);
  for (const workflow of workflows) {
    const events = new SampleEvents(workflow, 2, random);
    await appendSample({ store, clock: fakeClock(), random }, events, events.created());
  }
  // Four writers of four processes meet in each workflow; all of them on the one branch.
  const groups = Array.from({ length: PROCESSES }, (_, process) =>
    Array.from({ length: WRITERS_EACH }, (__, index): Writer => ({ name: `${process}.${index}`, workflow: workflows[(process * WRITERS_EACH + index) % WORKFLOWS] ?? '' })),
  );
  const retries = await writeConcurrently(gitDir, groups, APPENDS_EACH);

  const writers = groups.flat();
  for (const workflow of workflows) {
    const [created = '', ...keys] = await recordedKeys(gitDir, workflow);
    expect(created).toBe(`${workflow}:0`);
    const mine = writers.filter((writer) => writer.workflow === workflow);
    for (const writer of mine) expect(keys.filter((key) => key.startsWith(`writer-${writer.name}-`))).toEqual(keysOf(writer, APPENDS_EACH));
    expect(keys).toHaveLength(mine.length * APPENDS_EACH);
  }
  expect(git(gitDir, ['rev-list', '--count', 'ledger']).toString().trim()).toBe(String(1 + WORKFLOWS + writers.length * APPENDS_EACH));
  await expectSoundLedger(gitDir);
  expect(retries['no-answer']).toBe(0);
  process.stderr.write(`${writers.length} writers in ${PROCESSES} processes: ${writers.length * APPENDS_EACH} appends, ${retries['lost-race']} decided again after a lost race\n`);
});

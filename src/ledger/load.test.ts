import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLocalLedger } from '../git/ledger-store.ts';
import type { WorkflowSnapshot } from '../ports/ledger-store.ts';
import { foldSnapshot } from './load.ts';
import { fakeClock, seededRandom } from './testing/fakes.ts';
import { GENESIS_BYTES } from './testing/genesis.ts';
import { SampleEvents } from './testing/sample-events.ts';
import { appendSample } from './testing/sample-history.ts';
import { createRepository } from './testing/temporary-repository.ts';

const ID = 'wf-20261122-k3v9q2';
let repository: ReturnType<typeof createRepository>;
let snapshot: WorkflowSnapshot;

beforeEach(async () => {
  repository = createRepository();
  const time = { clock: fakeClock(), random: seededRandom(3) };
  const store = openLocalLedger({ gitDir: repository.gitDir, ...time });
  await store.createGenesis(GENESIS_BYTES);
  const events = new SampleEvents(ID, 2, seededRandom(7));
  await appendSample({ store, ...time }, events, events.created());
  snapshot = await store.readWorkflow(ID);
});
afterEach(() => repository.remove());

test('records are folded only where they belong: to this ledger, this workflow, this place', () => {
  expect(foldSnapshot(snapshot, ID).workflow?.status).toBe('INGESTED');
  const [first] = snapshot.events;
  if (!first) throw new Error('the sample has an event');
  const refused = (changed: Partial<WorkflowSnapshot>, id = ID): unknown => {
    try {
      return foldSnapshot({ ...snapshot, ...changed }, id);
    } catch (error) {
      return error;
    }
  };
  expect(refused({ ledger: 'another-ledger' })).toMatchObject({ code: 'ledger-invalid', message: expect.stringContaining('belongs to another ledger') });
  expect(refused({}, 'wf-20261122-aaaaaa')).toMatchObject({ code: 'ledger-invalid' });
  expect(refused({ events: [{ ...first, path: first.path.replace('0001', '0002') }] })).toMatchObject({ code: 'ledger-invalid', message: expect.stringContaining('the next file would be') });
  expect(refused({ events: [first, first] })).toMatchObject({ code: 'ledger-invalid' });
  const text = new TextDecoder().decode(first.bytes);
  expect(refused({ events: [{ ...first, bytes: new TextEncoder().encode(text.replace('"prev":null', `"prev":"${'a'.repeat(64)}"`)) }] })).toMatchObject({ code: 'ledger-invalid', message: expect.stringContaining('hash of the event before it') });
});

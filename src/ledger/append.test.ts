import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openLocalLedger } from '../git/ledger-store.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import { outsideError } from '../domain/errors.ts';
import { appendEvents, type AppendDecision } from './append.ts';
import { loadWorkflow } from './load.ts';
import { GENESIS_BYTES } from './testing/conformance.ts';
import { fakeClock, seededRandom } from './testing/fakes.ts';
import { CONTEXT, SampleEvents, together, type Sample } from './testing/sample-events.ts';
import { createRepository } from './testing/temporary-repository.ts';

const ID = 'wf-20261122-k3v9q2';
let repository: ReturnType<typeof createRepository>;
let store: LedgerStore;
const events = (): SampleEvents => new SampleEvents(ID, 2, seededRandom(7));

beforeEach(async () => {
  repository = createRepository();
  const local = openLocalLedger({ gitDir: repository.gitDir, clock: fakeClock(), random: seededRandom(1) });
  await local.createGenesis(GENESIS_BYTES);
  store = local;
});
afterEach(() => repository.remove());

const append = (decide: AppendDecision | ((loaded: { events: readonly unknown[] }) => AppendDecision), over: LedgerStore = store) =>
  appendEvents({ store: over, clock: fakeClock(), random: seededRandom(2), workflow: ID, context: CONTEXT, decide: typeof decide === 'function' ? decide : () => decide });
const sample = (...samples: readonly Sample[]): AppendDecision => ({ kind: 'append', ...together(...samples) });

/** The store with its `commit` replaced. */
const withCommit = (commit: LedgerStore['commit']): LedgerStore => ({ readWorkflow: (id) => store.readWorkflow(id), readEvidence: (id, hashes) => store.readEvidence(id, hashes), commit });

describe('appendEvents', () => {
  it('records several events and their evidence in one commit and gives all their commands', async () => {
    const made = events();
    const result = await append(sample(made.created(), made.ingested()));
    expect(result).toMatchObject({ kind: 'appended', commands: [{ kind: 'design' }], workflow: { status: 'INGESTED' } });
    const loaded = await loadWorkflow(store, ID);
    expect(loaded.events.map(({ seq, type, prev }) => [seq, type, prev !== null])).toEqual([
      [1, 'E_WORKFLOW_CREATED', false],
      [2, 'E_CONTEXT_INGESTED', true],
    ]);
    expect(result.kind === 'appended' && result.commit).toBe(loaded.tip);
  });

  it('writes nothing when the state machine refuses one of them', async () => {
    const made = events();
    const { tip } = await store.readWorkflow(ID);
    expect(await append(sample(made.created(), made.gate(4)))).toMatchObject({ kind: 'refused', code: 'not-in-this-state' });
    expect(await store.readWorkflow(ID)).toMatchObject({ tip, events: [] });
  });

  it('says why there was nothing to do', async () => {
    expect(await append({ kind: 'nothing', reason: 'done already' })).toEqual({ kind: 'nothing', reason: 'done already', workflow: null });
  });

  it('decides again on the new fold after a lost race', async () => {
    const made = events();
    await append(sample(made.created()));
    const seen: number[] = [];
    let raced = false;
    const other = events();
    other.created();
    const result = await append((loaded) => {
      seen.push(loaded.events.length);
      return loaded.events.length === 1 ? sample(keyed(other.ingested(), 'first')) : { kind: 'nothing', reason: 'someone else did it' };
    }, withCommit(async (commit) => {
      if (!raced) {
        raced = true;
        await append(sample(keyed(events().ingested(), 'rival')));
      }
      return store.commit(commit);
    }));
    expect(seen).toEqual([1, 2]);
    expect(result).toMatchObject({ kind: 'nothing', reason: 'someone else did it' });
  });

  it('finds its own commit after the answer got lost, and does not record twice', async () => {
    let lost = 0;
    const flaky = withCommit(async (commit) => {
      await store.commit(commit);
      lost++;
      throw outsideError('network', 'The connection broke.');
    });
    const made = events();
    const result = await append(sample(made.created()), flaky);
    expect(result).toMatchObject({ kind: 'appended', commands: [{ kind: 'design' }] });
    expect(lost).toBe(1);
    expect((await loadWorkflow(store, ID)).events).toHaveLength(1);
  });

  it('tries again when the commit did not land, and reports the failure when it never does', async () => {
    let calls = 0;
    const once = withCommit((commit) => (calls++ === 0 ? Promise.reject(outsideError('network', 'The connection broke.')) : store.commit(commit)));
    expect(await append(sample(events().created()), once)).toMatchObject({ kind: 'appended' });
    const never = withCommit(() => Promise.reject(outsideError('network', 'The connection broke.')));
    await expect(append(sample(keyed(events().ingested(), 'later')), never)).rejects.toMatchObject({ code: 'network' });
    expect((await loadWorkflow(store, ID)).events).toHaveLength(1);
  });

  it('gives up with a sentence when others are always faster', async () => {
    const slow = withCommit(() => Promise.resolve({ kind: 'lost-race' }));
    await expect(append(sample(events().created()), slow)).rejects.toMatchObject({ kind: 'outside', code: 'ledger-busy' });
  });

  it('gives the first answer again when the same keys come back, and refuses a key that says something else', async () => {
    const decision = sample(events().created());
    const first = await append(decision);
    const again = await append(decision);
    expect(again).toMatchObject({ kind: 'appended', commands: [{ kind: 'design' }] });
    expect(again).toEqual({ ...first, commit: again.kind === 'appended' ? again.commit : '' });
    expect((await loadWorkflow(store, ID)).events).toHaveLength(1);
    expect(await append(sample(keyed(events().ingested(), `${ID}:0`)))).toMatchObject({ kind: 'refused', code: 'idempotency-conflict' });
  });

  it('refuses to record evidence that is missing, or that no event names', async () => {
    const created = events().created();
    await expect(append({ kind: 'append', ...created, evidence: [] })).rejects.toMatchObject({ kind: 'broken', code: 'evidence-missing' });
    const extra = { bytes: new Uint8Array([1]), mediaType: 'text/plain', name: 'stray' } as const;
    await expect(append({ kind: 'append', ...created, evidence: [...created.evidence, extra] })).rejects.toMatchObject({ code: 'evidence-unreferenced' });
    expect((await store.readWorkflow(ID)).events).toEqual([]);
  });

  it('refuses to build on records that do not hold', async () => {
    await append(sample(events().created()));
    const { tip, events: files } = await store.readWorkflow(ID);
    await store.commit({ expectedTip: tip, message: 'forged\n', files: [{ path: files[0]!.path.replace('0001', '0002'), bytes: files[0]!.bytes }] });
    await expect(append(sample(keyed(events().ingested(), 'next')))).rejects.toMatchObject({ kind: 'broken', code: 'ledger-invalid' });
  });
});

function keyed(one: Sample, key: string): Sample {
  return { ...one, entries: one.entries.map((entry) => ({ ...entry, idempotencyKey: key })) };
}

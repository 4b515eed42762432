import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { workflowDirectory } from '../../domain/ids.ts';
import type { CommitResult, LedgerStore } from '../../ports/ledger-store.ts';
import { appendEvents } from '../append.ts';
import { canonicalJson, sha256 } from '../canonical-json.ts';
import { createGenesis, encodeGenesis } from '../codec.ts';
import { loadWorkflow } from '../load.ts';
import { fakeClock, seededRandom } from './fakes.ts';
import { CONTEXT, SampleEvents, together } from './sample-events.ts';
import { GENESIS_BYTES, LEDGER_ID } from './genesis.ts';
import { appendSample, recordHistory } from './sample-history.ts';

export { GENESIS_BYTES, LEDGER_ID } from './genesis.ts';

/** What a store needs to be put through the suite. `open` gives a second, independent store over the same branch. */
export interface StoreUnderTest {
  readonly store: LedgerStore;
  readonly open: () => LedgerStore;
  readonly createGenesis: (bytes: Uint8Array) => Promise<CommitResult>;
  readonly remove: () => Promise<void> | void;
}

const ID = 'wf-20261122-k3v9q2';
const OTHER = 'wf-20261123-aaaaaa';

/** Every implementation of `LedgerStore` must pass this. */
export function describeLedgerStore(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a ledger store`, () => {
    let under: StoreUnderTest;
    beforeEach(async () => {
      under = await create();
      expect(await under.createGenesis(GENESIS_BYTES)).toMatchObject({ kind: 'committed' });
    });
    afterEach(() => under.remove());
    const bench = (store = under.store, seed = 1) => ({ store, clock: fakeClock(), random: seededRandom(seed) });
    const samples = (id = ID, repos = 2) => new SampleEvents(id, repos, seededRandom(7));

    it('gives an unknown workflow no events, but the tip and the id of the ledger', async () => {
      const snapshot = await under.store.readWorkflow(ID);
      expect(snapshot).toMatchObject({ ledger: LEDGER_ID, events: [] });
      expect(snapshot.tip).toMatch(/^[0-9a-f]{40}$/);
    });

    it('does not begin a ledger twice', async () => {
      const { tip } = await under.store.readWorkflow(ID);
      expect(await under.createGenesis(encodeGenesis(createGenesis('another-ledger', '2026-11-22T10:00:00Z')))).toEqual({ kind: 'lost-race' });
      expect(await under.store.readWorkflow(ID)).toMatchObject({ tip, ledger: LEDGER_ID });
    });

    it('records whole lives of workflows and reads each back alone, byte for byte', async () => {
      const done = await recordHistory(bench(), samples());
      await recordHistory(bench(), samples(OTHER, 1));
      expect(done.status).toBe('DONE');
      const loaded = await loadWorkflow(under.open(), ID);
      expect(loaded.workflow).toEqual(done);
      expect(new Set(loaded.events.map((event) => event.workflow))).toEqual(new Set([ID]));
    });

    it('gives evidence by its hash, and rejects for one that it does not hold', async () => {
      const sample = samples().created();
      await appendSample(bench(), samples(), sample);
      const hash = sample.entries[0]!.evidence[0]!;
      expect((await under.store.readEvidence(ID, [hash, hash])).get(hash)).toEqual(new Uint8Array(sample.evidence[0]!.bytes));
      await expect(under.store.readEvidence(ID, [sha256(new Uint8Array([1]))])).rejects.toMatchObject({ name: 'CountersignError' });
      await expect(under.store.readEvidence(OTHER, [hash])).rejects.toMatchObject({ name: 'CountersignError' });
    });

    it('gives no evidence whose bytes are not those that its name says', async () => {
      const sample = samples().created();
      await appendSample(bench(), samples(), sample);
      const { tip } = await under.store.readWorkflow(ID);
      const hash = 'a'.repeat(64);
      expect(await under.open().commit({ expectedTip: tip, message: 'x\n', files: [{ path: `${workflowDirectory(ID)}/evidence/${hash}.txt`, bytes: new Uint8Array([1]) }] })).toMatchObject({ kind: 'committed' });
      await expect(under.open().readEvidence(ID, [hash])).rejects.toMatchObject({ kind: 'broken', code: 'evidence-changed' });
    });

    it('takes many small events in one commit, and reads each back', async () => {
      const events = samples();
      await appendSample(bench(), events, events.created());
      let commits = 0;
      const counting: LedgerStore = { readWorkflow: (id) => under.store.readWorkflow(id), readEvidence: (id, hashes) => under.store.readEvidence(id, hashes), commit: (commit) => (commits++, under.store.commit(commit)) };
      const batch = together(...Array.from({ length: 60 }, () => events.run()));
      const result = await appendSample(bench(counting), events, batch);
      const loaded = await loadWorkflow(under.open(), ID);
      expect(loaded.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 61 }, (_, index) => index + 1));
      expect(result).toMatchObject({ kind: 'appended', commit: loaded.tip });
      expect(commits).toBe(1);
      const hashes = batch.evidence.map(({ bytes }) => sha256(bytes));
      expect([...(await under.open().readEvidence(ID, hashes)).keys()]).toEqual([...new Set(hashes)]);
    });

    it('keeps evidence of any bytes as it is', async () => {
      const events = samples();
      const created = events.created();
      const anything = [new Uint8Array(), Uint8Array.of(0, 255, 13, 10, 0), new TextEncoder().encode('\ufeffline\r\nline\r'), new Uint8Array(1_500_000).map((_, index) => (index * 31) % 251)].map((bytes) => ({ bytes, mediaType: 'text/plain' as const, name: 'bytes' }));
      const hashes = anything.map(({ bytes }) => sha256(bytes));
      await appendSample(bench(), events, { entries: created.entries.map((entry) => ({ ...entry, evidence: [...entry.evidence, ...hashes] })), evidence: [...created.evidence, ...anything] });
      const read = await under.open().readEvidence(ID, hashes);
      for (const { bytes } of anything) expect(Buffer.from(read.get(sha256(bytes)) ?? []).equals(bytes)).toBe(true);
    });

    it('refuses a commit on an old tip and writes nothing of it', async () => {
      const { tip: old } = await under.store.readWorkflow(ID);
      await appendSample(bench(), samples(), samples().created());
      const { tip } = await under.store.readWorkflow(ID);
      const late = { expectedTip: old, message: 'late\n', files: [{ path: `${workflowDirectory(OTHER)}/0001-workflow-created.json`, bytes: canonicalJson({}) }] };
      expect(await under.open().commit(late)).toEqual({ kind: 'lost-race' });
      expect(await under.store.readWorkflow(OTHER)).toMatchObject({ tip, events: [] });
    });

    it('lets exactly one of many commits on the same tip win', async () => {
      const { tip } = await under.store.readWorkflow(ID);
      const results = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          under.open().commit({ expectedTip: tip, message: `writer ${index}\n`, files: [{ path: `${workflowDirectory(ID)}/evidence/${index}${'0'.repeat(63)}.txt`, bytes: new Uint8Array([index]) }] }),
        ),
      );
      expect(results.filter(({ kind }) => kind === 'committed')).toHaveLength(1);
    });

    it('keeps every append of writers who race, each decided on the fold it was written on', async () => {
      await appendSample(bench(), samples(), samples().created());
      const counts: number[] = [];
      const writers = Array.from({ length: 5 }, (_, writer) =>
        appendEvents({
          ...bench(under.open(), writer + 10),
          workflow: ID,
          context: CONTEXT,
          decide: (loaded) => {
            const { entries, evidence } = new SampleEvents(ID, 2, seededRandom(writer)).run();
            counts.push(loaded.events.length);
            return { kind: 'append', entries: entries.map((entry) => ({ ...entry, idempotencyKey: `writer-${writer}` })), evidence };
          },
        }),
      );
      const results = await Promise.all(writers);
      expect(results.map(({ kind }) => kind)).toEqual(Array(5).fill('appended'));
      const loaded = await loadWorkflow(under.open(), ID);
      expect(new Set(loaded.events.slice(1).map(({ id }) => id)).size).toBe(5);
      expect(counts.length).toBeGreaterThan(5); // Some had to decide again.
    });
  });
}

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { WorkflowId } from '../../domain/ids.ts';
import { openLocalLedger, type LocalLedgerStore } from '../../git/ledger-store.ts';
import { GENESIS_BYTES } from './genesis.ts';
import type { LedgerDisk } from '../../git/ledger-store-disk.ts';
import { appendEvents } from '../append.ts';
import { fakeClock, seededRandom } from './fakes.ts';
import { CONTEXT, SampleEvents, together, type Sample } from './sample-events.ts';
import { createRepository, git } from './temporary-repository.ts';

export const WORKFLOW: WorkflowId = 'wf-20261122-k3v9q2';

/** One step that is tried under faults: where it starts from, what it does, and which events must be there afterwards. */
export interface FaultCase {
  readonly name: string;
  readonly prepare: (gitDir: string) => Promise<void>;
  readonly run: (store: LocalLedgerStore) => Promise<unknown>;
  readonly keys: readonly string[];
}

const samples = (): SampleEvents => new SampleEvents(WORKFLOW, 2, seededRandom(7));
export const openStore = (gitDir: string, disk?: LedgerDisk): LocalLedgerStore => openLocalLedger({ gitDir, clock: fakeClock(), random: seededRandom(3), ...(disk === undefined ? {} : { disk }) });

/** A step of a job: it can be run again, for its events have the same keys each time. */
export function appendStep(store: LocalLedgerStore, sample: Sample): Promise<unknown> {
  return appendEvents({ store, clock: fakeClock(), random: seededRandom(5), workflow: WORKFLOW, context: CONTEXT, decide: () => ({ kind: 'append', ...sample }) });
}

const [created, ingested, recorded] = ((): Sample[] => {
  const events = samples();
  return [events.created(), together(events.ingested(), events.run(), events.run()), together(events.run(), events.run(), events.run())];
})() as [Sample, Sample, Sample];
const keysOf = (...all: readonly Sample[]): readonly string[] => all.flatMap(({ entries }) => entries.map(({ idempotencyKey }) => idempotencyKey));

export const FAULT_CASES: readonly FaultCase[] = [
  { name: 'the first file of a ledger', prepare: async () => undefined, run: (store) => store.createGenesis(GENESIS_BYTES), keys: [] },
  { name: 'the first event of a workflow', prepare: async (gitDir) => void (await openStore(gitDir).createGenesis(GENESIS_BYTES)), run: (store) => appendStep(store, created), keys: keysOf(created) },
  {
    name: 'several events at once, on a packed ledger',
    async prepare(gitDir) {
      const store = openStore(gitDir);
      await store.createGenesis(GENESIS_BYTES);
      await appendStep(store, created);
      await appendStep(store, ingested);
      git(gitDir, ['gc', '-q', '--prune=now']);
      git(gitDir, ['pack-refs', '--all', '--prune']);
    },
    run: (store) => appendStep(store, recorded),
    keys: keysOf(created, ingested, recorded),
  },
];

/** Prepares each case once and gives copies of it. */
export class PreparedCase {
  readonly it: FaultCase;
  readonly #template = createRepository();
  readonly #copies: string[] = [];

  private constructor(it: FaultCase) {
    this.it = it;
  }

  static async prepare(it: FaultCase): Promise<PreparedCase> {
    const prepared = new PreparedCase(it);
    await it.prepare(prepared.#template.gitDir);
    return prepared;
  }

  copy(): string {
    const directory = mkdtempSync(join(tmpdir(), 'countersign-fault-'));
    this.#copies.push(directory);
    cpSync(this.#template.gitDir, join(directory, 'control.git'), { recursive: true });
    return join(directory, 'control.git');
  }

  removeCopies(): void {
    for (const directory of this.#copies.splice(0)) rmSync(directory, { recursive: true, force: true });
  }

  remove(): void {
    this.removeCopies();
    this.#template.remove();
  }
}

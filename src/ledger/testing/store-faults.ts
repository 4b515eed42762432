import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Workflow } from '../../domain/workflow.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { appendEvents, type AppendResult } from '../append.ts';
import { fakeClock, seededRandom } from './fakes.ts';
import { WORKFLOW } from './fault-cases.ts';
import { FAULT_MODES, FaultInjector, type Fault } from './faults.ts';
import { CONTEXT, SampleEvents, type Sample } from './sample-events.ts';
import { nextStep } from './sample-history.ts';
import { expectSoundLedger, recordedKeys } from './soundness.ts';

/** A ledger that has begun. `open` gives what a new job would have: a store that remembers nothing. */
export interface LedgerUnderTest {
  readonly open: () => LedgerStore;
  readonly gitDir: string;
  readonly remove: () => Promise<void> | void;
}

/** How each step of a life is disturbed. `begin` is told of each step by its number; `killed` resolves when the job that takes it has ended. */
export interface Disturbance {
  readonly begin: (store: LedgerStore, step: number) => { readonly store: LedgerStore; readonly killed: Promise<unknown> };
  /** The retry of a step is not disturbed. */
  readonly end: () => void;
}

/** The combinations of faults among the calls of one step: each call alone, and each fault of the read that follows a commit without an answer. */
export const STORE_FAULTS: readonly (readonly Fault[])[] = [
  ...['readWorkflow#1', 'commit#1'].flatMap((call) => FAULT_MODES.map((mode) => [{ call, mode }])),
  ...(['error-before', 'error-after', 'twice'] as const).flatMap((lost) => FAULT_MODES.map((mode) => [{ call: 'commit#1', mode: lost }, { call: 'readWorkflow#2', mode }])),
];

interface Combination<T> {
  readonly title: string;
  readonly faults: T;
}

/** Lives through one life with the faults that `pick` gives for each step; says how many faults were met. */
type Attempt<T> = (pick: (step: number) => T) => Promise<{ readonly points: number; readonly steps: number }>;

/** Tries each of `combinations` in every step of a life with test:long; else in one step of one life. */
export function describeFaults<T>(name: string, combinations: readonly Combination<T>[], attempt: Attempt<T>): void {
  const together = { title: `each of ${combinations.length} combinations in one step`, pick: (step: number): T => combinations[step % combinations.length]!.faults, stepsMin: combinations.length };
  const alone = combinations.map(({ title, faults }) => ({ title: `${title}, in every step`, pick: () => faults, stepsMin: 1 }));
  it.each(process.env['COUNTERSIGN_LONG'] === '1' ? alone : [together])('$title', async ({ title, pick, stepsMin }) => {
    const { points, steps } = await attempt(pick);
    expect(steps).toBeGreaterThanOrEqual(stepsMin);
    process.stderr.write(`${name}, ${title}: ${points} points tried in ${steps} steps\n`);
  });
}

/** Each call of a store in turn goes wrong, in each way. */
export function describeStoreFaults(name: string, create: () => Promise<LedgerUnderTest>): void {
  describe(`${name}: a fault in each store call in turn`, () => {
    let under: LedgerUnderTest;
    beforeEach(async () => {
      under = await create();
    });
    afterEach(() => under.remove());

    const combinations = STORE_FAULTS.map((faults) => ({ faults, title: faults.map(({ call, mode }) => `${mode} at ${call}`).join(', then ') }));
    describeFaults(name, combinations, async (pick) => {
      let points = 0;
      const begin = (store: LedgerStore, step: number): ReturnType<Disturbance['begin']> => {
        const injector = new FaultInjector(pick(step));
        points += pick(step).length;
        return { store: faultyStore(store, injector), killed: injector.killed };
      };
      return { steps: await liveThrough(under, { begin, end: () => undefined }), points };
    });
  });
}

export function faultyStore(store: LedgerStore, injector: FaultInjector): LedgerStore {
  return {
    readWorkflow: (id) => injector.call('readWorkflow', () => store.readWorkflow(id)),
    readEvidence: (id, hashes) => injector.call('readEvidence', () => store.readEvidence(id, hashes)),
    commit: (commit) => injector.call('commit', () => store.commit(commit)),
  };
}

/**
 * Takes a workflow through its life. Each step is disturbed; when it fails, or its job ends, it is taken again undisturbed by
 * a new job. Then every event must be there once and in order, and the ledger must verify. Gives the number of steps.
 */
export async function liveThrough(under: LedgerUnderTest, disturbance: Disturbance): Promise<number> {
  const events = new SampleEvents(WORKFLOW, 2, seededRandom(7));
  const keys: string[] = [];
  let workflow: Workflow | null = null;
  let steps = 0;
  for (; !workflow?.outcome; steps++) {
    const sample: Sample = nextStep(events, workflow);
    const { store, killed } = disturbance.begin(under.open(), steps);
    const outcome = await Promise.race([takeStep(store, sample).catch((error: unknown) => error), killed]);
    disturbance.end();
    const done: AppendResult = isAppended(outcome) ? outcome : await takeStep(under.open(), sample);
    workflow = done.kind === 'refused' ? workflow : done.workflow;
    keys.push(...sample.entries.map(({ idempotencyKey }) => idempotencyKey));
    expect(await recordedKeys(under.gitDir, WORKFLOW), `after step ${steps}`).toEqual(keys);
  }
  await expectSoundLedger(under.gitDir);
  return steps;
}

const isAppended = (outcome: unknown): outcome is AppendResult & { readonly kind: 'appended' } => typeof outcome === 'object' && outcome !== null && 'kind' in outcome && outcome.kind === 'appended';

// It decides as the product's jobs do: what it finds done already it does not ask for again. Nothing but `appended` may come
// of a job that has recorded its events itself, whatever became of the answers.
async function takeStep(store: LedgerStore, sample: Sample): Promise<AppendResult> {
  let asked = false;
  const result = await appendEvents({
    store,
    clock: fakeClock(),
    random: seededRandom(5),
    workflow: WORKFLOW,
    context: CONTEXT,
    decide(loaded) {
      const isDone = sample.entries.every(({ idempotencyKey }) => loaded.events.some(({ id }) => id === idempotencyKey));
      expect(isDone && asked, 'a job took its own events for those of another').toBe(false);
      asked = true;
      return isDone ? { kind: 'nothing', reason: 'It is done already.' } : { kind: 'append', ...sample };
    },
  });
  expect(result.kind).not.toBe('refused');
  return result;
}

import type { Command } from '../domain/command.ts';
import type { WorkflowEvent } from '../domain/event.ts';
import { CountersignError, outsideError } from '../domain/errors.ts';
import type { Oid, WorkflowId } from '../domain/ids.ts';
import type { Workflow } from '../domain/workflow.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { CommitResult, LedgerCommit, LedgerStore } from '../ports/ledger-store.ts';
import { findRecorded } from './find-recorded.ts';
import { loadWorkflow, type LoadedWorkflow } from './load.ts';
import { planAppend, type AppendContext, type AppendRequest } from './plan-append.ts';

// Each lost race is another writer's progress: 64 writers on one branch were seen to need about 20.
const ATTEMPTS_MAX = 60;
// How often a store may fail outright (not merely lose a race) before its failure is reported.
const FAILURES_MAX = 3;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 5_000;

/** What the caller wants recorded, given the workflow as it stands. Asked again after every lost race. */
export type AppendDecision = ({ readonly kind: 'append' } & AppendRequest) | { readonly kind: 'nothing'; readonly reason: string };

export interface AppendOptions {
  readonly store: LedgerStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly workflow: WorkflowId;
  readonly context: AppendContext;
  readonly decide: (snapshot: LoadedWorkflow) => AppendDecision | Promise<AppendDecision>;
  /** Told before each further attempt: the branch moved on in between, or the store gave no answer. */
  readonly onRetry?: (cause: 'lost-race' | 'no-answer') => void;
}

export type AppendResult =
  | {
      readonly kind: 'appended';
      readonly workflow: Workflow;
      /** What all new events together ask to be done next, in order. */
      readonly commands: readonly Command[];
      /** A ledger commit that holds the events: the one that added them, or after a lost answer the tip that was found to hold them. */
      readonly commit: Oid;
      readonly events: readonly WorkflowEvent[];
    }
  | { readonly kind: 'nothing'; readonly reason: string; readonly workflow: Workflow | null }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/**
 * Records events and their evidence in one commit, or nothing at all. Read the tip, fold, decide, build, compare-and-swap.
 * Another writer first: read, fold and decide again. The answer got lost: read again and look for the events' ids, so
 * that nothing is recorded twice. Rejects with an `outside` error when 60 attempts lost or three failed, with `broken` when the
 * ledger's own records do not hold.
 */
export async function appendEvents(options: AppendOptions): Promise<AppendResult> {
  const sent = new Sent();
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (attempt > 0) await backOff(options, attempt);
    const loaded = await load(options, sent);
    if (loaded === null) continue;
    const landed = sent.findIn(loaded);
    if (landed) return landed;
    sent.assertWorthTrying();
    const decision = await options.decide(loaded);
    if (decision.kind === 'nothing') return { kind: 'nothing', reason: decision.reason, workflow: loaded.workflow };
    const recorded = findRecorded(loaded, decision.entries);
    if (recorded) return recorded;
    const plan = planAppend(loaded, decision, { ...options.context, at: options.clock.now() });
    if (plan.kind === 'refused') return plan;
    const answer = await tryCommit(options.store, plan.commit);
    if (answer.kind === 'committed') return { kind: 'appended', workflow: plan.workflow, commands: plan.commands, commit: answer.commit, events: plan.events };
    sent.add(plan.events);
    if (answer.kind === 'unknown') sent.addFailure(answer.error);
    options.onRetry?.(answer.kind === 'unknown' ? 'no-answer' : 'lost-race');
  }
  throw outsideError('ledger-busy', `Other writers were faster ${ATTEMPTS_MAX} times. Nothing was recorded; run it again.`);
}

/**
 * What was sent to the store without a word that it was recorded. It may have landed all the same: the answer got lost, or the
 * request was delivered twice and the second time was answered as a lost race. So it is looked for in every later read, before
 * `decide`, which would take its own events for somebody else's.
 */
class Sent {
  readonly #sent: (readonly WorkflowEvent[])[] = [];
  readonly #failures: unknown[] = [];

  get isEmpty(): boolean {
    return this.#sent.length === 0;
  }

  add(events: readonly WorkflowEvent[]): void {
    this.#sent.push(events);
  }

  addFailure(error: unknown): void {
    this.#failures.push(error);
  }

  findIn(loaded: LoadedWorkflow): AppendResult | null {
    for (const events of this.#sent) {
      const found = findRecorded(loaded, events.map(({ type, body, id }) => ({ type, body, idempotencyKey: id })));
      // A key that says something else by now is for the next decision to meet.
      if (found?.kind === 'appended') return found;
    }
    return null;
  }

  /** Throws the first failure when there were too many. */
  assertWorthTrying(): void {
    if (this.#failures.length >= FAILURES_MAX) throw this.#failures[0];
  }
}

// A read that fails is the caller's to know about, except while it is open whether our own commit has landed.
async function load({ store, workflow }: AppendOptions, sent: Sent): Promise<LoadedWorkflow | null> {
  try {
    return await loadWorkflow(store, workflow);
  } catch (error) {
    if (sent.isEmpty) throw error;
    sent.addFailure(error);
    sent.assertWorthTrying();
    return null;
  }
}

async function tryCommit(store: LedgerStore, commit: LedgerCommit): Promise<CommitResult | { readonly kind: 'unknown'; readonly error: unknown }> {
  try {
    return await store.commit(commit);
  } catch (error) {
    // Refused before anything was sent.
    if (error instanceof CountersignError && error.kind !== 'outside') throw error;
    return { kind: 'unknown', error };
  }
}

// Full jitter: any wait up to the cap, so that writers who collided do not collide again.
function backOff({ clock, random }: AppendOptions, attempt: number): Promise<void> {
  return clock.sleep(random.fraction() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempt));
}

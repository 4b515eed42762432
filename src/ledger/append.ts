import type { Command } from '../domain/command.ts';
import type { WorkflowEvent } from '../domain/event.ts';
import { outsideError } from '../domain/errors.ts';
import type { Oid, WorkflowId } from '../domain/ids.ts';
import type { Workflow } from '../domain/workflow.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { CommitResult, LedgerCommit, LedgerStore } from '../ports/ledger-store.ts';
import { findRecorded } from './find-recorded.ts';
import { loadWorkflow, type LoadedWorkflow } from './load.ts';
import { planAppend, type AppendContext, type AppendRequest } from './plan-append.ts';

const ATTEMPTS_MAX = 10;
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
 * that nothing is recorded twice. Rejects with an `outside` error when ten attempts lost or three failed, with `broken` when the
 * ledger's own records do not hold.
 */
export async function appendEvents(options: AppendOptions): Promise<AppendResult> {
  let failures = 0;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (attempt > 0) await backOff(options, attempt);
    const loaded = await loadWorkflow(options.store, options.workflow);
    const decision = await options.decide(loaded);
    if (decision.kind === 'nothing') return { kind: 'nothing', reason: decision.reason, workflow: loaded.workflow };
    const recorded = findRecorded(loaded, decision.entries);
    if (recorded) return recorded;
    const plan = planAppend(loaded, decision, { ...options.context, at: options.clock.now() });
    if (plan.kind === 'refused') return plan;
    const answer = await tryCommit(options.store, plan.commit);
    if (answer.kind === 'committed') return { kind: 'appended', workflow: plan.workflow, commands: plan.commands, commit: answer.commit, events: plan.events };
    if (answer.kind === 'unknown') {
      const found = await findAfterLostAnswer(options, plan.events);
      if (found) return found;
      failures++;
      if (failures === FAILURES_MAX) throw answer.error;
    }
  }
  throw outsideError('ledger-busy', `Other writers were faster ${ATTEMPTS_MAX} times. Nothing was recorded; run it again.`);
}

async function tryCommit(store: LedgerStore, commit: LedgerCommit): Promise<CommitResult | { readonly kind: 'unknown'; readonly error: unknown }> {
  try {
    return await store.commit(commit);
  } catch (error) {
    return { kind: 'unknown', error };
  }
}

// The commit may have landed although its answer did not. Asked before `decide`, which would see its own events as done.
async function findAfterLostAnswer(options: AppendOptions, events: readonly WorkflowEvent[]): Promise<AppendResult | null> {
  const loaded = await loadWorkflow(options.store, options.workflow).catch(() => null);
  if (!loaded) return null;
  return findRecorded(
    loaded,
    events.map((event) => ({ type: event.type, body: event.body, idempotencyKey: event.id })),
  );
}

// Full jitter: any wait up to the cap, so that writers who collided do not collide again.
function backOff({ clock, random }: AppendOptions, attempt: number): Promise<void> {
  return clock.sleep(random.fraction() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempt));
}

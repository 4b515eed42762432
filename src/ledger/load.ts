import type { WorkflowEvent } from '../domain/event.ts';
import { brokenError, type CountersignError } from '../domain/errors.ts';
import { workflowDirectory, type Oid, type Sha256, type WorkflowId } from '../domain/ids.ts';
import type { Workflow } from '../domain/workflow.ts';
import type { LedgerStore, WorkflowSnapshot } from '../ports/ledger-store.ts';
import { sha256 } from '../schema/sha256.ts';
import { decodeEvent } from './codec.ts';
import { foldEvent } from './fold.ts';
import { eventFileName } from './layout.ts';

/** A workflow as its records leave it at `tip`. `workflow` is null when it has no records yet. */
export interface LoadedWorkflow {
  readonly id: WorkflowId;
  readonly workflow: Workflow | null;
  readonly events: readonly WorkflowEvent[];
  readonly tip: Oid;
  readonly ledger: string;
  /** SHA-256 of the last event file's bytes: the next event's `prev`. */
  readonly lastHash: Sha256 | null;
}

/** Reads and folds one workflow. Fails closed: rejects with a `broken` error `ledger-invalid` when the records do not hold. */
export async function loadWorkflow(store: LedgerStore, id: WorkflowId): Promise<LoadedWorkflow> {
  return foldSnapshot(await store.readWorkflow(id), id);
}

export function foldSnapshot(snapshot: WorkflowSnapshot, id: WorkflowId): LoadedWorkflow {
  let loaded: LoadedWorkflow = { id, workflow: null, events: [], tip: snapshot.tip, ledger: snapshot.ledger, lastHash: null };
  const events: WorkflowEvent[] = [];
  for (const { path, bytes } of snapshot.events) {
    const decoded = decodeEvent(bytes);
    if (decoded.kind === 'invalid') throw invalid(path, decoded.problems.join('; '));
    const event = decoded.value;
    assertChained(loaded, event, { path, seq: events.length + 1 });
    const step = foldEvent(loaded.workflow, event, id);
    if (step.kind === 'illegal') throw invalid(path, step.reason);
    if (step.kind === 'state-mismatch') throw invalid(path, `it records ${step.found}, the state machine says ${step.expected}`);
    events.push(event);
    loaded = { ...loaded, workflow: step.workflow, events, lastHash: sha256(bytes) };
  }
  return loaded;
}

function assertChained(loaded: LoadedWorkflow, event: WorkflowEvent, place: { path: string; seq: number }): void {
  const expectedPath = `${workflowDirectory(loaded.id)}/${eventFileName(place.seq, event.type)}`;
  if (place.path !== expectedPath) throw invalid(place.path, `the next file would be ${expectedPath}`);
  if (event.ledger !== loaded.ledger) throw invalid(place.path, 'it belongs to another ledger');
  if (event.workflow !== loaded.id) throw invalid(place.path, `it belongs to ${event.workflow}`);
  if (event.seq !== place.seq) throw invalid(place.path, `it says number ${event.seq}`);
  if (event.prev !== loaded.lastHash) throw invalid(place.path, 'it does not name the hash of the event before it');
}

function invalid(path: string, why: string): CountersignError {
  return brokenError('ledger-invalid', `The ledger's file ${path} does not hold: ${why}. Run "countersign ledger verify" and see who changed it; nothing was written.`);
}

import type { WorkflowEvent } from '../../domain/event.ts';
import type { WorkflowId } from '../../domain/ids.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { openLedger } from '../ledger-place.ts';
import { loadWorkflow } from '../../ledger/load.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';

/** What the ledger says of one workflow since the last look. */
export interface News {
  readonly workflow: Workflow | null;
  readonly events: readonly WorkflowEvent[];
}

/** Reads one workflow again and again, giving each event once. */
export class LedgerFollower {
  readonly #store: LedgerStore;
  readonly id: WorkflowId;
  #seen = 0;

  constructor(gitDir: string, id: WorkflowId) {
    this.#store = openLedger(gitDir);
    this.id = id;
  }

  async look(): Promise<News> {
    const { workflow, events } = await loadWorkflow(this.#store, this.id);
    const fresh = events.slice(this.#seen);
    this.#seen = events.length;
    return { workflow, events: fresh };
  }

  async evidence(hash: string): Promise<Uint8Array> {
    return (await this.#store.readEvidence(this.id, [hash])).get(hash) ?? new Uint8Array();
  }
}


import { GENESIS_PATH } from '../layout.ts';
import type { Change, WorkflowChange } from './changes.ts';
import { checkGenesis } from './genesis.ts';
import type { Report } from './problem.ts';

export interface RecordCounts {
  readonly workflows: number;
  readonly events: number;
  readonly evidence: number;
  /** Problems that were found beyond those that can be listed, and not reported. */
  readonly unlisted?: number;
}

/** Who checks the records of workflows: in this thread, or in several. */
export interface RecordsCheck {
  /** The ledger's id, before anything is added. `trusted`: what lies before the first addition was verified earlier, not in this run. */
  begin(ledger: string | null, trusted: boolean): void;
  /** Told of a change before its turn, so that reading can begin. */
  prepare(change: WorkflowChange): void;
  /** Takes what one commit did to one workflow. */
  addTo(change: WorkflowChange): void | Promise<void>;
  /** Resolves when everything was checked and reported. */
  finish(): Promise<RecordCounts>;
}

/** Checks what a change is as a whole, and hands the records on. */
export class LedgerCheck {
  ledger: string | null = null;
  readonly #records: RecordsCheck;
  readonly #report: Report;

  constructor(records: RecordsCheck, report: Report) {
    this.#records = records;
    this.#report = report;
  }

  /** Goes on from a commit that is taken as verified. */
  begin(ledger: string | null): void {
    this.ledger = ledger;
    this.#records.begin(ledger, true);
  }

  async addChange(change: Change, { isFirst }: { readonly isFirst: boolean }): Promise<void> {
    const { oid, additions, workflows } = change;
    if (isFirst) await this.#checkFirst(change);
    // A workflow's folder that differs and has nothing new is reported by whoever reads it.
    if (additions.length + workflows.length === 0) this.#report('commit-empty', `Commit ${oid} records nothing.`, {}, { expected: 'at least one event', found: 'no ledger file' });
    for (const each of workflows) {
      const adding = this.#records.addTo(each);
      if (adding instanceof Promise) await adding;
    }
  }

  // The first commit adds ledger.json and nothing else; no later commit can add it again without changing it.
  async #checkFirst({ oid, additions, workflows }: Change): Promise<void> {
    const genesis = additions.find(({ meaning }) => meaning.kind === 'genesis');
    const content = (await genesis?.take()) ?? null;
    this.ledger = checkGenesis(content instanceof Uint8Array ? content : null, oid, this.#report);
    this.#records.begin(this.ledger, false);
    if (genesis && additions.length + workflows.length > 1) this.#report('genesis', `The first commit ${oid} adds more than ${GENESIS_PATH}.`, {}, { expected: 'no other file and no workflow', found: `${additions.length - 1} files and ${workflows.length} workflows` });
  }
}

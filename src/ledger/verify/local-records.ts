import type { WorkflowEvent } from '../../domain/event.ts';
import { workflowDirectory, type WorkflowId } from '../../domain/ids.ts';
import { parseRecordName } from '../layout.ts';
import { reportUnexpected, toAddition, type LedgerAddition, type WorkflowChange } from './changes.ts';
import { FilesAhead } from './files-ahead.ts';
import type { RecordCounts, RecordsCheck } from './ledger-check.ts';
import type { Report } from './problem.ts';
import type { ObjectCheck } from './read-object.ts';
import { readTreeDelta, type TreeDelta } from './tree-delta.ts';
import { TreeShelf } from './tree-shelf.ts';
import { WorkflowRecords } from './workflow-records.ts';

type Additions = readonly LedgerAddition[];

/** Reads what was added to the folders of workflows, and checks it, in this thread. */
export class LocalRecords implements RecordsCheck {
  readonly #objects: ObjectCheck;
  readonly #report: Report;
  readonly #shelf: TreeShelf;
  readonly #ahead: FilesAhead;
  readonly #records: WorkflowRecords;
  readonly #reading = new Map<WorkflowChange, Additions | Promise<Additions>>();

  constructor(objects: ObjectCheck, report: Report, onEvent: (event: WorkflowEvent) => void = () => undefined) {
    this.#objects = objects;
    this.#report = report;
    this.#shelf = new TreeShelf(objects);
    this.#ahead = new FilesAhead(objects);
    this.#records = new WorkflowRecords(objects, report, onEvent);
  }

  begin(ledger: string | null, trusted: boolean): void {
    this.#records.begin(ledger, trusted);
  }

  /** True while more can be added to the workflow. */
  isOpen = (workflow: WorkflowId): boolean => this.#records.isOpen(workflow);

  finish = (): Promise<RecordCounts> => this.#records.finish();

  prepare(change: WorkflowChange): void {
    const reading = this.#read(change);
    if (reading instanceof Promise) reading.catch(() => undefined); // Heard of in its turn.
    this.#reading.set(change, reading);
  }

  async addTo(change: WorkflowChange): Promise<void> {
    const reading = this.#reading.get(change) ?? this.#read(change);
    this.#reading.delete(change);
    await this.#records.addTo(change.workflow, change.before, reading instanceof Promise ? await reading : reading);
  }

  #read({ workflow, before, after, addedMax }: WorkflowChange): Additions | Promise<Additions> {
    const folder = workflowDirectory(workflow);
    const delta = readTreeDelta(this.#shelf, { before, after, addedMax, workflow: folder }, this.#report);
    return delta instanceof Promise ? delta.then(async (read) => this.#additions(workflow, folder, read)) : this.#additions(workflow, folder, delta);
  }

  #additions(workflow: WorkflowId, folder: string, { added }: TreeDelta): Additions | Promise<Additions> {
    const additions: LedgerAddition[] = [];
    for (const file of added) {
      const meaning = parseRecordName(workflow, file.path.slice(folder.length + 1));
      if (meaning) additions.push(toAddition(file, meaning, this.#objects));
      else reportUnexpected(file, this.#report);
    }
    return this.#ahead.read(additions);
  }
}

import type { WorkflowEvent } from '../../domain/event.ts';
import type { Oid, WorkflowId } from '../../domain/ids.ts';
import { workflowDirectory } from '../../domain/ids.ts';
import { parseLedgerPath, type LedgerPath } from '../layout.ts';
import { bytesMaxOf, type LedgerAddition } from './changes.ts';
import { isTreeMode, parseTree } from './git-object.ts';
import type { RecordCounts } from './ledger-check.ts';
import type { Report } from './problem.ts';
import type { ObjectCheck } from './read-object.ts';
import { WorkflowCheck, type ReadFile } from './workflow-check.ts';

type RecordAddition = LedgerAddition<Exclude<LedgerPath, { kind: 'genesis' }>>;

/** Open workflows that are kept in memory; one that was put aside is read again when a commit adds to it. */
const OPEN_MAX = 2_000;
/** Bytes of one commit's evidence that are kept until its events were read; what is beyond is read again. */
const SHELF_BYTES_MAX = 64 * 1024 * 1024;
const SILENT: Report = () => undefined;

/** Checks the records of workflows in this thread. */
export class WorkflowRecords {
  #ledger: string | null = null;
  readonly #objects: ObjectCheck;
  readonly #report: Report;
  readonly #onEvent: (event: WorkflowEvent) => void;
  readonly #open = new Map<WorkflowId, WorkflowCheck>();
  #trusted = false;
  #workflows = 0;
  #events = 0;
  #evidence = 0;

  constructor(objects: ObjectCheck, report: Report, onEvent: (event: WorkflowEvent) => void) {
    this.#objects = objects;
    this.#report = report;
    this.#onEvent = onEvent;
  }

  begin(ledger: string | null, trusted: boolean): void {
    this.#ledger = ledger;
    this.#trusted = trusted;
  }

  /** True while more can be added to the workflow. */
  isOpen = (id: WorkflowId): boolean => this.#open.has(id);

  finish = (): Promise<RecordCounts> => Promise.resolve({ workflows: this.#workflows, events: this.#events, evidence: this.#evidence });

  /** Takes what one commit adds to one workflow, whose folder was the tree `before` until then; null: it is new. */
  async addTo(id: WorkflowId, before: Oid | null, additions: readonly LedgerAddition[]): Promise<void> {
    if (before === null) this.#workflows++;
    const check = this.#open.get(id) ?? (await this.#reopen(id, before));
    this.#open.delete(id);
    await this.#addRecords(check, additions.filter((file): file is RecordAddition => file.meaning.kind !== 'genesis'));
    this.#keep(id, check);
  }

  // A closed workflow takes no more events, and the folder in the tree remembers that it is there.
  #keep(id: WorkflowId, check: WorkflowCheck): void {
    if (check.isClosed) return;
    this.#open.set(id, check);
    const [oldest] = this.#open.size > OPEN_MAX ? this.#open.keys() : [];
    if (oldest !== undefined) this.#open.delete(oldest);
  }

  /** A workflow as the folder that it had before leaves it. What was wrong there has been reported, unless it was never read. */
  async #reopen(id: WorkflowId, before: Oid | null): Promise<WorkflowCheck> {
    if (before === null) return new WorkflowCheck(id, this.#ledger, this.#report);
    const check = new WorkflowCheck(id, this.#ledger, this.#trusted ? this.#report : SILENT);
    const files = await this.#listFolder(before, workflowDirectory(id));
    await this.#feed(check, files);
    check.reportTo(this.#report);
    return check;
  }

  async #listFolder(tree: Oid, path: string): Promise<readonly RecordAddition[]> {
    const bytes = await this.#objects.tree(tree, { path });
    const files: RecordAddition[] = [];
    for (const { name, mode, oid } of (bytes && parseTree(bytes)) ?? []) {
      const inner = `${path}/${name}`;
      if (isTreeMode(mode)) {
        if (name === 'evidence') files.push(...(await this.#listFolder(oid, inner)));
        continue;
      }
      const meaning = parseLedgerPath(inner);
      if (!meaning || meaning.kind === 'genesis') continue;
      const request = { oid, bytesMax: bytesMaxOf(meaning), place: { path: inner, workflow: meaning.workflow } };
      files.push({ path: inner, oid, meaning, request, take: () => this.#objects.file(request) });
    }
    return files;
  }

  async #addRecords(check: WorkflowCheck, files: readonly RecordAddition[]): Promise<void> {
    const { events, evidence, named } = await this.#feed(check, files);
    this.#events += events.length;
    this.#evidence += evidence.length;
    for (const event of named.events) this.#onEvent(event);
    for (const { path, meaning } of evidence) {
      if (meaning.kind === 'evidence' && !named.hashes.has(meaning.sha256)) this.#report('evidence-unreferenced', 'No event of the commit that added it names this evidence.', { workflow: check.id, path });
    }
  }

  async #feed(check: WorkflowCheck, files: readonly RecordAddition[]) {
    const events = files.filter(({ meaning }) => meaning.kind === 'event').toSorted((left, right) => seqOf(left) - seqOf(right));
    const evidence = files.filter(({ meaning }) => meaning.kind === 'evidence');
    const shelf = new Map<Oid, Uint8Array>();
    let shelved = 0;
    for (const file of evidence) {
      const taken = file.take();
      const content = taken instanceof Promise ? await taken : taken;
      check.addEvidence(file, content);
      if (!(content instanceof Uint8Array) || shelved + content.byteLength > SHELF_BYTES_MAX) continue;
      shelved += content.byteLength;
      shelf.set(file.oid, content);
    }
    const readFile: ReadFile = (request) => shelf.get(request.oid) ?? this.#objects.file(request);
    const named = { events: [] as WorkflowEvent[], hashes: new Set<string>() };
    for (const file of events) {
      const taken = file.take();
      const adding = check.addEvent(file, taken instanceof Promise ? await taken : taken, readFile);
      const event = adding instanceof Promise ? await adding : adding;
      if (!event) continue;
      named.events.push(event);
      for (const { sha256 } of event.evidence) named.hashes.add(sha256);
    }
    return { events, evidence, named };
  }
}

const seqOf = ({ meaning }: RecordAddition): number => (meaning.kind === 'event' ? meaning.seq : 0);

import type { EvidenceRef, WorkflowEvent } from '../../domain/event.ts';
import type { Oid, Sha256, WorkflowId } from '../../domain/ids.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { MEDIA_TYPES } from '../../schema/events.ts';
import { sha256 } from '../../schema/sha256.ts';
import { decodeEvent, EVENT_BYTES_MAX, EVIDENCE_BYTES_MAX } from '../codec.ts';
import { domainEventOf, foldEvent } from '../fold.ts';
import { EXTENSIONS, type LedgerPath } from '../layout.ts';
import { requiredEvidence } from '../required-evidence.ts';
import type { LedgerAddition } from './changes.ts';
import { namedRecord, parseNamedRecord, type NamedRecord, type ParsedRecord } from './named-records.ts';
import type { Place, Report } from './problem.ts';
import type { FileContent, FileRequest } from './read-object.ts';
import { WriteRules } from './write-rules.ts';

interface StoredEvidence {
  readonly oid: Oid;
  readonly size: number;
  readonly extension: string;
}

type EventPath = Extract<LedgerPath, { kind: 'event' }>;
type RecordAddition = LedgerAddition<Exclude<LedgerPath, { kind: 'genesis' }>>;
type EventFile = EventPath & { readonly path: string };
/** Gives a file of the workflow by its git id, or its size when that is more than `bytesMax`. */
export type ReadFile = (request: FileRequest) => FileContent | Promise<FileContent>;

/** Checks one workflow's records in the order in which they were added. Keeps what it needs for the next, and no bytes. */
export class WorkflowCheck {
  readonly id: WorkflowId;
  readonly #ledger: string | null;
  #report: Report;
  readonly #evidence = new Map<Sha256, StoredEvidence>();
  readonly #ids = new Set<string>();
  readonly #rules = new WriteRules();
  #workflow: Workflow | null = null;
  #foldable = true;
  #seq = 0;
  #lastHash: Sha256 | null = null;

  constructor(id: WorkflowId, ledger: string | null, report: Report) {
    this.id = id;
    this.#ledger = ledger;
    this.#report = report;
  }

  /** True when the state machine takes nothing more: what is added later cannot hold. */
  get isClosed(): boolean {
    return this.#foldable && this.#workflow?.outcome != null;
  }

  /** From here on, problems are reported to `report`. */
  reportTo(report: Report): void {
    this.#report = report;
  }

  /** Takes evidence that a commit added, before that commit's events. */
  addEvidence({ path, oid, meaning }: RecordAddition, content: FileContent): void {
    if (meaning.kind !== 'evidence' || content === null) return; // What cannot be read was reported; what names it will miss it.
    const place = { workflow: this.id, path };
    const size = content instanceof Uint8Array ? content.byteLength : content.size;
    if (content instanceof Uint8Array) {
      const actual = sha256(content);
      if (actual !== meaning.sha256) this.#report('evidence-hash', 'The evidence has other bytes than its name says.', place, { expected: meaning.sha256, found: actual });
    } else {
      this.#report('evidence-size', 'The evidence is larger than this format allows; it was not read.', place, { expected: `at most ${EVIDENCE_BYTES_MAX} bytes`, found: `${size} bytes` });
    }
    if (this.#evidence.has(meaning.sha256)) this.#report('evidence-unreferenced', 'The same evidence is stored twice.', place);
    this.#evidence.set(meaning.sha256, { oid, size, extension: meaning.extension });
  }

  /** Checks the next event. Gives the record back when it could be read. */
  addEvent({ path, meaning }: RecordAddition, content: FileContent, readFile: ReadFile): WorkflowEvent | null | Promise<WorkflowEvent | null> {
    if (meaning.kind !== 'event') return null;
    const file = { ...meaning, path };
    const place = { workflow: this.id, seq: file.seq, path: file.path };
    if (file.seq !== this.#seq + 1) {
      this.#report('event-sequence', 'An event is missing, repeated or out of order.', place, { expected: `number ${this.#seq + 1}`, found: `number ${file.seq}` });
    }
    const expectedPrev = this.#lastHash;
    this.#seq = Math.max(this.#seq, file.seq);
    this.#lastHash = content instanceof Uint8Array ? sha256(content) : null;
    const event = this.#decode(content, place);
    if (!event) {
      this.#foldable = false;
      return null;
    }
    this.#checkEnvelope(event, file, expectedPrev);
    for (const ref of event.evidence) this.#checkReference(ref, file);
    this.#checkRequired(event, file);
    const checking = this.#checkRules(event, file, readFile);
    return checking instanceof Promise ? checking.then(() => this.#fold(event, file)) : this.#fold(event, file);
  }

  #decode(content: FileContent, place: Place): WorkflowEvent | null {
    if (content === null) return null; // Reported when it was read.
    if (!(content instanceof Uint8Array)) {
      this.#report('event-not-canonical', 'The event file is larger than this format allows; it was not read.', place, { expected: `at most ${EVENT_BYTES_MAX} bytes`, found: `${content.size} bytes` });
      return null;
    }
    const decoded = decodeEvent(content);
    if (decoded.kind === 'valid') return decoded.value;
    const code = decoded.code === 'not-canonical' ? 'event-not-canonical' : 'event-not-by-schema';
    for (const problem of decoded.problems) this.#report(code, problem, place);
    return null;
  }

  #checkEnvelope(event: WorkflowEvent, file: EventFile, expectedPrev: Sha256 | null): void {
    const place = { workflow: this.id, seq: file.seq, path: file.path };
    if (event.workflow !== this.id) this.#report('foreign-workflow', `The event belongs to ${event.workflow}.`, place, { expected: this.id, found: event.workflow });
    if (event.ledger !== this.#ledger) this.#report('wrong-ledger', 'The event belongs to another ledger.', place, { expected: this.#ledger, found: event.ledger });
    if (event.seq !== file.seq || event.type !== file.type) {
      this.#report('event-name', "The file's name is not the event's number and type.", place, { expected: `${event.seq} ${event.type}`, found: `${file.seq} ${file.type}` });
    }
    if (event.prev !== expectedPrev) {
      this.#report('event-chain', 'The event does not name the hash of the event before it.', place, { expected: expectedPrev ?? 'null', found: event.prev ?? 'null' });
    }
    if (this.#ids.has(event.id)) this.#report('event-repeated', `The id ${event.id} is used by an earlier event.`, place, { found: event.id });
    this.#ids.add(event.id);
  }

  #checkReference(ref: EvidenceRef, file: EventFile): void {
    const place = { workflow: this.id, seq: file.seq, path: file.path };
    const stored = this.#evidence.get(ref.sha256);
    if (!stored) {
      this.#report('evidence-missing', `The evidence "${ref.name}" is not there.`, place, { expected: ref.sha256, found: 'nothing' });
      return;
    }
    if (stored.size !== ref.size) this.#report('evidence-size', `The evidence "${ref.name}" has another size than the event says.`, place, { expected: String(ref.size), found: String(stored.size) });
    const mediaType = MEDIA_TYPES.find((known) => known === ref.mediaType);
    if (!mediaType || EXTENSIONS[mediaType] !== stored.extension) {
      this.#report('evidence-type', `The evidence "${ref.name}" has another file ending than its media type asks for.`, place, { expected: mediaType ? EXTENSIONS[mediaType] : ref.mediaType, found: stored.extension });
    }
  }

  #checkRequired(event: WorkflowEvent, file: EventFile): void {
    for (const { member, sha256: hash } of requiredEvidence(domainEventOf(event))) {
      if (this.#evidence.has(hash)) continue;
      this.#report('evidence-missing', `The event's ${member} names evidence that is not there.`, { workflow: this.id, seq: file.seq, path: file.path }, { expected: hash, found: 'nothing' });
    }
  }

  #checkRules(event: WorkflowEvent, file: EventFile, readFile: ReadFile): void | Promise<void> {
    const place = { workflow: this.id, seq: file.seq, path: file.path };
    const named = namedRecord(domainEventOf(event));
    const reading = named && this.#readNamed(named, place, readFile);
    return reading instanceof Promise ? reading.then((record) => this.#observe(event, record, place)) : this.#observe(event, reading, place);
  }

  #observe(event: WorkflowEvent, record: ParsedRecord | null, place: Place): void {
    for (const broken of this.#rules.observe(event, record)) this.#report(broken.code, broken.message, place, broken);
  }

  /** The document, manifest or result that an event names, when it can be read and holds by its schema. */
  #readNamed(named: NamedRecord, place: Place, readFile: ReadFile): ParsedRecord | null | Promise<ParsedRecord | null> {
    const stored = this.#evidence.get(named.hash);
    const content = stored ? readFile({ oid: stored.oid, bytesMax: EVIDENCE_BYTES_MAX, place }) : null;
    return content instanceof Promise ? content.then((read) => this.#parseNamed(named, read, place)) : this.#parseNamed(named, content, place);
  }

  #parseNamed(named: NamedRecord, content: FileContent, place: Place): ParsedRecord | null {
    if (!(content instanceof Uint8Array)) return null; // Reported as missing, wrong or too large already.
    const parsed = parseNamedRecord(named, content);
    if (parsed.kind === 'valid') return parsed.value;
    const code = named.kind === 'manifest' ? 'manifest-invalid' : 'record-invalid';
    for (const problem of parsed.problems) this.#report(code, `The ${named.what} ${named.hash} does not hold: ${problem}`, place);
    return null;
  }

  // After the first record that cannot be true, every later state would be a guess: one report is enough.
  #fold(event: WorkflowEvent, file: EventFile): WorkflowEvent {
    if (!this.#foldable) return event;
    const place = { workflow: this.id, seq: file.seq, path: file.path };
    const step = foldEvent(this.#workflow, event, this.id);
    if (step.kind === 'illegal') {
      this.#foldable = false;
      this.#report('illegal-transition', `${event.type} could not happen here: ${step.reason}`, place, { expected: `an event that ${this.#workflow?.status ?? 'a new workflow'} accepts`, found: event.type });
      return event;
    }
    if (step.kind === 'state-mismatch') this.#report('state-mismatch', 'The recorded states are not those of the state machine.', place, step);
    this.#workflow = step.workflow;
    return event;
  }
}

import type { Manifest } from '../../domain/change-set.ts';
import type { EvidenceRef, WorkflowEvent } from '../../domain/event.ts';
import type { Oid, Sha256, WorkflowId } from '../../domain/ids.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { MEDIA_TYPES } from '../../schema/events.ts';
import { parseManifest } from '../../schema/manifest.ts';
import { sha256 } from '../../schema/sha256.ts';
import { decode, decodeEvent, EVIDENCE_BYTES_MAX } from '../codec.ts';
import { domainEventOf, foldEvent } from '../fold.ts';
import { EXTENSIONS, type LedgerPath } from '../layout.ts';
import { requiredEvidence } from '../required-evidence.ts';
import type { Report } from './problem.ts';
import { WriteRules } from './write-rules.ts';

export interface StoredEvidence {
  readonly oid: Oid;
  readonly size: number;
  readonly extension: string;
}

export type EventFile = Extract<LedgerPath, { kind: 'event' }> & { readonly path: string; readonly bytes: Uint8Array };
export type EvidenceFile = Extract<LedgerPath, { kind: 'evidence' }> & { readonly path: string; readonly oid: Oid; readonly bytes: Uint8Array };

/** Checks one workflow's records in the order in which they were added. Keeps what it needs for the next, and no bytes. */
export class WorkflowCheck {
  readonly id: WorkflowId;
  readonly #ledger: string | null;
  readonly #report: Report;
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

  /** Takes evidence that a commit added, before that commit's events. */
  addEvidence(file: EvidenceFile): void {
    const place = { workflow: this.id, path: file.path };
    const actual = sha256(file.bytes);
    if (actual !== file.sha256) this.#report('evidence-hash', 'The evidence has other bytes than its name says.', place, { expected: file.sha256, found: actual });
    if (this.#evidence.has(file.sha256)) this.#report('evidence-unreferenced', 'The same evidence is stored twice.', place);
    if (file.bytes.byteLength > EVIDENCE_BYTES_MAX) {
      this.#report('evidence-size', 'The evidence is larger than this format allows.', place, { expected: `at most ${EVIDENCE_BYTES_MAX}`, found: String(file.bytes.byteLength) });
    }
    this.#evidence.set(file.sha256, { oid: file.oid, size: file.bytes.byteLength, extension: file.extension });
  }

  /** Checks the next event. Gives the record back when it could be read. */
  async addEvent(file: EventFile, readBlob: (oid: Oid) => Promise<Uint8Array | null>): Promise<WorkflowEvent | null> {
    const place = { workflow: this.id, seq: file.seq, path: file.path };
    if (file.seq !== this.#seq + 1) {
      this.#report('event-sequence', 'An event is missing, repeated or out of order.', place, { expected: `number ${this.#seq + 1}`, found: `number ${file.seq}` });
    }
    const expectedPrev = this.#lastHash;
    this.#seq = Math.max(this.#seq, file.seq);
    this.#lastHash = sha256(file.bytes);
    const decoded = decodeEvent(file.bytes);
    if (decoded.kind === 'invalid') {
      this.#foldable = false;
      const code = decoded.code === 'not-canonical' ? 'event-not-canonical' : 'event-not-by-schema';
      for (const problem of decoded.problems) this.#report(code, problem, place);
      return null;
    }
    const event = decoded.value;
    this.#checkEnvelope(event, file, expectedPrev);
    for (const ref of event.evidence) this.#checkReference(ref, file);
    this.#checkRequired(event, file);
    await this.#checkRules(event, file, readBlob);
    this.#fold(event, file);
    return event;
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

  async #checkRules(event: WorkflowEvent, file: EventFile, readBlob: (oid: Oid) => Promise<Uint8Array | null>): Promise<void> {
    const manifest = event.type === 'E_PATCH_SET_PROPOSED' ? await this.#readManifest(event.body.digest, file, readBlob) : null;
    for (const broken of this.#rules.observe(event, manifest)) {
      this.#report(broken.code, broken.message, { workflow: this.id, seq: file.seq, path: file.path }, broken);
    }
  }

  async #readManifest(digest: Sha256, file: EventFile, readBlob: (oid: Oid) => Promise<Uint8Array | null>): Promise<Manifest | null> {
    const stored = this.#evidence.get(digest);
    const bytes = stored ? await readBlob(stored.oid) : null;
    if (!bytes) return null; // Reported as missing evidence already.
    const decoded = decode<Manifest>(bytes, (value) => {
      const parsed = parseManifest(value);
      return parsed.kind === 'valid' ? { kind: 'valid', value: parsed.manifest } : { kind: 'invalid', code: 'not-by-schema', problems: parsed.problems };
    });
    if (decoded.kind === 'valid') return decoded.value;
    for (const problem of decoded.problems) this.#report('manifest-invalid', `The manifest does not hold: ${problem}`, { workflow: this.id, seq: file.seq, path: file.path });
    return null;
  }

  // After the first record that cannot be true, every later state would be a guess: one report is enough.
  #fold(event: WorkflowEvent, file: EventFile): void {
    if (!this.#foldable) return;
    const place = { workflow: this.id, seq: file.seq, path: file.path };
    const step = foldEvent(this.#workflow, event, this.id);
    if (step.kind === 'illegal') {
      this.#foldable = false;
      this.#report('illegal-transition', `${event.type} could not happen here: ${step.reason}`, place, { expected: `an event that ${this.#workflow?.status ?? 'a new workflow'} accepts`, found: event.type });
      return;
    }
    if (step.kind === 'state-mismatch') this.#report('state-mismatch', 'The recorded states are not those of the state machine.', place, step);
    this.#workflow = step.workflow;
  }
}

import type { Command } from '../domain/command.ts';
import { refusedError } from '../domain/errors.ts';
import type { Actor, DomainEvent, EventBodies, EventType } from '../domain/event.ts';
import type { Sha256, WorkflowId } from '../domain/ids.ts';
import { isFinal } from '../domain/status.ts';
import { transition } from '../domain/transition.ts';
import type { Workflow } from '../domain/workflow.ts';
import { canonicalJson, sha256 } from '../ledger/canonical-json.ts';
import type { EvidenceInput, PendingEvent } from '../ledger/plan-append.ts';
import { jobRun } from './job-run.ts';
import type { Job } from './ports.ts';
import { redactAll, redactBody, redactedName, redactionReason } from './redaction.ts';

const WORKFLOW_ACTOR: Actor = { kind: 'workflow', login: null, id: null };

/** What a draft starts from: the fold at the ledger's tip. */
export interface DraftBase {
  readonly workflow: Workflow | null;
  /** Events already in the ledger; keys of new ones count on from here. */
  readonly seq: number;
}

/**
 * The events that one decision adds, each tried against the state machine as it is added, so that later ones see the
 * state that earlier ones made. A refusal throws: nothing of the draft is recorded then.
 */
export class Draft {
  readonly #job: Job;
  readonly #id: WorkflowId;
  #seq: number;
  #workflow: Workflow | null;
  readonly #entries: PendingEvent[] = [];
  readonly #evidence: EvidenceInput[] = [];
  readonly #commands: Command[] = [];
  readonly #redactions: string[] = [];

  constructor(job: Job, id: WorkflowId, base: DraftBase) {
    this.#job = job;
    this.#id = id;
    this.#seq = base.seq;
    this.#workflow = base.workflow;
  }

  get workflow(): Workflow {
    if (!this.#workflow) throw refusedError('unknown-workflow', `${this.#id} is not in the ledger. Check the id; \`countersign status\` lists the workflows.`);
    return this.#workflow;
  }

  get commands(): readonly Command[] {
    return this.#commands;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Adds evidence exactly as it is and gives its hash: for what holds no text of others, or what must be bound byte for byte. */
  attach(name: string, mediaType: EvidenceInput['mediaType'], bytes: Uint8Array): Sha256 {
    const hash = sha256(bytes);
    if (!this.#evidence.some((known) => known.name === name && sha256(known.bytes) === hash)) this.#evidence.push({ name, mediaType, bytes });
    return hash;
  }

  /** Adds a JSON value exactly as it is. */
  attachExactJson(name: string, value: unknown): Sha256 {
    return this.attach(name, 'application/json', canonicalJson(value));
  }

  /** Adds a JSON value without the secrets in its texts. */
  attachJson(name: string, value: unknown): Sha256 {
    const { value: stored, redacted } = redactAll(value, this.#job.redact);
    return this.attachExactJson(this.noteRedaction(name, redacted), stored);
  }

  /** Adds a text without the secrets in it. */
  attachText(name: string, mediaType: EvidenceInput['mediaType'], text: string): Sha256 {
    const { text: stored, redacted } = this.#job.redact(text);
    return this.attach(this.noteRedaction(name, redacted), mediaType, new TextEncoder().encode(stored));
  }

  /** Puts on the record, with the next event, that something was taken out of `name`, and gives the name that says so. */
  noteRedaction(name: string, redacted: readonly string[]): string {
    if (redacted.length === 0) return name;
    this.#redactions.push(redactionReason(name, redacted));
    return redactedName(name);
  }

  /** Adds one event, without the secrets in its free texts. `evidence` lists the attached hashes that belong to it. */
  record<T extends EventType>(type: T, body: EventBodies[T], options: { evidence?: readonly Sha256[]; actor?: Actor } = {}): void {
    const { value, redacted } = redactBody(body, this.#job.redact);
    this.noteRedaction(`what ${type} says`, redacted);
    this.#add(type, value, options);
    this.#sayRedacted();
  }

  /** Once a workflow has ended nothing more is recorded; then the names of its evidence say it alone. */
  #sayRedacted(): void {
    if (this.#redactions.length === 0 || isFinal(this.workflow.status)) return;
    for (const reason of this.#redactions.splice(0)) this.#add('E_RUN_RECORDED', jobRun('redact', 'succeeded', reason));
  }

  #add<T extends EventType>(type: T, body: EventBodies[T], options: { evidence?: readonly Sha256[]; actor?: Actor } = {}): void {
    const event = { type, body, at: this.#job.clock.now() } as DomainEvent;
    const outcome = transition(this.#workflow, event, this.#id);
    if (outcome.kind === 'refused') throw refusedError(outcome.code, outcome.reason);
    this.#workflow = outcome.workflow;
    this.#commands.push(...outcome.commands);
    this.#seq += 1;
    this.#entries.push({
      type,
      body,
      actor: options.actor ?? WORKFLOW_ACTOR,
      evidence: [...new Set(options.evidence ?? [])],
      idempotencyKey: `${this.#job.run.id}.${this.#job.run.attempt}.${this.#job.run.job}.${this.#seq}`,
    } as PendingEvent);
  }

  /** Closes a workflow that has ended, with the reason in a sentence. Does nothing for one that goes on. */
  close(reason: string): void {
    const { status, outcome } = this.workflow;
    if (isFinal(status) && !outcome) this.record('E_WORKFLOW_FINISHED', { outcome: status, reason });
  }

  /** What the append protocol takes. */
  toDecision(): { kind: 'append'; entries: PendingEvent[]; evidence: EvidenceInput[] } | { kind: 'nothing'; reason: string } {
    if (this.isEmpty) return { kind: 'nothing', reason: 'Nothing new to record.' };
    return { kind: 'append', entries: this.#entries, evidence: this.#evidence };
  }
}

export const humanActor = (login: string, id: number | null): Actor => ({ kind: 'human', login, id });
/** A model has no login; which one it was stands in the record's body. */
export const MODEL_ACTOR: Actor = { kind: 'model', login: null, id: null };

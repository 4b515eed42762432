import type { Command } from '../domain/command.ts';
import type { Actor, DomainEvent, EvidenceRef, RunRef, WorkflowEvent } from '../domain/event.ts';
import { brokenError, inputError } from '../domain/errors.ts';
import type { Instant, Sha256 } from '../domain/ids.ts';
import { transition } from '../domain/transition.ts';
import type { Workflow } from '../domain/workflow.ts';
import type { LedgerCommit, LedgerFile } from '../ports/ledger-store.ts';
import { parseEvent, SEQ_MAX, type MediaType } from '../schema/events.ts';
import { sha256 } from '../schema/sha256.ts';
import { encodeEvent, EVIDENCE_BYTES_MAX } from './codec.ts';
import { commitMessage } from './commit-message.ts';
import { eventPath, evidencePath } from './layout.ts';
import type { LoadedWorkflow } from './load.ts';
import { requiredEvidence } from './required-evidence.ts';

/** Bytes to keep beside an event. They are named by their hash, which is computed here. */
export interface EvidenceInput {
  readonly bytes: Uint8Array;
  readonly mediaType: MediaType;
  /** What it is, in a word or two: `diff`, `policy result`. */
  readonly name: string;
}

type WithoutInstant<E> = E extends { readonly type: infer T; readonly body: infer B } ? { readonly type: T; readonly body: B } : never;

/** An event that is to be recorded. `evidence` names hashes among the append's own evidence or the workflow's earlier one. */
export type PendingEvent = WithoutInstant<DomainEvent> & {
  readonly actor: Actor;
  readonly evidence: readonly Sha256[];
  /** Becomes the event's `id`: the same key is never recorded twice in a workflow. */
  readonly idempotencyKey: string;
};

/** Which job records, and under which policy. */
export interface AppendContext {
  readonly run: RunRef;
  readonly policy: Sha256;
}

export interface AppendRequest {
  readonly entries: readonly PendingEvent[];
  readonly evidence: readonly EvidenceInput[];
  /** Without the workflow's id, which is always put before it. Default: the most telling event's story. */
  readonly commitSubject?: string;
}

export type AppendPlan =
  | { readonly kind: 'planned'; readonly workflow: Workflow; readonly commands: readonly Command[]; readonly events: readonly WorkflowEvent[]; readonly commit: LedgerCommit }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/** Builds the commit that records `request` on top of `loaded`. Pure; every entry passes `transition`, or none is recorded. */
export function planAppend(loaded: LoadedWorkflow, request: AppendRequest, context: AppendContext & { readonly at: Instant }): AppendPlan {
  if (request.entries.length === 0) throw brokenError('append-empty', 'An append was asked for without any event.');
  const evidence = new EvidenceShelf(loaded, request.evidence);
  const events: WorkflowEvent[] = [];
  const files: LedgerFile[] = [];
  const commands: Command[] = [];
  let workflow = loaded.workflow;
  let prev = loaded.lastHash;
  for (const entry of request.entries) {
    const outcome = transition(workflow, { type: entry.type, body: entry.body, at: context.at } as DomainEvent, loaded.id);
    if (outcome.kind === 'refused') return { kind: 'refused', code: outcome.code, reason: outcome.reason };
    const event = buildEvent(entry, {
      format: 'countersign/event@1',
      ledger: loaded.ledger,
      workflow: loaded.id,
      seq: loaded.events.length + events.length + 1,
      prev,
      at: context.at,
      state: { from: workflow?.status ?? null, to: outcome.workflow.status },
      run: context.run,
      policy: context.policy,
      evidence: entry.evidence.map((hash) => evidence.take(hash, entry.type)),
    });
    for (const { member, sha256: hash } of requiredEvidence(event)) evidence.assertHeld(hash, `${entry.type} ${member}`);
    const bytes = encodeEvent(event);
    files.push({ path: eventPath(event.workflow, event.seq, event.type), bytes });
    events.push(event);
    commands.push(...outcome.commands);
    workflow = outcome.workflow;
    prev = sha256(bytes);
  }
  evidence.assertAllTaken();
  if (!workflow) throw brokenError('append-empty', 'An append ended without a workflow.');
  const commit = { expectedTip: loaded.tip, message: commitMessage(events, request.commitSubject), files: [...files, ...evidence.newFiles()] };
  return { kind: 'planned', workflow, commands, events, commit };
}

function buildEvent(entry: PendingEvent, envelope: object): WorkflowEvent {
  const parsed = parseEvent({ ...envelope, id: entry.idempotencyKey, type: entry.type, actor: entry.actor, body: entry.body });
  if (parsed.kind === 'valid') {
    if (parsed.event.seq > SEQ_MAX) throw inputError('workflow-too-long', `A workflow has at most ${SEQ_MAX} events. Cancel it and start a new one.`);
    return parsed.event;
  }
  throw brokenError('event-invalid', `${entry.type} cannot be recorded: ${parsed.problems.join('; ')}.`);
}

const missing = (hash: Sha256, by: string) => brokenError('evidence-missing', `${by} names the evidence ${hash}, which nobody stored.`);

// What the workflow's records hold already, and what this append adds. Each hash has one file, whatever names it.
class EvidenceShelf {
  readonly #loaded: LoadedWorkflow;
  readonly #held = new Map<Sha256, EvidenceRef>();
  readonly #added = new Map<Sha256, { readonly ref: EvidenceRef; readonly input: EvidenceInput }>();
  readonly #taken = new Set<Sha256>();

  constructor(loaded: LoadedWorkflow, inputs: readonly EvidenceInput[]) {
    this.#loaded = loaded;
    for (const event of loaded.events) for (const ref of event.evidence) if (!this.#held.has(ref.sha256)) this.#held.set(ref.sha256, ref);
    for (const input of inputs) this.#add(input);
  }

  #add(input: EvidenceInput): void {
    if (input.bytes.byteLength > EVIDENCE_BYTES_MAX) {
      throw inputError('evidence-too-large', `The ${input.name} has ${input.bytes.byteLength} bytes; evidence has at most ${EVIDENCE_BYTES_MAX}.`);
    }
    const hash = sha256(input.bytes);
    if (this.#held.has(hash) || this.#added.has(hash)) return;
    this.#added.set(hash, { ref: { sha256: hash, size: input.bytes.byteLength, mediaType: input.mediaType, name: input.name }, input });
  }

  take(hash: Sha256, by: string): EvidenceRef {
    const ref = this.#held.get(hash) ?? this.#added.get(hash)?.ref;
    if (!ref) throw missing(hash, by);
    this.#taken.add(hash);
    return ref;
  }

  assertHeld(hash: Sha256, by: string): void {
    if (!this.#held.has(hash) && !this.#added.has(hash)) throw missing(hash, by);
  }

  // Evidence that no event of this commit names would be refused by the verifier.
  assertAllTaken(): void {
    for (const [hash, { ref }] of this.#added) {
      if (!this.#taken.has(hash)) throw brokenError('evidence-unreferenced', `No event names the evidence "${ref.name}" (${hash}).`);
    }
  }

  newFiles(): readonly LedgerFile[] {
    return [...this.#added].map(([hash, { input }]) => ({ path: evidencePath(this.#loaded.id, hash, input.mediaType), bytes: input.bytes }));
  }
}

import type { Manifest } from '../../src/domain/change-set.ts';
import type { DomainEvent, EventBodies, EventType, EvidenceRef, PatchSetRef } from '../../src/domain/event.ts';
import { workflowDirectory, type Instant, type Sha256, type WorkflowId } from '../../src/domain/ids.ts';
import type { LedgerFile } from '../../src/ports/ledger-store.ts';
import { transition } from '../../src/domain/transition.ts';
import type { Workflow } from '../../src/domain/workflow.ts';
import { canonicalJson } from '../../src/schema/canonical-json.ts';
import { sha256 } from '../../src/schema/sha256.ts';

export const LEDGER_ID = 'ledger-0a1b2c3d';
export const POLICY = sha256(new TextEncoder().encode('policy'));
const encoder = new TextEncoder();

/** One append: the files it adds and the line it has in the ledger's history. */
export interface Append {
  readonly message: string;
  readonly files: readonly LedgerFile[];
}

/**
 * Records a workflow event by event, through the real state machine, as the orchestrator would: a refused event throws.
 * `at` starts at `startedAt` and moves on by `tick` seconds an event.
 */
export class WorkflowBuilder {
  readonly id: WorkflowId;
  readonly appends: Append[] = [];
  #workflow: Workflow | null = null;
  #prev: Sha256 | null = null;
  #seconds: number;
  #evidence: { ref: EvidenceRef; bytes: Uint8Array }[] = [];
  #stored = new Set<Sha256>();

  constructor(id: WorkflowId, startedAt: Instant) {
    this.id = id;
    this.#seconds = Date.parse(startedAt) / 1000;
  }

  get workflow(): Workflow {
    if (!this.#workflow) throw new Error('Nothing was recorded yet.');
    return this.#workflow;
  }

  get now(): Instant {
    return new Date(this.#seconds * 1000).toISOString().replace('.000', '');
  }

  wait(seconds: number): void {
    this.#seconds += seconds;
  }

  /** Evidence of the next event. Returns its hash. */
  json(name: string, value: unknown): Sha256 {
    return this.#add(name, 'application/json', canonicalJson(value));
  }

  text(name: string, mediaType: string, text: string): Sha256 {
    return this.#add(name, mediaType, encoder.encode(text));
  }

  record<T extends EventType>(type: T, body: EventBodies[T], actor: 'human' | 'workflow' | 'model' = 'workflow'): void {
    this.wait(7);
    const event = { type, body, at: this.now } as unknown as DomainEvent;
    const from = this.#workflow?.status ?? null;
    const outcome = transition(this.#workflow, event, this.id);
    if (outcome.kind === 'refused') throw new Error(`${type}: ${outcome.reason}`);
    this.#workflow = outcome.workflow;
    this.#append(type, body, { from, to: outcome.workflow.status, actor });
  }

  ref(manifest: Manifest): PatchSetRef {
    return { patchSet: manifest.patchSet, revision: manifest.revision, digest: sha256(canonicalJson(manifest)) };
  }

  #append(type: EventType, body: unknown, { from, to, actor }: { from: string | null; to: string; actor: 'human' | 'workflow' | 'model' }): void {
    const seq = this.appends.length + 1;
    const login = actor === 'human' && typeof body === 'object' && body && 'login' in body ? String(body.login) : null;
    const bytes = canonicalJson({
      format: 'countersign/event@1',
      ledger: LEDGER_ID,
      workflow: this.id,
      seq,
      prev: this.#prev,
      id: `${this.id}-${seq}`,
      type,
      at: this.now,
      state: { from, to },
      actor: { kind: actor, login, id: login ? 583231 : null },
      run: { repository: 'octo/control', id: 7000 + seq, attempt: 1, job: 'record', workflowRef: 'octo/control/.github/workflows/start.yml@refs/heads/main', workflowSha: 'c'.repeat(40) },
      policy: POLICY,
      evidence: this.#evidence.map(({ ref }) => ref),
      body,
    });
    this.#prev = sha256(bytes);
    this.appends.push({ message: `${this.id}: ${type}`, files: [this.#eventFile(seq, type, bytes), ...this.#evidenceFiles()] });
  }

  #eventFile(seq: number, type: EventType, bytes: Uint8Array): LedgerFile {
    return { path: `${workflowDirectory(this.id)}/${String(seq).padStart(4, '0')}-${type.slice(2).toLowerCase().replaceAll('_', '-')}.json`, bytes };
  }

  #evidenceFiles(): readonly LedgerFile[] {
    const fresh = this.#evidence.filter(({ ref }) => !this.#stored.has(ref.sha256));
    this.#evidence = [];
    for (const { ref } of fresh) this.#stored.add(ref.sha256);
    return fresh.map(({ ref, bytes }) => ({ path: `${workflowDirectory(this.id)}/evidence/${ref.sha256}.${extensionOf(ref.mediaType)}`, bytes }));
  }

  #add(name: string, mediaType: string, bytes: Uint8Array): Sha256 {
    const hash = sha256(bytes);
    if (!this.#evidence.some(({ ref }) => ref.sha256 === hash)) this.#evidence.push({ ref: { sha256: hash, size: bytes.byteLength, mediaType, name }, bytes });
    return hash;
  }
}

const EXTENSIONS: Readonly<Record<string, string>> = { 'application/json': 'json', 'text/markdown': 'md', 'text/x-diff': 'diff' };
const extensionOf = (mediaType: string): string => EXTENSIONS[mediaType] ?? 'txt';

import type { WorkflowEvent } from '../../domain/event.ts';
import type { Oid, WorkflowId } from '../../domain/ids.ts';
import type { ObjectReader } from '../../ports/objects.ts';
import { decodeGenesis } from '../codec.ts';
import { GENESIS_PATH, parseLedgerPath, type LedgerPath } from '../layout.ts';
import { readHistory, readOrReport, type HistoryCommit } from './history.ts';
import { toProblem, type LedgerProblem, type Report, type VerifyReport } from './problem.ts';
import { readAddedFiles, type AddedFile } from './tree-delta.ts';
import { WorkflowCheck, type EventFile, type EvidenceFile } from './workflow-check.ts';

export interface VerifyOptions {
  /** Must not follow replace refs or grafts. */
  readonly objects: ObjectReader;
  readonly tip: Oid;
  /** A tip that was seen before: it must be the tip or one of its ancestors, or the branch was rewritten. */
  readonly rememberedTip?: Oid;
  /** Called with each record that could be read, in order. */
  readonly onEvent?: (event: WorkflowEvent) => void;
  /** Called with each commit of the history, oldest first. */
  readonly onCommit?: (commit: Oid) => void;
}

/**
 * Checks a whole ledger from its git objects alone and lists every problem. Reads each commit's additions only, oldest
 * first, so the cost grows with the ledger's size and the memory with the number of its events. Rejects only when the
 * objects cannot be read for a reason outside the ledger.
 */
export async function verifyLedger({ objects, tip, rememberedTip, onEvent, onCommit }: VerifyOptions): Promise<VerifyReport> {
  const problems: LedgerProblem[] = [];
  const report: Report = (code, message, place, difference) => problems.push(toProblem(code, message, place, difference));
  const history = await readHistory(objects, tip, report);
  if (rememberedTip !== undefined && !history.some(({ commit }) => commit === rememberedTip)) {
    report('tip-not-reached', 'The branch no longer holds the remembered tip: its history was cut or rewritten.', {}, { expected: rememberedTip, found: tip });
  }
  const check = new LedgerCheck(objects, report, onEvent ?? (() => undefined));
  let parent: HistoryCommit | null = null;
  for (const commit of history) {
    onCommit?.(commit.commit);
    await check.addCommit(commit, await readAddedFiles(objects, { parent: parent?.tree ?? null, tree: commit.tree }, report));
    parent = commit;
  }
  return { ok: problems.length === 0, ledger: check.ledger, tip, commits: history.length, ...check.counts(), problems };
}

interface Addition extends AddedFile {
  readonly meaning: LedgerPath;
}

class LedgerCheck {
  ledger: string | null = null;
  readonly #objects: ObjectReader;
  readonly #report: Report;
  readonly #onEvent: (event: WorkflowEvent) => void;
  readonly #workflows = new Map<WorkflowId, WorkflowCheck>();
  #begun = false;
  #events = 0;
  #evidence = 0;

  constructor(objects: ObjectReader, report: Report, onEvent: (event: WorkflowEvent) => void) {
    this.#objects = objects;
    this.#onEvent = onEvent;
    this.#report = report;
  }

  counts(): { readonly workflows: number; readonly events: number; readonly evidence: number } {
    return { workflows: this.#workflows.size, events: this.#events, evidence: this.#evidence };
  }

  async addCommit({ commit }: HistoryCommit, added: readonly AddedFile[]): Promise<void> {
    const additions = added.flatMap((file) => this.#meaningOf(file));
    await this.#checkGenesis(commit, additions);
    const ids = new Set(additions.flatMap(({ meaning }) => (meaning.kind === 'genesis' ? [] : [meaning.workflow])));
    if (ids.size === 0 && !additions.some(({ meaning }) => meaning.kind === 'genesis')) {
      this.#report('commit-empty', `Commit ${commit} records nothing.`, {}, { expected: 'at least one event', found: 'no ledger file' });
    }
    for (const id of ids) await this.#addRecords(id, additions);
  }

  #meaningOf(file: AddedFile): readonly Addition[] {
    const meaning = parseLedgerPath(file.path);
    if (meaning) return [{ ...file, meaning }];
    this.#report('unexpected-path', `${file.path} is no path of a ledger of this format.`, { path: file.path });
    return [];
  }

  // The first commit adds ledger.json and nothing else; no later commit can add it again without changing it.
  async #checkGenesis(commit: Oid, additions: readonly Addition[]): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    const genesis = additions.find(({ meaning }) => meaning.kind === 'genesis');
    const bytes = genesis ? await this.#readBlob(genesis.oid, GENESIS_PATH) : null;
    const decoded = bytes ? decodeGenesis(bytes) : null;
    if (decoded?.kind === 'valid') this.ledger = decoded.value.ledger;
    else this.#report('genesis', `The first commit ${commit} has no valid ${GENESIS_PATH}.`, { path: GENESIS_PATH }, { found: decoded?.problems.join('; ') ?? 'no file' });
    if (genesis && additions.length > 1) this.#report('genesis', `The first commit ${commit} adds more than ${GENESIS_PATH}.`, {}, { expected: '1 file', found: `${additions.length} files` });
  }

  async #addRecords(id: WorkflowId, additions: readonly Addition[]): Promise<void> {
    const check = this.#workflows.get(id) ?? new WorkflowCheck(id, this.ledger, this.#report);
    this.#workflows.set(id, check);
    const events: EventFile[] = [];
    const unnamed = new Map<string, string>();
    for (const { path, oid, meaning } of additions) {
      if (meaning.kind === 'genesis' || meaning.workflow !== id) continue;
      const bytes = await this.#readBlob(oid, path, id);
      if (meaning.kind === 'event') events.push({ ...meaning, path, bytes: bytes ?? new Uint8Array() });
      else if (bytes) {
        check.addEvidence({ ...meaning, path, oid, bytes } satisfies EvidenceFile);
        unnamed.set(meaning.sha256, path);
        this.#evidence++;
      }
    }
    for (const event of events.sort((left, right) => left.seq - right.seq)) {
      this.#events++;
      const record = await check.addEvent(event, (oid) => this.#readBlob(oid, event.path, id));
      for (const { sha256 } of record?.evidence ?? []) unnamed.delete(sha256);
      if (record) this.#onEvent(record);
    }
    for (const path of unnamed.values()) this.#report('evidence-unreferenced', 'No event of the commit that added it names this evidence.', { workflow: id, path });
  }

  #readBlob(oid: Oid, path: string, workflow?: WorkflowId): Promise<Uint8Array | null> {
    return readOrReport(() => this.#objects.readBlob(oid), this.#report, { what: 'file', oid, path, ...(workflow === undefined ? {} : { workflow }) });
  }
}

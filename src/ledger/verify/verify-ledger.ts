import { inputError } from '../../domain/errors.ts';
import type { WorkflowEvent } from '../../domain/event.ts';
import type { Oid } from '../../domain/ids.ts';
import type { LedgerObjects } from '../../ports/ledger-objects.ts';
import { ChangeReader, type Change } from './changes.ts';
import { readGenesis } from './genesis.ts';
import { walkHistory } from './history.ts';
import { LedgerCheck, type RecordCounts, type RecordsCheck } from './ledger-check.ts';
import { LocalRecords } from './local-records.ts';
import { ProblemList, toProblem, type Report, type VerifyReport } from './problem.ts';
import { ObjectCheck, type Commit } from './read-object.ts';
import { TreeShelf } from './tree-shelf.ts';

export interface VerifyOptions {
  readonly objects: LedgerObjects;
  readonly tip: Oid;
  /** The first-parent history up to `tip`, oldest first (after `since`, when that is given), for where commits cannot be followed from the tip. Only a hint: every link is checked. */
  readonly history: AsyncIterable<Oid>;
  /** A tip that was seen before: it must be the tip or one of its ancestors, or the branch was rewritten. */
  readonly rememberedTip?: Oid;
  /** A commit whose ledger was verified before: only what came after it is read. */
  readonly since?: Oid;
  /** Checks the records elsewhere; then `onEvent` is not called. `commits`: how many there are, when that is known. Default, and null: in this thread. */
  readonly records?: (report: Report, commits: number | null) => RecordsCheck | null;
  /** Called with each record that could be read, in order. */
  readonly onEvent?: (event: WorkflowEvent) => void;
  /** Called with each commit of the history, oldest first. */
  readonly onCommit?: (commit: Oid) => void;
}

/**
 * Checks a ledger from its git objects alone and lists every problem. Reads what each commit added, oldest first, and keeps
 * only the workflows that are under way, so the time grows with what is read and the memory does not. Runs in a browser.
 * Rejects with an `input` error for what cannot be a ledger of this format, and when objects cannot be had for an outside reason.
 */
export async function verifyLedger(options: VerifyOptions): Promise<VerifyReport> {
  const found = new ProblemList();
  const run = new Verification(options, (code, message, place, difference) => found.add(toProblem(code, message, place, difference)));
  await run.verify();
  const { unlisted, ...counts } = run.counts;
  found.unlisted += unlisted ?? 0;
  const { ok, ...problems } = found.toReport();
  return { ok, ledger: run.ledger, tip: options.tip, ...counts, ...problems };
}

class Verification {
  readonly #options: VerifyOptions;
  readonly #report: Report;
  readonly #objects: ObjectCheck;
  #check: LedgerCheck | null = null;
  #commits = 0;
  #last: Commit | null = null;
  #lastOid: Oid | null = null;
  #remembered: boolean;

  constructor(options: VerifyOptions, report: Report) {
    this.#options = options;
    this.#report = report;
    this.#objects = new ObjectCheck(options.objects, report);
    this.#remembered = options.rememberedTip === undefined;
  }

  get ledger(): string | null {
    return this.#check?.ledger ?? null;
  }

  counts: RecordCounts & { commits: number } = { commits: 0, workflows: 0, events: 0, evidence: 0 };

  async verify(): Promise<void> {
    const { since, tip, rememberedTip, objects } = this.#options;
    const base = since === undefined ? null : await this.#objects.commit(since);
    if (base && since === rememberedTip) this.#remembered = true;
    const known = await walkHistory(objects, tip, since);
    await this.#checkHistory(known?.oldestFirst() ?? this.#options.history, { base, commits: known?.length ?? null });
    if (this.#commits === 0 && !base) throw inputError('missing-commit', `The tip ${tip} cannot be read: it is not there, damaged, or no commit. Fetch the whole branch, or name another with --ref.`);
    const end = this.#lastOid ?? since ?? null;
    if (this.#commits === 0 && end !== tip) this.#remembered = false;
    else if (end !== tip) this.#report('history-cut', `The history that was read ends before the tip ${tip}.`, {}, { expected: tip, found: end ?? 'no commit' });
    if (!this.#remembered) {
      this.#report('tip-not-reached', 'The branch no longer holds the remembered tip: its history was cut or rewritten.', {}, { expected: rememberedTip ?? null, found: tip });
    }
  }

  async #checkHistory(history: AsyncIterable<Oid | Commit>, { base, commits }: { readonly base: Commit | null; readonly commits: number | null }): Promise<void> {
    const records = this.#options.records?.(this.#report, commits) ?? new LocalRecords(this.#objects, this.#report, this.#options.onEvent);
    const check = new LedgerCheck(records, this.#report);
    this.#check = check;
    const changes = new ChangeReader(this.#objects, new TreeShelf(this.#objects), { report: this.#report, prepare: (change) => records.prepare(change) });
    if (base) await this.#beginAt(base, check);
    for await (const change of changes.read(history, base)) await this.#next(change, base, check);
    this.counts = { commits: this.#commits, ...(await records.finish()) };
  }

  async #beginAt(base: Commit, check: LedgerCheck): Promise<void> {
    this.#last = base;
    this.#lastOid = base.oid;
    check.begin(await readGenesis(this.#objects, { tree: base.tree, commit: base.oid }, this.#report));
  }

  async #next(change: Change, base: Commit | null, check: LedgerCheck): Promise<void> {
    const { oid, commit } = change;
    this.#commits++;
    this.#options.onCommit?.(oid);
    if (oid === this.#options.rememberedTip) this.#remembered = true;
    if (commit) this.#checkLink(commit, base);
    else this.#lastOid = oid;
    if (!commit) return;
    await check.addChange(change, { isFirst: this.#last === null });
    this.#last = commit;
    this.#lastOid = oid;
  }

  #checkLink(commit: Commit, base: Commit | null): void {
    const { oid, parents } = commit;
    if (parents.length > 1) this.#report('merge-commit', `Commit ${oid} has ${parents.length} parents; a ledger's history is one line.`, {}, { expected: 'one parent', found: `${parents.length} parents` });
    const [parent] = parents;
    if (this.#lastOid === null) {
      if (parent !== undefined) this.#report('history-cut', `The history begins at commit ${oid}, whose parent cannot be read: nothing before it was checked. Fetch the whole branch.`, {}, { expected: 'every commit back to the first', found: `no commit ${parent}` });
    } else if (parent !== this.#lastOid) {
      const code = this.#lastOid === base?.oid ? 'tip-not-reached' : 'history-cut';
      this.#report(code, `Commit ${oid} does not follow ${this.#lastOid}: the history was cut or rewritten there.`, {}, { expected: this.#lastOid, found: parent ?? 'no parent' });
    }
  }
}

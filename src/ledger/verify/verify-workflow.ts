import type { WorkflowEvent } from '../../domain/event.ts';
import { workflowDirectory, type Oid, type WorkflowId } from '../../domain/ids.ts';
import type { LedgerObjects } from '../../ports/ledger-objects.ts';
import { GENESIS_PATH } from '../layout.ts';
import { additionOf } from './changes.ts';
import { checkGenesis, GENESIS_BYTES_MAX } from './genesis.ts';
import { isTreeMode, parseTree, type RawEntry } from './git-object.ts';
import { ProblemList, toProblem, type LedgerProblem, type Report, type VerifyReport } from './problem.ts';
import { ObjectCheck, type Commit } from './read-object.ts';
import { readTreeDelta } from './tree-delta.ts';
import { TreeShelf } from './tree-shelf.ts';
import { WorkflowRecords } from './workflow-records.ts';

/** One commit of the history that leads from the parent of the workflow's first commit to the tip. */
export interface WorkflowStep {
  readonly oid: Oid;
  /** True when this commit adds to the workflow's folder. */
  readonly adds: boolean;
}

export interface VerifyWorkflowOptions {
  readonly workflow: WorkflowId;
  readonly tip: Oid;
  /** Oldest first. Which of them add is only a claim: that the folder did not change otherwise is checked. */
  readonly steps: AsyncIterable<WorkflowStep>;
  /** Asked one object after the other, always in the same order for the same records. */
  readonly objects: LedgerObjects;
  readonly rememberedTip?: Oid;
  readonly onEvent?: (event: WorkflowEvent) => void;
  readonly onCommit?: (commit: Oid) => void;
  /** Takes each problem as it is found, should the objects end before the verification does. */
  readonly onProblem?: (problem: LedgerProblem) => void;
}

/**
 * Checks one workflow alone: every record of it, that its folder was only added to by the commits that say so, that the tip
 * holds exactly these files, and that these commits lead to the tip. It asks for no other workflow's records. Runs in a browser.
 */
export async function verifyWorkflow(options: VerifyWorkflowOptions): Promise<VerifyReport> {
  const found = new ProblemList();
  const report: Report = (code, message, place, difference) => {
    const problem = toProblem(code, message, place, difference);
    found.add(problem);
    options.onProblem?.(problem);
  };
  const run = new WorkflowVerification(options, report);
  await run.verify();
  const counts = await run.counts();
  const { ok, ...problems } = found.toReport();
  return { ok, ledger: run.ledger, tip: options.tip, ...counts, ...problems };
}

class WorkflowVerification {
  readonly #options: VerifyWorkflowOptions;
  readonly #report: Report;
  readonly #objects: ObjectCheck;
  readonly #shelf: TreeShelf;
  readonly #records: WorkflowRecords;
  readonly #names: readonly string[];
  /** The tree last read at each level of the path, from the top folder down. */
  readonly #path: { oid: Oid; entries: readonly RawEntry[] }[] = [];
  #folder: Oid | null = null;
  #genesis: Oid | null = null;
  #before: Commit | null = null;
  #commits = 0;
  #remembered: boolean;

  constructor(options: VerifyWorkflowOptions, report: Report) {
    this.#options = options;
    this.#report = report;
    this.#objects = new ObjectCheck(options.objects, report);
    this.#shelf = new TreeShelf(this.#objects);
    this.#records = new WorkflowRecords(this.#objects, report, options.onEvent ?? (() => undefined));
    this.#names = workflowDirectory(options.workflow).split('/');
    this.#remembered = options.rememberedTip === undefined;
  }

  ledger: string | null = null;

  counts = async () => ({ commits: this.#commits, ...(await this.#records.finish()) });

  async verify(): Promise<void> {
    const { steps, tip, workflow, rememberedTip } = this.#options;
    for await (const step of steps) await this.#next(step);
    if (this.#before?.oid !== tip) this.#report('history-cut', `The history ends before the tip ${tip}.`, { workflow }, { expected: tip, found: this.#before?.oid ?? 'no commit' });
    if (this.#folder === null) this.#report('event-sequence', 'Nothing was recorded for this workflow.', { workflow }, { expected: 'at least one event', found: 'none' });
    if (!this.#remembered) this.#report('tip-not-reached', 'The remembered tip is not among the commits from the workflow to the tip.', {}, { expected: rememberedTip ?? null, found: tip });
  }

  async #next({ oid, adds }: WorkflowStep): Promise<void> {
    this.#commits++;
    this.#options.onCommit?.(oid);
    if (oid === this.#options.rememberedTip) this.#remembered = true;
    const commit = await this.#objects.commit(oid);
    if (!commit) return;
    this.#checkLink(commit);
    if (adds) await this.#add(commit);
    if (oid === this.#options.tip) await this.#compareFolder(commit);
    this.#before = commit;
  }

  #checkLink({ oid, parents }: Commit): void {
    if (parents.length > 1) this.#report('merge-commit', `Commit ${oid} has ${parents.length} parents; a ledger's history is one line.`, {}, { expected: 'one parent', found: `${parents.length} parents` });
    if (this.#before && parents[0] !== this.#before.oid) {
      this.#report('history-cut', `Commit ${oid} does not follow ${this.#before.oid}.`, {}, { expected: this.#before.oid, found: parents[0] ?? 'no parent' });
    }
  }

  async #add(commit: Commit): Promise<void> {
    const { workflow } = this.#options;
    if (this.#before) await this.#compareFolder(this.#before);
    else this.#report('history-cut', `Commit ${commit.oid} adds to the workflow, but the commit before it is not there.`, { workflow });
    const after = await this.#folderOf(commit);
    if (this.ledger === null) await this.#readGenesis(commit);
    if (after === null || after === this.#folder) {
      this.#report('commit-empty', `Commit ${commit.oid} adds nothing to the workflow.`, { workflow });
      return;
    }
    const delta = await readTreeDelta(this.#shelf, { before: this.#folder, after, workflow: this.#names.join('/') }, this.#report);
    await this.#records.addTo(workflow, this.#folder, delta.added.flatMap((file) => additionOf(file, this.#objects, this.#report)));
    this.#folder = after;
  }

  /** Between the commits that add to it, the folder must not have changed. */
  async #compareFolder(commit: Commit): Promise<void> {
    const found = await this.#folderOf(commit);
    if (found === this.#folder) return;
    const path = this.#names.join('/');
    this.#report('file-changed', `${path} is another folder at commit ${commit.oid} than the records say.`, { workflow: this.#options.workflow, path }, { expected: this.#folder ?? 'nothing', found: found ?? 'nothing' });
  }

  async #folderOf(commit: Commit): Promise<Oid | null> {
    let oid = commit.tree;
    for (const [level, name] of this.#names.entries()) {
      const entries = await this.#level(level, oid);
      const found = entries.find((entry) => entry.name === name && isTreeMode(entry.mode));
      if (!found) return null;
      oid = found.oid;
    }
    return oid;
  }

  async #level(level: number, oid: Oid): Promise<readonly RawEntry[]> {
    const known = this.#path[level];
    if (known?.oid === oid) return known.entries;
    const path = this.#names.slice(0, level).join('/');
    const bytes = await this.#objects.tree(oid, { path });
    const entries = bytes && parseTree(bytes);
    if (bytes && !entries) this.#report('tree-malformed', `The list of files of ${path === '' ? 'the top folder' : path} is cut off.`, { path });
    this.#path[level] = { oid, entries: entries ?? [] };
    if (level === 0) this.#compareGenesis(entries ?? []);
    return entries ?? [];
  }

  #compareGenesis(root: readonly RawEntry[]): void {
    const genesis = root.find(({ name }) => name === GENESIS_PATH);
    this.#genesis ??= genesis?.oid ?? null;
    if (genesis?.oid !== this.#genesis || genesis?.mode !== '100644') this.#report('genesis', `${GENESIS_PATH} is not the same file throughout.`, { path: GENESIS_PATH }, { expected: this.#genesis, found: genesis?.oid ?? 'nothing' });
  }

  async #readGenesis(commit: Commit): Promise<void> {
    const content = this.#genesis === null ? null : await this.#objects.file({ oid: this.#genesis, bytesMax: GENESIS_BYTES_MAX, place: { path: GENESIS_PATH } });
    this.ledger = checkGenesis(content instanceof Uint8Array ? content : null, commit.oid, this.#report);
    this.#records.begin(this.ledger, true);
  }
}

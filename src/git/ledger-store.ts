import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { brokenError, CountersignError, inputError, outsideError } from '../domain/errors.ts';
import { isSha256, workflowDirectory, type Oid, type Sha256, type WorkflowId } from '../domain/ids.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { CommitResult, LedgerCommit, LedgerFile, LedgerStore, WorkflowSnapshot } from '../ports/ledger-store.ts';
import type { TreeEntry } from '../ports/objects.ts';
import { systemDisk, type LedgerDisk } from './ledger-store-disk.ts';
import { createObjectWriter } from './ledger-store-files.ts';
import { LedgerObjects, type TreeShelf } from './ledger-store-objects.ts';
import { compareAndSwapRef, isCode, isMissing, readRef, type RefPlace } from './ledger-store-ref.ts';
import { addFiles } from './ledger-store-tree.ts';
import { parseCommit } from './object-codec.ts';

const LEDGER_REF = 'refs/heads/ledger';
const GENESIS_PATH = 'ledger.json';
const GENESIS_BYTES_MAX = 10_000;
const READ_AT_ONCE = 50;
/** Their numbers have four digits. */
const EVENTS_MAX = 9_999;

export interface LocalLedgerOptions {
  /** A bare repository, or the `.git` directory of a checkout. */
  readonly gitDir: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Default: `refs/heads/ledger`. */
  readonly ref?: string;
  readonly author?: { readonly name: string; readonly email: string };
  /** Default: the machine's own. */
  readonly disk?: LedgerDisk;
}

/** The ledger branch of a local repository. Safe with any number of processes, native git among them. */
export class LocalLedgerStore implements LedgerStore {
  readonly #options: LocalLedgerOptions;
  readonly #disk: LedgerDisk;
  readonly #place: RefPlace;
  readonly #trees: TreeShelf = new Map();
  #lastRoot: { readonly commit: Oid; readonly tree: Oid } | null = null;

  constructor(options: LocalLedgerOptions) {
    this.#options = options;
    this.#disk = options.disk ?? systemDisk;
    this.#place = { gitDir: options.gitDir, ref: options.ref ?? LEDGER_REF };
  }

  /** Starts the ledger with its first file. `lost-race`: there is a ledger branch already, and it was left alone. */
  createGenesis(genesis: Uint8Array): Promise<CommitResult> {
    return this.#guarded(async (objects) => {
      if ((await readRef(this.#place, this.#disk.fs)) !== null) return { kind: 'lost-race' };
      return this.#publish(objects, { parent: null, entries: [], files: [{ path: GENESIS_PATH, bytes: genesis }], message: 'Begin the ledger\n' });
    });
  }

  readWorkflow(workflow: WorkflowId): Promise<WorkflowSnapshot> {
    return this.#guarded(async (objects) => {
      const tip = await this.#tip();
      const root = await this.#rootOf(objects, tip);
      const ledger = await this.#ledgerId(objects, root);
      const directory = workflowDirectory(workflow);
      const entries = await entriesAt(objects, root, directory);
      const files = entries.filter(({ mode }) => mode !== '040000').toSorted((left, right) => (left.name < right.name ? -1 : 1));
      if (files.length > EVENTS_MAX) throw inputError('ledger-too-large', `${workflow} has ${files.length.toLocaleString('en-US')} files beside its evidence; a workflow has at most ${EVENTS_MAX.toLocaleString('en-US')}. Run "countersign ledger verify".`);
      const events: LedgerFile[] = [];
      for (let from = 0; from < files.length; from += READ_AT_ONCE) {
        const part = files.slice(from, from + READ_AT_ONCE);
        events.push(...(await Promise.all(part.map(async ({ name, oid }) => ({ path: `${directory}/${name}`, bytes: await objects.blob(oid) })))));
      }
      // Who reads a workflow most often appends to it next: with this tree at hand, that needs no further git process.
      const evidence = entries.find(({ name, mode }) => name === 'evidence' && mode === '040000');
      if (evidence) await objects.tree(evidence.oid);
      return { tip, ledger, events };
    });
  }

  readEvidence(workflow: WorkflowId, hashes: readonly Sha256[]): Promise<ReadonlyMap<Sha256, Uint8Array>> {
    return this.#guarded(async (objects) => {
      const entries = await entriesAt(objects, await this.#rootOf(objects, await this.#tip()), `${workflowDirectory(workflow)}/evidence`);
      const byHash = new Map(entries.map(({ name, oid }) => [name.slice(0, 64), oid]));
      const found = new Map<Sha256, Uint8Array>();
      for (const hash of new Set(hashes)) found.set(hash, await readEvidenceFile(objects, { workflow, hash, oid: byHash.get(hash) }));
      return found;
    });
  }

  commit({ expectedTip, message, files }: LedgerCommit): Promise<CommitResult> {
    return this.#guarded(async (objects) => {
      // git compares again under its lock; here it only saves writing objects that nobody would reach.
      if ((await readRef(this.#place, this.#disk.fs)) !== expectedTip) return { kind: 'lost-race' };
      const entries = await objects.tree(await this.#rootOf(objects, expectedTip));
      return this.#publish(objects, { parent: expectedTip, entries, files, message });
    });
  }

  async #tip(): Promise<Oid> {
    const tip = await readRef(this.#place, this.#disk.fs);
    if (tip === null) throw inputError('no-ledger', `${this.#options.gitDir} has no ledger branch (${this.#place.ref}). Run "countersign init" for this control repo first.`);
    return tip;
  }

  async #rootOf(objects: LedgerObjects, commit: Oid): Promise<Oid> {
    if (this.#lastRoot?.commit === commit) return this.#lastRoot.tree;
    const { tree } = parseCommit(await objects.read(commit, 'commit'), commit);
    this.#lastRoot = { commit, tree };
    return tree;
  }

  async #ledgerId(objects: LedgerObjects, root: Oid): Promise<string> {
    const file = (await objects.tree(root)).find(({ name, mode }) => name === GENESIS_PATH && mode === '100644');
    const id = file ? ledgerIdOf(await objects.blob(file.oid)) : null;
    if (id === null) throw inputError('not-a-ledger', `${this.#place.ref} in ${this.#options.gitDir} is no ledger: its ledger.json is missing or unreadable.`);
    return id;
  }

  // The ref moves only when every object that it will reach is on disk.
  async #publish(objects: LedgerObjects, { parent, entries, files, message }: NewCommit): Promise<CommitResult> {
    await refuseOtherRefStorage(this.#disk, this.#options.gitDir);
    const writer = createObjectWriter(this.#disk.fs, this.#options.gitDir);
    try {
      const tree = await addFiles(entries, files, { writer, readTree: (oid) => objects.tree(oid) });
      const next = await writer.commit({ tree, parents: parent === null ? [] : [parent], message, by: this.#author() });
      await writer.flush();
      const moved = await compareAndSwapRef(this.#place, { expected: parent, next }, this.#disk);
      return moved ? { kind: 'committed', commit: next } : { kind: 'lost-race' };
    } finally {
      await writer.flush().catch(() => undefined);
    }
  }

  #author(): { readonly name: string; readonly email: string; readonly at: number } {
    const { name, email } = this.#options.author ?? { name: 'Countersign', email: 'countersign@users.noreply.github.com' };
    return { name, email, at: Math.floor(Date.parse(this.#options.clock.now()) / 1000) };
  }

  async #guarded<T>(work: (objects: LedgerObjects) => Promise<T>): Promise<T> {
    const objects = new LedgerObjects(this.#disk, this.#options.gitDir, this.#trees);
    try {
      return await work(objects);
    } catch (error) {
      throw error instanceof CountersignError ? error : explain(error, this.#options.gitDir);
    } finally {
      objects.close();
    }
  }
}

interface NewCommit {
  readonly parent: Oid | null;
  /** The parent's root tree. */
  readonly entries: readonly TreeEntry[];
  readonly files: readonly LedgerFile[];
  readonly message: string;
}

/** Opens the ledger branch of a repository; nothing is read until it is used. */
export const openLocalLedger = (options: LocalLedgerOptions): LocalLedgerStore => new LocalLedgerStore(options);

/** What is in the folder `path` below `root`; nothing when there is no such folder. */
async function entriesAt(objects: LedgerObjects, root: Oid, path: string): Promise<readonly TreeEntry[]> {
  let entries = await objects.tree(root);
  for (const name of path.split('/')) {
    const folder = entries.find((entry) => entry.name === name && entry.mode === '040000');
    if (!folder) return [];
    entries = await objects.tree(folder.oid);
  }
  return entries;
}

async function readEvidenceFile(objects: LedgerObjects, { workflow, hash, oid }: { readonly workflow: WorkflowId; readonly hash: Sha256; readonly oid: Oid | undefined }): Promise<Uint8Array> {
  if (!isSha256(hash) || oid === undefined) throw outsideError('evidence-missing', `The ledger holds no evidence ${hash} for ${workflow}.`);
  const bytes = await objects.blob(oid);
  if (createHash('sha256').update(bytes).digest('hex') !== hash) {
    throw brokenError('evidence-changed', `The evidence ${hash} of ${workflow} has other bytes than its name says. Run "countersign ledger verify".`);
  }
  return bytes;
}

function ledgerIdOf(bytes: Uint8Array): string | null {
  if (bytes.byteLength > GENESIS_BYTES_MAX) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && 'ledger' in value && typeof value.ledger === 'string' ? value.ledger : null;
  } catch {
    return null;
  }
}

// With another ref storage than plain files, we would read an old tip for ever.
async function refuseOtherRefStorage(disk: LedgerDisk, gitDir: string): Promise<void> {
  const config = await disk.fs.readFile(join(gitDir, 'config'), 'latin1').catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
  if (/^\s*(?:refstorage\s*=\s*"?(?!files)|objectformat\s*=\s*"?sha256)/im.test(config)) {
    throw inputError('repository-format', `${gitDir} uses reftable refs or SHA-256 objects, which a local ledger cannot use yet. Make it with plain "git init".`);
  }
}

function explain(error: unknown, gitDir: string): CountersignError {
  if (isCode(error, 'ENOSPC') || isCode(error, 'EDQUOT')) {
    return outsideError('disk-full', `The disk is full: the ledger in ${gitDir} could not be written, and nothing of this record is in it. Free some space and run again.`, error);
  }
  if (isCode(error, 'EACCES') || isCode(error, 'EPERM') || isCode(error, 'EROFS')) {
    return outsideError('ledger-not-writable', `The ledger in ${gitDir} may not be read or written by this user. Change its permissions and run again.`, error);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return outsideError('ledger-failed', `The ledger in ${gitDir} could not be read or written (${reason}). Run "git fsck" there.`, error);
}

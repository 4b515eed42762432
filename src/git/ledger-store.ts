import { createHash } from 'node:crypto';
import { promises } from 'node:fs';
import { join } from 'node:path';

import git, { type TreeEntry } from 'isomorphic-git';

import { brokenError, CountersignError, inputError, outsideError } from '../domain/errors.ts';
import { isSha256, workflowDirectory, type Oid, type Sha256, type WorkflowId } from '../domain/ids.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { CommitResult, LedgerCommit, LedgerFile, LedgerStore, WorkflowSnapshot } from '../ports/ledger-store.ts';
import { createObjectFileSystem, type GitFileSystem, type ObjectFileSystem } from './ledger-store-files.ts';
import { compareAndSwapRef, isCode, readRef, type RefPlace } from './ledger-store-ref.ts';

const LEDGER_REF = 'refs/heads/ledger';
const GENESIS_PATH = 'ledger.json';
const GENESIS_BYTES_MAX = 10_000;

export interface LocalLedgerOptions {
  /** A bare repository, or the `.git` directory of a checkout. */
  readonly gitDir: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Default: `refs/heads/ledger`. */
  readonly ref?: string;
  readonly author?: { readonly name: string; readonly email: string };
}

interface Context {
  readonly fs: GitFileSystem;
  readonly gitdir: string;
  readonly cache: object;
}

/** The ledger branch of a local repository. Safe with any number of processes, native git among them. */
export class LocalLedgerStore implements LedgerStore {
  readonly #options: LocalLedgerOptions;
  readonly #place: RefPlace;
  readonly #context: Context;

  constructor(options: LocalLedgerOptions) {
    this.#options = options;
    this.#place = { gitDir: options.gitDir, ref: options.ref ?? LEDGER_REF };
    this.#context = { fs: { promises }, gitdir: options.gitDir, cache: {} };
  }

  /** Starts the ledger with its first file. `lost-race`: there is a ledger branch already, and it was left alone. */
  createGenesis(genesis: Uint8Array): Promise<CommitResult> {
    return this.#guarded(async () => {
      await refuseOtherRefStorage(this.#options.gitDir);
      const files = createObjectFileSystem();
      const tree = await this.#writeTree(files, [], [{ path: GENESIS_PATH, bytes: genesis }]);
      const commit = await this.#writeCommit(files, { tree, parents: [], message: 'Begin the ledger\n' });
      return this.#publish(files, { expected: null, next: commit });
    });
  }

  readWorkflow(workflow: WorkflowId): Promise<WorkflowSnapshot> {
    return this.#guarded(async () => {
      const tip = await this.#tip();
      const root = await this.#treeOfCommit(tip);
      const ledger = await this.#ledgerId(root);
      const entries = (await this.#treeAt(root, workflowDirectory(workflow))) ?? [];
      const files = entries.filter((entry) => entry.type !== 'tree').sort((left, right) => (left.path < right.path ? -1 : 1));
      const events: LedgerFile[] = [];
      for (const file of files) events.push({ path: `${workflowDirectory(workflow)}/${file.path}`, bytes: await this.#blob(file.oid) });
      return { tip, ledger, events };
    });
  }

  readEvidence(workflow: WorkflowId, hashes: readonly Sha256[]): Promise<ReadonlyMap<Sha256, Uint8Array>> {
    return this.#guarded(async () => {
      const root = await this.#treeOfCommit(await this.#tip());
      const entries = (await this.#treeAt(root, `${workflowDirectory(workflow)}/evidence`)) ?? [];
      const byHash = new Map(entries.map((entry) => [entry.path.slice(0, 64), entry.oid]));
      const found = new Map<Sha256, Uint8Array>();
      for (const hash of new Set(hashes)) found.set(hash, await this.#evidence(workflow, hash, byHash.get(hash)));
      return found;
    });
  }

  commit(commit: LedgerCommit): Promise<CommitResult> {
    return this.#guarded(async () => {
      await refuseOtherRefStorage(this.#options.gitDir);
      // Checked again under the lock; here it only saves writing objects that nobody would reach.
      if ((await readRef(this.#place)) !== commit.expectedTip) return { kind: 'lost-race' };
      const root = await git.readTree({ ...this.#context, oid: await this.#treeOfCommit(commit.expectedTip) });
      const files = createObjectFileSystem();
      const tree = await this.#writeTree(files, root.tree, commit.files);
      const next = await this.#writeCommit(files, { tree, parents: [commit.expectedTip], message: commit.message });
      return this.#publish(files, { expected: commit.expectedTip, next });
    });
  }

  async #tip(): Promise<Oid> {
    const tip = await readRef(this.#place);
    if (tip === null) throw inputError('no-ledger', `${this.#options.gitDir} has no ledger branch (${this.#place.ref}). Run "countersign init" for this control repo first.`);
    return tip;
  }

  async #treeOfCommit(commit: Oid): Promise<Oid> {
    return (await git.readCommit({ ...this.#context, oid: commit })).commit.tree;
  }

  async #blob(oid: Oid): Promise<Uint8Array> {
    return (await git.readBlob({ ...this.#context, oid })).blob;
  }

  async #ledgerId(root: Oid): Promise<string> {
    const { tree } = await git.readTree({ ...this.#context, oid: root });
    const file = tree.find((entry) => entry.path === GENESIS_PATH && entry.type === 'blob');
    const id = file ? ledgerIdOf(await this.#blob(file.oid)) : null;
    if (id === null) throw inputError('not-a-ledger', `${this.#place.ref} in ${this.#options.gitDir} is no ledger: its ledger.json is missing or unreadable.`);
    return id;
  }

  async #treeAt(root: Oid, path: string): Promise<TreeEntry[] | null> {
    let { tree } = await git.readTree({ ...this.#context, oid: root });
    for (const name of path.split('/')) {
      const found = tree.find((entry) => entry.path === name && entry.type === 'tree');
      if (!found) return null;
      tree = (await git.readTree({ ...this.#context, oid: found.oid })).tree;
    }
    return tree;
  }

  async #evidence(workflow: WorkflowId, hash: Sha256, oid: Oid | undefined): Promise<Uint8Array> {
    if (!isSha256(hash) || oid === undefined) throw outsideError('evidence-missing', `The ledger holds no evidence ${hash} for ${workflow}.`);
    const bytes = await this.#blob(oid);
    if (createHash('sha256').update(bytes).digest('hex') !== hash) {
      throw brokenError('evidence-changed', `The evidence ${hash} of ${workflow} has other bytes than its name says. Run "countersign ledger verify".`);
    }
    return bytes;
  }

  // Reads and writes only the trees on the paths of `files`, so the cost does not grow with the ledger.
  async #writeTree(fs: ObjectFileSystem, entries: readonly TreeEntry[], files: readonly LedgerFile[]): Promise<Oid> {
    const changed = new Map<string, TreeEntry>(entries.map((entry) => [entry.path, entry]));
    for (const [name, inside] of groupByFirstName(files)) {
      const before = changed.get(name);
      const file = inside.find(({ rest }) => rest === null);
      if (file) {
        if (before || inside.length > 1) throw brokenError('ledger-path-taken', `The ledger already has ${file.file.path}; it only ever adds files.`);
        changed.set(name, { mode: '100644', path: name, type: 'blob', oid: await git.writeBlob({ ...this.#context, fs, blob: file.file.bytes }) });
        continue;
      }
      if (before && before.type !== 'tree') throw brokenError('ledger-path-taken', `The ledger has a file where ${inside[0]?.file.path ?? name} needs a folder.`);
      const below = before ? (await git.readTree({ ...this.#context, oid: before.oid })).tree : [];
      const oid = await this.#writeTree(
        fs,
        below,
        inside.flatMap(({ file: { bytes }, rest }) => (rest === null ? [] : [{ path: rest, bytes }])),
      );
      changed.set(name, { mode: '040000', path: name, type: 'tree', oid });
    }
    return git.writeTree({ ...this.#context, fs, tree: [...changed.values()] });
  }

  #writeCommit(fs: ObjectFileSystem, commit: { readonly tree: Oid; readonly parents: readonly Oid[]; readonly message: string }): Promise<Oid> {
    const { name, email } = this.#options.author ?? { name: 'Countersign', email: 'countersign@users.noreply.github.com' };
    const person = { name, email, timestamp: Math.floor(Date.parse(this.#options.clock.now()) / 1000), timezoneOffset: 0 };
    return git.writeCommit({ ...this.#context, fs, commit: { message: commit.message, tree: commit.tree, parent: [...commit.parents], author: person, committer: person } });
  }

  // The ref moves only when every object that it will reach is on disk.
  async #publish(files: ObjectFileSystem, move: { readonly expected: Oid | null; readonly next: Oid }): Promise<CommitResult> {
    await files.flush();
    const moved = await compareAndSwapRef(this.#place, move, this.#options);
    return moved ? { kind: 'committed', commit: move.next } : { kind: 'lost-race' };
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof CountersignError ? error : explain(error, this.#options.gitDir);
    }
  }
}

/** Opens the ledger branch of a repository; nothing is read until it is used. */
export const openLocalLedger = (options: LocalLedgerOptions): LocalLedgerStore => new LocalLedgerStore(options);

interface Inside {
  readonly file: LedgerFile;
  /** The path below the first name; null for a file right here. */
  readonly rest: string | null;
}

function groupByFirstName(files: readonly LedgerFile[]): Map<string, Inside[]> {
  const groups = new Map<string, Inside[]>();
  for (const file of files) {
    const slash = file.path.indexOf('/');
    const name = slash < 0 ? file.path : file.path.slice(0, slash);
    // isomorphic-git writes any name that it is given.
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) || name.endsWith('.lock')) throw brokenError('ledger-path', `${JSON.stringify(file.path)} is no path of a ledger.`);
    groups.set(name, [...(groups.get(name) ?? []), { file, rest: slash < 0 ? null : file.path.slice(slash + 1) }]);
  }
  return groups;
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

// With another ref storage than plain files, our lock would guard nothing.
async function refuseOtherRefStorage(gitDir: string): Promise<void> {
  const config = await promises.readFile(join(gitDir, 'config'), 'latin1').catch(() => '');
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

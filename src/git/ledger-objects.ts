import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { resolve } from 'node:path';
import { inputError, outsideError } from '../domain/errors.ts';
import { isOid, type Oid } from '../domain/ids.ts';
import type { LedgerObjects, ObjectRequest, RawObject } from '../ports/ledger-objects.ts';
import { gitEnvironment, gitReason, runGit, spawnError } from './git-process.ts';
import { readHistory } from './ledger-history.ts';
import { PackedObjects, readIndexes, type SharedIndex } from './pack/packed-objects.ts';
import { createScratchRepository } from './scratch-repository.ts';

/** Objects and history of a repository, for reading many of them fast. Nothing is checked here but that git could read it. */
export interface LedgerRepository extends LedgerObjects {
  /** The object directory, and the indexes of its packs, for a thread that opens them too. */
  readonly directory: string;
  readonly indexes: readonly SharedIndex[];
  /** The first-parent history up to `tip`, oldest first, without what `since` reaches. What cannot be read ends it early. */
  history(tip: Oid, since?: Oid): AsyncGenerator<Oid>;
  /** Those commits of the first-parent history up to `tip` that change `path`, in no order that counts. */
  changing(tip: Oid, path: string): Promise<ReadonlySet<Oid>>;
  close(): Promise<void>;
}

// Blobs beyond this are streamed by git, not loaded; a commit-graph could tell of other parents than the commits do.
const SETTINGS = { 'core.bigFileThreshold': '8m', 'core.commitGraph': 'false', 'core.deltaBaseCacheLimit': '64m' };
/** Requests that are worth a burst while others are under way. */
const BURST = 128;
/** Requests under way that git will soon be done with: then even a small burst is sent. */
const FEW = 32;
/** How git ends when it does not know an option. */
const USAGE = 129;
/** A damaged object ends git's process, which is begun anew; a repository with more of them is not worth the time. */
const RESTARTS_MAX = 500;

/**
 * Opens the objects in `objects` (an object directory). What is in packs is read from them, everything else through git, which
 * runs in an empty repository beside it, under no configuration. `indexes`: of the packs, when they were read before.
 */
export async function openLedgerRepository(objects: string, indexes = readIndexes(resolve(objects))): Promise<LedgerRepository> {
  const directory = resolve(objects);
  const scratch = await createScratchRepository(directory);
  const stream = new ObjectStream(scratch.directory);
  const packed = new PackedObjects(indexes);
  const read = (oid: Oid, bytesMax: number): RawObject | Promise<RawObject> => packed.read(oid, bytesMax) ?? stream.read(oid, bytesMax);
  const isAtHand = (oid: Oid): boolean => packed.has(oid);
  return {
    directory,
    indexes,
    read,
    isAtHand,
    readAll: (requests) => stream.readAll(requests),
    history: (tip, since) => readHistory({ objects: { read, isAtHand }, git: scratch.directory, config: SETTINGS, isPacked: !packed.isEmpty }, tip, since),
    changing: async (tip, path) => {
      const output = await runGit({ args: ['--git-dir=.', 'rev-list', '--first-parent', tip, '--', path], cwd: scratch.directory, config: SETTINGS });
      if (output.code !== 0) throw outsideError('git-failed', `git could not list the history of ${path}: ${gitReason(output.stderr)}.`);
      return new Set(output.stdout.toString('latin1').split('\n').filter(isOid));
    },
    async close() {
      stream.close();
      packed.close();
      await scratch.remove();
    },
  };
}

interface Waiting {
  readonly oid: Oid;
  readonly bytesMax: number;
  readonly resolve: (object: RawObject) => void;
  readonly reject: (error: Error) => void;
}

interface Body {
  readonly type: string;
  readonly size: number;
  /** Null: too large to keep, the bytes are only counted. */
  content: Buffer | null;
  filled: number;
}

/** One `git cat-file --batch` process after the other. Requests go out many at once; answers come in order. */
class ObjectStream {
  readonly #directory: string;
  #waiting: Waiting[] = [];
  #served = 0;
  #unsent: string[] = [];
  #child: ChildProcessWithoutNullStreams | null = null;
  #header: Buffer | null = null;
  #body: Body | null = null;
  #failure: Error | null = null;
  #restarts = 0;
  #stderr = '';
  /** git 2.36 and newer write answers in large pieces and let us say when to hand them over; older ones write each alone. */
  #buffered = true;

  constructor(directory: string) {
    this.#directory = directory;
  }

  read(oid: Oid, bytesMax: number): Promise<RawObject> {
    if (!isOid(oid)) return Promise.reject(inputError('bad-object-id', `${JSON.stringify(oid)} is not a git object id (40 hex digits).`));
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ oid, bytesMax, resolve, reject });
      this.#send(oid);
    });
  }

  // One promise for all of them: a promise for each would cost as much as the reading.
  readAll(requests: readonly ObjectRequest[]): Promise<readonly RawObject[]> {
    const wrong = requests.find(({ oid }) => !isOid(oid));
    if (wrong) return Promise.reject(inputError('bad-object-id', `${JSON.stringify(wrong.oid)} is not a git object id (40 hex digits).`));
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (requests.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const found: RawObject[] = [];
      const take = (object: RawObject): void => {
        if (found.push(object) === requests.length) resolve(found);
      };
      for (const { oid, bytesMax } of requests) {
        this.#waiting.push({ oid, bytesMax, resolve: take, reject });
        this.#send(oid);
      }
    });
  }

  close(): void {
    this.#fail(outsideError('store-closed', 'The object store is closed.'));
    this.#child?.kill();
    this.#child = null;
  }

  // Requests go out in bursts: each one wakes git up, and makes it hand over what it has.
  #send(oid: Oid): void {
    this.#unsent.push(oid);
    if (this.#unsent.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const { length } = this.#unsent;
    if (this.#failure !== null || length === 0 || (length < BURST && this.#inFlight() >= FEW)) return;
    this.#child ??= this.#start();
    this.#child.stdin.write(this.#buffered ? `contents ${this.#unsent.join('\ncontents ')}\nflush\n` : `${this.#unsent.join('\n')}\n`, 'latin1');
    this.#unsent = [];
  }

  #inFlight = (): number => this.#waiting.length - this.#served - this.#unsent.length;

  #start(): ChildProcessWithoutNullStreams {
    const child = spawn('git', ['--git-dir=.', 'cat-file', ...(this.#buffered ? ['--batch-command', '--buffer'] : ['--batch'])], { cwd: this.#directory, env: gitEnvironment({ config: SETTINGS }) });
    child.stdout.on('data', (chunk: Buffer) => this.#feed(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (this.#stderr = (this.#stderr + text).slice(0, 4_000)));
    child.stdin.on('error', () => undefined); // The exit that causes it is dealt with below.
    child.once('error', (error) => this.#fail(spawnError(error)));
    child.once('close', (code) => child === this.#child && this.#ended(code));
    return child;
  }

  // git gives up at the first object that it cannot read: that one is damaged, the others are asked for again.
  #ended(code: number | null): void {
    this.#child = null;
    const damaged = this.#waiting[this.#served];
    if (this.#failure !== null || damaged === undefined) return;
    if (code === USAGE && this.#buffered) {
      this.#buffered = false;
      return this.#askAgain();
    }
    if (++this.#restarts > RESTARTS_MAX) return this.#fail(outsideError('git-failed', `git cat-file ended ${RESTARTS_MAX} times: ${gitReason(this.#stderr)}. Run git fsck in that repository.`));
    this.#answer({ kind: 'damaged', reason: gitReason(this.#stderr) });
    this.#askAgain();
  }

  #askAgain(): void {
    this.#stderr = '';
    this.#header = null;
    this.#body = null;
    this.#unsent = [];
    for (const { oid } of this.#waiting.slice(this.#served)) this.#send(oid);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const waiting of this.#waiting.splice(0).slice(this.#served)) waiting.reject(this.#failure);
    this.#served = 0;
  }

  #feed(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#failure === null) at = this.#body === null ? this.#takeHeader(chunk, at) : this.#takeBody(chunk, at, this.#body);
    if (this.#unsent.length > 0) setImmediate(() => this.#flush());
  }

  #takeHeader(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(0x0a, at);
    const part = chunk.subarray(at, end < 0 ? chunk.length : end);
    const whole = this.#header === null ? part : Buffer.concat([this.#header, part]);
    if (end < 0) {
      this.#header = whole;
      return chunk.length;
    }
    this.#header = null;
    // `ID TYPE SIZE`, or `ID missing`: an id has 40 digits.
    const text = whole.toString('latin1', 41);
    const space = text.indexOf(' ');
    if (space < 0) this.#answer({ kind: 'missing' });
    else this.#body = { type: text.slice(0, space), size: Number(text.slice(space + 1)), content: null, filled: 0 };
    return end + 1;
  }

  #takeBody(chunk: Buffer, at: number, body: Body): number {
    const bytesMax = this.#waiting[this.#served]?.bytesMax ?? 0;
    // One line feed follows the content.
    const take = Math.min(chunk.length - at, body.size + 1 - body.filled);
    const isWhole = body.filled === 0 && take === body.size + 1;
    if (body.size <= bytesMax) {
      if (isWhole) body.content = chunk.subarray(at, at + body.size);
      else {
        body.content ??= Buffer.allocUnsafe(body.size);
        chunk.copy(body.content, body.filled, at, Math.min(at + take, at + body.size - body.filled));
      }
    }
    body.filled += take;
    if (body.filled === body.size + 1) {
      this.#body = null;
      this.#answer(body.content === null ? { kind: 'too-large', type: body.type, size: body.size } : { kind: 'object', type: body.type, bytes: body.content });
    }
    return at + take;
  }

  // Served requests are cut off the list in large steps: shifting each of them would move all the others.
  #answer(object: RawObject): void {
    const waiting = this.#waiting[this.#served++];
    if (this.#served > 4_096) {
      this.#waiting = this.#waiting.slice(this.#served);
      this.#served = 0;
    }
    waiting?.resolve(object);
  }
}

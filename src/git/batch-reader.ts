import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { inputError, outsideError } from '../domain/errors.ts';
import { isOid, type Oid } from '../domain/ids.ts';
import { corrupt, hashObject, type ObjectType } from './object-codec.ts';
import { gitEnvironment, spawnError } from './git-process.ts';

/** Largest object that is read into memory. */
const MAX_OBJECT_BYTES = 256 * 1024 * 1024;

export interface RawObject {
  readonly type: ObjectType;
  readonly content: Buffer;
}

interface Waiting {
  readonly oid: Oid;
  resolve(object: RawObject | null): void;
  reject(error: Error): void;
}

interface Body {
  readonly type: ObjectType;
  readonly size: number;
  /** Null: too large to keep, the bytes are only counted. */
  readonly content: Buffer | null;
  filled: number;
}

/** One `git cat-file --batch` process, started at the first read. Requests are pipelined; answers come in order. */
export class BatchReader {
  readonly #directory: string;
  readonly #waiting: Waiting[] = [];
  #child: ChildProcessWithoutNullStreams | null = null;
  /** Ids asked for in this turn: one write for all of them. */
  #asked = '';
  #header = '';
  #body: Body | null = null;
  #failure: Error | null = null;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The object, or null when it is not there. Its bytes are checked against its id. */
  read(oid: Oid): Promise<RawObject | null> {
    if (!isOid(oid)) return Promise.reject(inputError('bad-object-id', `${JSON.stringify(oid)} is not a git object id (40 hex digits).`));
    if (this.#failure !== null) return Promise.reject(this.#failure);
    this.#child ??= this.#start();
    const child = this.#child;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ oid, resolve, reject });
      if (this.#asked === '') queueMicrotask(() => this.#ask(child));
      this.#asked += `${oid}\n`;
    });
  }

  #ask(child: ChildProcessWithoutNullStreams): void {
    if (this.#failure === null) child.stdin.write(this.#asked, 'latin1');
    this.#asked = '';
  }

  close(): void {
    this.#fail(outsideError('store-closed', 'The object store is closed.'));
    this.#child?.stdin.end();
    this.#child?.kill();
    this.#child = null;
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = spawn('git', ['--git-dir=.', 'cat-file', '--batch'], { cwd: this.#directory, env: gitEnvironment() });
    child.stdout.on('data', (chunk: Buffer) => this.#feed(chunk));
    child.stderr.resume();
    child.stdin.on('error', () => undefined); // The exit that causes it is reported below.
    child.once('error', (error) => this.#fail(spawnError(error)));
    child.once('close', (code) => this.#fail(this.#whyEnded(code)));
    return child;
  }

  /** git gives up with 128 at an object that it finds and cannot read: the first that is still waited for. */
  #whyEnded(code: number | null): Error {
    const oid = this.#waiting[0]?.oid;
    if (code === 128 && oid !== undefined) return corrupt(oid, 'git cannot read it');
    return outsideError('git-failed', 'git cat-file ended too early. Is the repository complete and readable?');
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#failure);
  }

  #feed(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#body === null ? this.#takeHeader(rest) : this.#takeBody(rest, this.#body);
  }

  #takeHeader(chunk: Buffer): Buffer {
    const end = chunk.indexOf(0x0a);
    this.#header += chunk.toString('latin1', 0, end < 0 ? chunk.length : end);
    if (end < 0) return chunk.subarray(chunk.length);
    const [, kind = '', size = ''] = this.#header.split(' ');
    this.#header = '';
    if (isObjectType(kind)) {
      const bytes = Number(size);
      this.#body = { type: kind, size: bytes, content: bytes > MAX_OBJECT_BYTES ? null : Buffer.allocUnsafe(bytes), filled: 0 };
    } else this.#waiting.shift()?.resolve(null);
    return chunk.subarray(end + 1);
  }

  #takeBody(chunk: Buffer, body: Body): Buffer {
    // One line feed follows the content.
    const take = Math.min(chunk.length, body.size + 1 - body.filled);
    if (body.content !== null) chunk.copy(body.content, body.filled, 0, take);
    body.filled += take;
    if (body.filled === body.size + 1) {
      this.#body = null;
      this.#answer(body);
    }
    return chunk.subarray(take);
  }

  #answer(body: Body): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    if (body.content === null) waiting.reject(inputError('object-too-large', `The git object ${waiting.oid} has ${body.size} bytes; at most ${MAX_OBJECT_BYTES} can be handled.`));
    else if (hashObject(body.type, body.content) !== waiting.oid) waiting.reject(corrupt(waiting.oid, 'its bytes do not have that id'));
    else waiting.resolve({ type: body.type, content: body.content });
  }
}

const isObjectType = (text: string): text is ObjectType => text === 'blob' || text === 'tree' || text === 'commit' || text === 'tag';

// One long-lived `git cat-file --batch` per repository: a read costs a pipe round trip instead of a process.
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { gitEnv } from './run-git.ts';
import { outsideError } from '../../../domain/errors.ts';
import type { GitObject, ObjectType } from './object-format.ts';

interface Waiting {
  resolve(found: GitObject | null): void;
  reject(error: unknown): void;
}

const HEADER = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/;
const isType = (text: string | undefined): text is ObjectType => text === 'blob' || text === 'tree' || text === 'commit' || text === 'tag';

export class BatchReader {
  readonly #gitDir: string;
  #child: ChildProcessWithoutNullStreams | null = null;
  #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that must be there before it is worth looking again. */
  #needed = 0;

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  /** What a revision expression (`OID`, `main`, `main:path`) names; null when it names nothing. */
  read(expression: string): Promise<GitObject | null> {
    if (/[\n\r\0]/.test(expression) || expression === '') return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#start().stdin.write(`${expression}\n`);
    });
  }

  close(): void {
    this.#child?.stdin.end();
    this.#child?.kill();
    this.#child = null;
  }

  #start(): ChildProcessWithoutNullStreams {
    if (this.#child !== null) return this.#child;
    const child = spawn('git', ['cat-file', '--batch'], { cwd: this.#gitDir, env: gitEnv({ GIT_DIR: this.#gitDir }) });
    child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    child.stderr.resume();
    child.stdin.on('error', () => {});
    child.on('error', (error) => this.#fail(error));
    child.on('close', () => this.#fail(null));
    this.#child = child;
    return child;
  }

  #fail(cause: unknown): void {
    this.#child = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#chunks = [];
    this.#size = 0;
    this.#needed = 0;
    for (const one of waiting) one.reject(outsideError('git-read', 'git stopped while it read a local repository. Is git installed, and is the directory still there?', cause));
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#waiting.length > 0 && this.#size > 0 && this.#size >= this.#needed) {
      const bytes = this.#chunks.length === 1 && this.#chunks[0] !== undefined ? this.#chunks[0] : Buffer.concat(this.#chunks);
      this.#chunks = [bytes];
      const used = this.#answer(bytes);
      if (used === 0) return;
      this.#chunks = [bytes.subarray(used)];
      this.#size -= used;
      this.#needed = 0;
    }
  }

  /** Answers the oldest reader if its whole answer is in `bytes`; gives the bytes used, or 0. */
  #answer(bytes: Buffer): number {
    const newline = bytes.indexOf(10);
    if (newline < 0) return 0;
    const match = HEADER.exec(bytes.toString('utf8', 0, newline));
    const type = match?.[2];
    if (match === null || !isType(type)) {
      this.#waiting.shift()?.resolve(null);
      return newline + 1;
    }
    const end = newline + 1 + Number(match[3]);
    this.#needed = end + 1;
    if (bytes.length < end + 1) return 0;
    this.#waiting.shift()?.resolve({ oid: match[1] ?? '', type, bytes: Buffer.from(bytes.subarray(newline + 1, end)) });
    return end + 1;
  }
}

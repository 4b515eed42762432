// One bare repository: objects read through a batch process and written in this process, refs changed by git itself.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import path from 'node:path';
import { BatchReader } from './batch-reader.ts';
import { isRefName } from './ref-name.ts';
import { oidOf, parseCommit } from './object-format.ts';
import type { GitObject, ObjectType } from './object-format.ts';
import { listRefs, moveRef, readRef } from './refs.ts';
import type { Ref } from './refs.ts';
import { runGit } from './run-git.ts';

const OID = /^[0-9a-f]{40}$/;
const ZERO = '0'.repeat(40);
const CACHED_OBJECTS_MAX = 4000;
const CACHED_BYTES_MAX = 256 * 1024;

export class GitStore {
  readonly gitDir: string;
  readonly #reader: BatchReader;
  readonly #cache = new Map<string, GitObject>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(gitDir: string) {
    this.gitDir = gitDir;
    this.#reader = new BatchReader(gitDir);
  }

  /** Runs one ref-changing piece of work after the other, so that a push and an API call never interleave. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(work, work);
    this.#queue = next.catch(() => {});
    return next;
  }

  async read(oid: string, type?: ObjectType): Promise<GitObject | null> {
    if (!OID.test(oid)) return null;
    const found = this.#cache.get(oid) ?? (await this.#reader.read(oid));
    if (found !== null && found.bytes.length <= CACHED_BYTES_MAX) this.#remember(found);
    return found !== null && (type === undefined || found.type === type) ? found : null;
  }

  /** Any revision expression that git understands; null when it names nothing. */
  async resolve(expression: string): Promise<GitObject | null> {
    if (expression.startsWith('-')) return null;
    return OID.test(expression) ? await this.read(expression) : await this.#reader.read(expression);
  }

  async write(type: ObjectType, bytes: Uint8Array): Promise<string> {
    const oid = oidOf(type, bytes);
    const folder = path.join(this.gitDir, 'objects', oid.slice(0, 2));
    const file = path.join(folder, oid.slice(2));
    if (!existsSync(file)) {
      await mkdir(folder, { recursive: true });
      const temporary = path.join(folder, `tmp_obj_${randomBytes(6).toString('hex')}`);
      await writeFile(temporary, deflateSync(Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]), { level: 1 }), { mode: 0o444 });
      await rename(temporary, file);
    }
    if (bytes.length <= CACHED_BYTES_MAX) this.#remember({ oid, type, bytes: Buffer.from(bytes) });
    return oid;
  }

  /** The commit that a full ref name points at, or null. */
  async readRef(name: string): Promise<string | null> {
    return isRefName(name) ? await readRef(this.gitDir, name) : null;
  }

  /** All refs whose full name begins with `prefix`, sorted by name. */
  listRefs(prefix: string): Promise<Ref[]> {
    return listRefs(this.gitDir, prefix);
  }

  /** Moves a ref if it still is `expected` (null: if it does not exist). False when it is not: nothing changed then. */
  async moveRef(name: string, next: string | null, expected: string | null): Promise<boolean> {
    if (!isRefName(name)) return false;
    if (next !== null) return await moveRef(this.gitDir, { name, next, expected });
    return (await runGit(this.gitDir, ['update-ref', '-d', name, expected ?? ZERO])).code === 0;
  }

  async isAncestor(older: string, newer: string): Promise<boolean> {
    const commit = older === newer ? null : await this.read(newer, 'commit');
    if (older === newer || (commit !== null && parseCommit(commit.bytes).parents.includes(older))) return true;
    return (await runGit(this.gitDir, ['merge-base', '--is-ancestor', older, newer])).code === 0;
  }

  async mergeBase(a: string, b: string): Promise<string | null> {
    const found = await runGit(this.gitDir, ['merge-base', a, b]);
    return found.code === 0 ? found.stdout.toString('utf8').trim() : null;
  }

  close(): void {
    this.#reader.close();
  }

  #remember(object: GitObject): void {
    if (this.#cache.size >= CACHED_OBJECTS_MAX) this.#cache.delete(this.#cache.keys().next().value ?? '');
    this.#cache.set(object.oid, object);
  }
}

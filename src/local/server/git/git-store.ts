// One bare repository: objects read through a batch process and written in this process, refs changed by git itself.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import path from 'node:path';
import { BatchReader } from './batch-reader.ts';
import { isRefName } from './ref-name.ts';
import { oidOf } from './object-format.ts';
import type { GitObject, ObjectType } from './object-format.ts';
import { runGit } from './run-git.ts';

export interface Ref {
  readonly name: string;
  readonly oid: string;
}

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
    if (!isRefName(name)) return null;
    const loose = await readFile(path.join(this.gitDir, name), 'utf8').catch(() => null);
    if (loose !== null && OID.test(loose.trim())) return loose.trim();
    const packed = await readFile(path.join(this.gitDir, 'packed-refs'), 'utf8').catch(() => '');
    return packed.split('\n').find((line) => line.slice(41) === name)?.slice(0, 40) ?? null;
  }

  async listRefs(prefix: string): Promise<Ref[]> {
    const listed = await runGit(this.gitDir, ['for-each-ref', '--format=%(objectname) %(refname)']);
    const refs = listed.stdout.toString('utf8').split('\n').filter((line) => line !== '');
    return refs.map((line) => ({ oid: line.slice(0, 40), name: line.slice(41) })).filter((ref) => ref.name.startsWith(prefix));
  }

  /** Moves a ref if it still is `expected` (null: if it does not exist). False when it is not: nothing changed then. */
  async moveRef(name: string, next: string | null, expected: string | null): Promise<boolean> {
    if (!isRefName(name)) return false;
    const args = next === null ? ['update-ref', '-d', name, expected ?? ZERO] : ['update-ref', name, next, expected ?? ZERO];
    return (await runGit(this.gitDir, args)).code === 0;
  }

  async isAncestor(older: string, newer: string): Promise<boolean> {
    return older === newer || (await runGit(this.gitDir, ['merge-base', '--is-ancestor', older, newer])).code === 0;
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

import { open, mkdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { inputError, outsideError } from '../domain/errors.ts';
import { isOid, type Oid } from '../domain/ids.ts';
import type { Clock, Random } from '../ports/clock.ts';

const LOCK_ATTEMPTS_MAX = 200;
const LOCK_WAIT_MAX_MS = 30;
const PACKED_REFS_BYTES_MAX = 64 * 1024 * 1024;

/** A branch of a repository with git's "files" ref storage. */
export interface RefPlace {
  readonly gitDir: string;
  readonly ref: string;
}

/** The commit that the ref names, or null when it does not exist. Reads the loose file first, then `packed-refs`, as git does. */
export async function readRef({ gitDir, ref }: RefPlace): Promise<Oid | null> {
  const loose = (await readOptional(join(gitDir, ref)))?.trim();
  if (loose !== undefined) {
    if (isOid(loose)) return loose;
    throw inputError('ref-not-plain', `${ref} in ${gitDir} names no commit directly. Make it a plain branch.`);
  }
  const packed = await readOptional(join(gitDir, 'packed-refs'));
  for (const line of (packed ?? '').split('\n')) {
    const [oid = '', name] = line.trimEnd().split(' ');
    if (name === ref && isOid(oid)) return oid;
  }
  return null;
}

/**
 * Moves the ref from `expected` (null: it must not exist) to `next` under the lock file that git itself takes, so that
 * other processes and native git cannot come between. False: it pointed elsewhere, and nothing was changed.
 */
export async function compareAndSwapRef(place: RefPlace, move: { readonly expected: Oid | null; readonly next: Oid }, wait: { readonly clock: Clock; readonly random: Random }): Promise<boolean> {
  const path = join(place.gitDir, place.ref);
  const lock = `${path}.lock`;
  const file = await takeLock(lock, wait);
  let renamed = false;
  try {
    if ((await readRef(place)) !== move.expected) return false;
    await file.writeFile(`${move.next}\n`);
    await file.sync();
    await file.close();
    await rename(lock, path);
    renamed = true;
    return true;
  } finally {
    await file.close().catch(() => undefined);
    // After the rename, a lock of that name would be another writer's.
    if (!renamed) await rm(lock, { force: true });
  }
}

async function takeLock(lock: string, { clock, random }: { readonly clock: Clock; readonly random: Random }): Promise<FileHandle> {
  await mkdir(dirname(lock), { recursive: true });
  for (let attempt = 0; attempt < LOCK_ATTEMPTS_MAX; attempt++) {
    try {
      return await open(lock, 'wx', 0o644);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      await clock.sleep(random.fraction() * LOCK_WAIT_MAX_MS);
    }
  }
  throw outsideError('ledger-locked', `${lock} is held by another process. If no git or countersign process is running there, delete that file and run again.`);
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    const bytes = await readFile(path);
    if (bytes.byteLength > PACKED_REFS_BYTES_MAX) throw outsideError('ref-too-large', `${path} has ${bytes.byteLength} bytes, which is too large to read.`);
    return bytes.toString('latin1');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

export const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;

import { promises } from 'node:fs';
import { join } from 'node:path';

import { inputError, outsideError } from '../domain/errors.ts';
import { isOid, type Oid } from '../domain/ids.ts';
import { gitReason } from './git-process.ts';
import type { LedgerDisk, LedgerFs } from './ledger-store-disk.ts';

/** How long git waits for another writer's lock; one is held for a few milliseconds. */
const LOCK_WAIT_MS = 1_000;
const REF_BYTES_MAX = 64 * 1024 * 1024;
const NO_COMMIT = '0'.repeat(40);

/** A branch of a repository with git's "files" ref storage. */
export interface RefPlace {
  readonly gitDir: string;
  readonly ref: string;
}

/** The commit that the ref names, or null when it does not exist. Reads the loose file first, then `packed-refs`, as git does. */
export async function readRef({ gitDir, ref }: RefPlace, fs: Pick<LedgerFs, 'stat' | 'readFile'> = promises): Promise<Oid | null> {
  const loose = (await readOptional(fs, join(gitDir, ref)))?.trim();
  if (loose !== undefined) {
    if (isOid(loose)) return loose;
    throw inputError('ref-not-plain', `${ref} in ${gitDir} names no commit directly. Make it a plain branch.`);
  }
  const packed = await readOptional(fs, join(gitDir, 'packed-refs'));
  for (const line of (packed ?? '').split('\n')) {
    const [oid = '', name] = line.trimEnd().split(' ');
    if (name === ref && isOid(oid)) return oid;
  }
  return null;
}

/**
 * Moves the ref from `expected` (null: it must not exist) to `next`, in a git process of its own. That process takes git's
 * lock, compares, and swaps; it goes on to its end when this one is killed, and so never leaves the lock behind.
 * False: the ref points elsewhere, and nothing was changed.
 */
export async function compareAndSwapRef(place: RefPlace, move: { readonly expected: Oid | null; readonly next: Oid }, disk: LedgerDisk): Promise<boolean> {
  const { code, stderr } = await disk.runGit({
    args: [`--git-dir=${place.gitDir}`, 'update-ref', '--no-deref', place.ref, move.next, move.expected ?? NO_COMMIT],
    cwd: place.gitDir,
    config: { 'core.filesRefLockTimeout': String(LOCK_WAIT_MS), 'core.fsync': 'all', 'core.logAllRefUpdates': 'false' },
    outlivesUs: true,
  });
  if (code === 0) return true;
  const found = await readRef(place, disk.fs);
  if (found !== move.expected) return found === move.next;
  if (/\.lock': File exists/.test(stderr)) {
    throw outsideError('ledger-locked', `${join(place.gitDir, place.ref)}.lock is held by another process. If no git or countersign process is running there, delete that file and run again.`);
  }
  throw outsideError('ledger-not-moved', `git could not move ${place.ref} in ${place.gitDir} (${gitReason(stderr)}). Run it again; nothing of this record is in the ledger.`);
}

async function readOptional(fs: Pick<LedgerFs, 'stat' | 'readFile'>, path: string): Promise<string | undefined> {
  try {
    const { size } = await fs.stat(path);
    if (size > REF_BYTES_MAX) throw outsideError('ref-too-large', `${path} has ${size} bytes, which is too large to read.`);
    return (await fs.readFile(path)).toString('latin1');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;
export const isMissing = (error: unknown): boolean => isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR');

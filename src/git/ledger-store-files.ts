import { randomBytes } from 'node:crypto';
import { promises } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import git, { type TreeEntry as GitTreeEntry } from 'isomorphic-git';

import { brokenError } from '../domain/errors.ts';
import type { Oid } from '../domain/ids.ts';
import type { TreeEntry } from '../ports/objects.ts';
import type { LedgerFs } from './ledger-store-disk.ts';

export interface CommitContent {
  readonly message: string;
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  /** Author and committer; `at` in seconds since 1970, at UTC. */
  readonly by: { readonly name: string; readonly email: string; readonly at: number };
}

/** Makes the objects of one commit. None is certain to be on disk before `flush`. */
export interface ObjectWriter {
  blob(bytes: Uint8Array): Promise<Oid>;
  tree(entries: readonly TreeEntry[]): Promise<Oid>;
  commit(content: CommitContent): Promise<Oid>;
  /** Waits for every object written so far. Rejects when one of them could not be written whole. */
  flush(): Promise<void>;
}

/**
 * Writes objects through isomorphic-git, into files that appear whole or not at all: by itself it writes in place and never
 * looks at an object again, so a full disk or a killed process would leave half an object that later passes for the real
 * one. For the same reason a file that is there already is replaced, not trusted. The files of one commit are written and
 * synced side by side, which takes a disk hardly longer than one of them.
 */
export function createObjectWriter(fs: LedgerFs, gitDir: string): ObjectWriter {
  const written: Promise<void>[] = [];
  const writeFile = (path: string, bytes: Uint8Array): Promise<void> => {
    const writing = writeWhole(fs, path, bytes);
    writing.catch(() => undefined); // `flush` reports it.
    written.push(writing);
    return Promise.resolve();
  };
  const place = { fs: { promises: { ...promises, stat: neverThere, writeFile } }, gitdir: gitDir };
  return {
    blob: (bytes) => git.writeBlob({ ...place, blob: bytes }),
    tree: (entries) => git.writeTree({ ...place, tree: entries.map(toGitEntry) }),
    commit({ message, tree, parents, by }) {
      const person = { name: by.name, email: by.email, timestamp: by.at, timezoneOffset: 0 };
      return git.writeCommit({ ...place, commit: { message, tree, parent: [...parents], author: person, committer: person } });
    },
    async flush() {
      // All have ended, well or not, before this one ends.
      const outcomes = await Promise.allSettled(written.splice(0));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

// isomorphic-git writes any name that it is given, and in UTF-8: a name that stands for other bytes would change.
function toGitEntry({ mode, name, oid }: TreeEntry): GitTreeEntry {
  if (!/^[\x21-\x7e]+$/.test(name)) throw brokenError('ledger-path', `The ledger has a file ${JSON.stringify(name)}, which is no name of a ledger. Run "countersign ledger verify".`);
  return { mode, path: name, oid, type: mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob' };
}

const neverThere = (path: string): Promise<never> => Promise.reject(Object.assign(new Error(`${path} is not looked for`), { code: 'ENOENT' }));

/** Writes a temporary file beside `path`, syncs it and renames it. git's own prune knows names that begin with `tmp_obj_`. */
async function writeWhole(fs: LedgerFs, path: string, bytes: Uint8Array): Promise<void> {
  await fs.mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `tmp_obj_${randomBytes(8).toString('hex')}`);
  let file: FileHandle | null = null;
  try {
    file = await fs.open(temporary, 'wx', 0o444);
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await fs.rename(temporary, path);
  } catch (error) {
    await file?.close().catch(() => undefined);
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

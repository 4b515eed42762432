import { randomBytes } from 'node:crypto';
import { promises } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file system for isomorphic-git, of which only `promises` is used. */
export interface GitFileSystem {
  readonly promises: typeof promises;
}

/** A file system whose written files are only certain to be on disk after `flush`. */
export interface ObjectFileSystem extends GitFileSystem {
  /** Waits for every file written so far. Rejects when one of them could not be written whole. */
  flush(): Promise<void>;
}

/**
 * Node's file system, with files that appear whole or not at all: isomorphic-git writes an object in place and never
 * looks at it again, so a full disk or a killed process would leave half an object that later passes for the real one.
 * The files of one commit are written and synced side by side, which takes a disk hardly longer than one of them.
 */
export function createObjectFileSystem(): ObjectFileSystem {
  const written: Promise<void>[] = [];
  const writeFile = (path: string, bytes: Uint8Array): Promise<void> => {
    const writing = writeWhole(path, bytes);
    writing.catch(() => undefined); // `flush` reports it.
    written.push(writing);
    return Promise.resolve();
  };
  return {
    promises: { ...promises, writeFile: writeFile as typeof promises.writeFile },
    flush: async () => void (await Promise.all(written.splice(0))),
  };
}

/** Writes a temporary file beside `path`, syncs it and renames it. git's own prune knows names that begin with `tmp_obj_`. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await promises.mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `tmp_obj_${randomBytes(8).toString('hex')}`);
  const file = await promises.open(temporary, 'wx', 0o444);
  try {
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await promises.rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await promises.rm(temporary, { force: true });
    throw error;
  }
}

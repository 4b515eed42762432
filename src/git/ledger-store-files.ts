import { randomBytes } from 'node:crypto';
import { promises } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file system for isomorphic-git, of which only `promises` is used. */
export interface GitFileSystem {
  readonly promises: typeof promises;
}

/**
 * Node's file system, with files that appear whole or not at all: isomorphic-git writes an object in place and never
 * looks at it again, so a full disk or a killed process would leave half an object that later passes for the real one.
 */
export function createAtomicFileSystem(): GitFileSystem {
  return { promises: { ...promises, writeFile: writeWhole as typeof promises.writeFile } };
}

/** Writes a temporary file beside `path`, flushes it and renames it. git's own prune knows names that begin with `tmp_obj_`. */
async function writeWhole(path: string, bytes: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `tmp_obj_${randomBytes(8).toString('hex')}`);
  const file = await promises.open(temporary, 'wx', basename(dirname(path)).length === 2 ? 0o444 : 0o644);
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

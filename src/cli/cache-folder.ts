import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** Where this user's own caches lie (XDG). */
function cacheFolder(name: string): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'countersign', name);
}

/**
 * A folder for this user's own caches, made if need be: nothing in them is ever needed, and nobody else may write there.
 * Null when it cannot be made. It is made level by level: in a file system that makes no folders, such as /proc, Node's
 * own recursive mkdir (also the one behind the compile cache) never ends.
 */
export function makeCacheFolder(name: string): string | null {
  const folder = cacheFolder(name);
  return isMade(folder) ? folder : null;
}

function isMade(folder: string): boolean {
  if (existsSync(folder)) return true;
  if (dirname(folder) === folder || !isMade(dirname(folder))) return false;
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // Somebody else may have made it meanwhile.
  }
  return existsSync(folder);
}

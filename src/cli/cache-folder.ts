import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where this user's own caches lie (XDG): nothing in them is ever needed, and nobody else may write there. */
export function cacheFolder(name: string): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'countersign', name);
}

import { spawn } from 'node:child_process';
import { isOid, type Oid } from '../domain/ids.ts';
import type { DeepEntry } from '../ports/objects.ts';
import { gitEnvironment, spawnError } from './git-process.ts';
import { canonicalMode } from './object-codec.ts';

/** A listing of 250 000 files has half of it. A tree that holds itself many times over is cut off here. */
const MAX_LISTING_BYTES = 64 * 1024 * 1024;
const OID_DIGITS = 40;

/**
 * Everything below `tree` (or a commit's tree) by one `git ls-tree` in `directory`, an own repository that only borrows objects. Null when git cannot list all of it, or there
 * is too much: reading tree after tree then says why. Tree objects are not checked against their ids here, as git does not.
 */
export async function listTree(directory: string, tree: Oid): Promise<DeepEntry[] | null> {
  if (!isOid(tree)) return null;
  const child = spawn('git', ['--git-dir=.', 'ls-tree', '-r', '-t', '-l', '-z', '--full-tree', tree], { cwd: directory, env: gitEnvironment(), stdio: ['ignore', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_LISTING_BYTES) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(spawnError(error)));
    child.once('close', resolve);
  });
  return code === 0 && bytes <= MAX_LISTING_BYTES ? parseListing(Buffer.concat(chunks).toString('latin1'), tree) : null;
}

/** Takes `MODE TYPE ID SIZE<tab>PATH<nul>` again and again; null for anything else. */
function parseListing(text: string, tree: Oid): DeepEntry[] | null {
  const entries: DeepEntry[] = [];
  for (let at = 0; at < text.length; ) {
    const oidAt = text.indexOf(' ', at + 7) + 1;
    const tab = text.indexOf('\t', oidAt);
    const end = text.indexOf('\0', tab);
    if (oidAt <= at || tab < oidAt + OID_DIGITS || end < 0) return null;
    const size = Number(text.slice(oidAt + OID_DIGITS, tab));
    entries.push({ mode: canonicalMode(text.slice(at, at + 6), tree), path: text.slice(tab + 1, end), oid: text.slice(oidAt, oidAt + OID_DIGITS), bytes: Number.isNaN(size) ? null : size });
    at = end + 1;
  }
  return entries;
}

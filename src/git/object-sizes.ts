import { spawn } from 'node:child_process';
import { inputError, outsideError } from '../domain/errors.ts';
import { isOid, type Oid } from '../domain/ids.ts';
import { gitEnvironment, spawnError } from './git-process.ts';

/**
 * Sizes in bytes of the objects that are there, from git's own tables: nothing is inflated, so that a huge blob can
 * be left alone. One `git cat-file --batch-check` in `directory`, an own repository that only borrows objects.
 */
export async function readObjectSizes(directory: string, oids: readonly Oid[]): Promise<ReadonlyMap<Oid, number>> {
  const sizes = new Map<Oid, number>();
  if (oids.length === 0) return sizes;
  const bad = oids.find((oid) => !isOid(oid));
  if (bad !== undefined) throw inputError('bad-object-id', `${JSON.stringify(bad)} is not a git object id (40 hex digits).`);
  const child = spawn('git', ['--git-dir=.', 'cat-file', '--buffer', '--batch-check=%(objectname) %(objectsize)'], { cwd: directory, env: gitEnvironment(), stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(spawnError(error)));
    child.once('close', (code) => resolve(code ?? -1));
  });
  child.stdin.on('error', () => undefined); // The exit that causes it is reported below.
  child.stdin.end(`${oids.join('\n')}\n`, 'latin1');
  let rest = '';
  child.stdout.setEncoding('latin1').on('data', (text: string) => void (rest = takeLines(rest + text, sizes)));
  if ((await ended) !== 0) throw outsideError('git-failed', 'git cat-file ended too early. Is the repository complete and readable?');
  return sizes;
}

const OID_DIGITS = 40;

/** Takes the whole lines of `text`, `ID SIZE` or `ID missing`, and gives back what follows the last of them. */
function takeLines(text: string, sizes: Map<Oid, number>): string {
  let at = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
    const size = end > at + OID_DIGITS ? Number(text.slice(at + OID_DIGITS, end)) : Number.NaN;
    if (!Number.isNaN(size)) sizes.set(text.slice(at, at + OID_DIGITS), size);
    at = end + 1;
  }
  return text.slice(at);
}

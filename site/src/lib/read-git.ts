import { spawnSync } from 'node:child_process';
import { inputError, outsideError } from '../../../src/domain/errors.ts';
import type { Oid } from '../../../src/domain/ids.ts';

/** Every file of the ledger at one commit. */
export interface LedgerBytes {
  readonly tip: Oid;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

// A file above this is left out of the pages; what needs it says that it cannot be shown.
const FILE_BYTES_MAX = 8 * 1024 * 1024;

/** Reads `ref` of the repository at `dir` with three git processes, whatever the ledger's size. */
export function readLedgerBytes(dir: string, ref: string): LedgerBytes {
  const tip = resolveTip(dir, ref);
  const entries = listFiles(dir, tip).filter((entry) => entry.size <= FILE_BYTES_MAX);
  const blobs = readBlobs(dir, entries.map((entry) => entry.oid));
  return { tip, files: new Map(entries.map((entry, index) => [entry.path, blobs[index] ?? new Uint8Array()])) };
}

// A checkout of a control repo may know the branch only as the remote's.
function resolveTip(dir: string, ref: string): Oid {
  for (const name of [`refs/heads/${ref}`, `refs/remotes/origin/${ref}`, ref]) {
    const found = runGit(dir, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    if (found.status === 0) return found.stdout.toString('latin1').trim();
    if (found.status !== 1) throw outsideError('site-ledger-unreadable', `git cannot read ${dir}: ${found.stderr.toString('utf8').trim()}`);
  }
  throw inputError('site-no-ledger-branch', `${dir} has no branch "${ref}". Set COUNTERSIGN_LEDGER_REF, or start a workflow first: it creates the ledger.`);
}

interface Entry {
  readonly path: string;
  readonly oid: Oid;
  readonly size: number;
}

function listFiles(dir: string, tip: Oid): readonly Entry[] {
  const output = mustRunGit(dir, ['ls-tree', '-r', '-l', '-z', '--full-tree', tip]);
  return output
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const match = /^100644 blob ([0-9a-f]{40}) +(\d+)\t(.+)$/s.exec(line);
      return match?.[1] && match[2] && match[3] ? [{ oid: match[1], size: Number(match[2]), path: match[3] }] : [];
    });
}

// `cat-file --batch` answers each id with "<oid> blob <size>\n<bytes>\n", in order.
function readBlobs(dir: string, oids: readonly Oid[]): readonly Uint8Array[] {
  if (oids.length === 0) return [];
  const output = mustRunGit(dir, ['cat-file', '--batch', '--buffer'], oids.join('\n'));
  let offset = 0;
  return oids.map((oid) => {
    const end = output.indexOf(0x0a, offset);
    const [found, type, size] = output.toString('latin1', offset, end).split(' ');
    if (found !== oid || type !== 'blob') throw outsideError('site-ledger-unreadable', `git has no blob ${oid} in ${dir}. Run: git -C ${dir} fsck`);
    offset = end + 1 + Number(size) + 1;
    return output.subarray(end + 1, offset - 1);
  });
}

function mustRunGit(dir: string, args: readonly string[], input = ''): Buffer {
  const result = runGit(dir, args, input);
  if (result.status === 0) return result.stdout;
  throw outsideError('site-ledger-unreadable', `git ${args[0]} failed in ${dir}: ${result.stderr.toString('utf8').trim() || String(result.error)}`);
}

// The ledger's repository is only data: no configuration of the machine, no replaced objects, no fetching of missing ones.
function runGit(dir: string, args: readonly string[], input = '') {
  return spawnSync('git', ['-C', dir, '-c', 'safe.directory=*', '--no-replace-objects', ...args], {
    input,
    maxBuffer: Number.POSITIVE_INFINITY,
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_NO_LAZY_FETCH: '1',
      GIT_TERMINAL_PROMPT: '0',
    },
  });
}

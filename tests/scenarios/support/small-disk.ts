import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A disk of a few megabytes that can be filled. Only root may mount one.

export interface SmallDisk {
  /** Where it is mounted. */
  readonly dir: string;
  /** Fills it up, so that at most so many bytes can still be written. */
  fill(leftBytes: number): void;
  /** Makes the room free again. */
  empty(): void;
}

export const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMount();

function tryMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export async function onSmallDisk(megabytes: number, scenario: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir]);
  // The ballast lies beside what is tested, which expects its directory for itself.
  const ballast = join(dir, 'ballast');
  try {
    await scenario({ dir, fill: (leftBytes) => fill(ballast, leftBytes), empty: () => rmSync(ballast, { force: true }) });
  } finally {
    execFileSync('umount', ['--lazy', dir]);
    await rmdir(dir);
  }
}

function fill(file: string, leftBytes: number): void {
  const { bavail, bsize } = statfsSync(join(file, '..'));
  const descriptor = openSync(file, 'a');
  try {
    const block = new Uint8Array(bsize);
    for (let left = bavail * bsize - leftBytes; left > 0; left -= bsize) writeSync(descriptor, block);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

// Whether the disk has room for a job at all.
import { statfsSync } from 'node:fs';
import { outsideError } from '../../domain/errors.ts';

/** A checkout, its files and its logs need more than this. */
const ROOM_BYTES_MIN = 8 * 1024 * 1024;

/** Throws `disk-full` when less than a job needs is left in the directory's file system. */
export function assertRoom(dir: string): void {
  const { bavail, bsize } = statfsSync(dir);
  if (bavail * bsize < ROOM_BYTES_MIN) throw outsideError('disk-full', `No space left on device: ${dir} has less than ${ROOM_BYTES_MIN / 1024 / 1024} MiB.`);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A new directory, until `removeTemporaryDirs`. */
export function temporaryDir(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `countersign-${name}-`));
  made.push(dir);
  return dir;
}

/** For a test file's `afterAll`. */
export function removeTemporaryDirs(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}

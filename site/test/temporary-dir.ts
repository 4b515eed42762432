import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new directory. Under the test runner it goes away with the process; made by hand, it stays to be looked at. */
export function temporaryDir(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `countersign-${name}-`));
  if (process.env['VITEST']) process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

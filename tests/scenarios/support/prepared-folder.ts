import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** This run's folder for worlds that several scenarios go on from. */
    readonly preparedFolder: string;
  }
}

/** Vitest's global set-up: a folder for this run alone, so that nothing of an earlier run can hide a failure of this one. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-prepared-'));
  provide('preparedFolder', folder);
  return () => (process.env['KEEP_SCENARIO'] ? Promise.resolve() : rm(folder, { recursive: true, force: true, maxRetries: 5 }));
}

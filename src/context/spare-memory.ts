import { setFlagsFromString } from 'node:v8';

/** From so many files on a reading spares memory where it would otherwise spare time. */
const LARGE_FILES = 10_000;

/**
 * Three limits for a process that reads a large repository. The optimising compiler for grammars (whose lexers are single huge functions) takes some
 * 140 MB for good, and a young generation that grows as it likes 100 MB in each thread; together they are half of what 50,000 files took. Call it
 * before grammars are loaded. Small repositories are read as fast as before.
 */
export function spareMemoryFor(files: number): void {
  if (files < LARGE_FILES) return;
  for (const flag of ['--no-wasm-dynamic-tiering', '--no-wasm-tier-up', '--semi-space-growth-factor=1', '--heap-growing-percent=15']) setFlagsFromString(flag);
}

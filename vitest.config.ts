import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { seed } from './scripts/test/seed.ts';

process.stderr.write(`seed ${seed} (COUNTERSIGN_SEED=${seed} repeats this run)\n`);

export default defineConfig({
  resolve: { alias: [{ find: /^fast-check$/, replacement: fileURLToPath(new URL('scripts/test/seeded-fast-check.ts', import.meta.url)) }] },
  test: {
    include: ['src/**/*.test.ts', 'action/**/*.test.ts', 'tests/**/*.test.ts', 'site/test/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'src/local/samples/**'],
    globalSetup: ['tests/scenarios/support/prepared-folder.ts'],
    env: { COUNTERSIGN_SEED: String(seed) },
    // No test is about time: these only end what hangs, on a machine that is busy with other things too.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    maxWorkers: 3,
  },
});

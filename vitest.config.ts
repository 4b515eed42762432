import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { seed } from './scripts/test/seed.ts';

process.stderr.write(`seed ${seed} (COUNTERSIGN_SEED=${seed} repeats this run)\n`);

// A long variant tries hundreds of points in one test, and kills real processes at each.
const HANGS_AFTER_MS = process.env['COUNTERSIGN_LONG'] === '1' ? 4 * 3_600_000 : 900_000;

export default defineConfig({
  resolve: { alias: [{ find: /^fast-check$/, replacement: fileURLToPath(new URL('scripts/test/seeded-fast-check.ts', import.meta.url)) }] },
  test: {
    include: ['src/**/*.test.ts', 'action/**/*.test.ts', 'tests/**/*.test.ts', 'site/test/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'src/local/samples/**'],
    globalSetup: ['tests/scenarios/support/prepared-folder.ts'],
    // What tests themselves ask git for does not depend on whose machine it is; tests/scenarios/support/hostile-home.ts is for the product.
    env: { COUNTERSIGN_SEED: String(seed), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    // No test is about time: these only end what hangs, on a machine that is busy with other things too.
    testTimeout: HANGS_AFTER_MS,
    hookTimeout: HANGS_AFTER_MS,
    maxWorkers: 3,
  },
});

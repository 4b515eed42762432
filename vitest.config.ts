import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'action/**/*.test.ts', 'tests/**/*.test.ts', 'site/test/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'src/local/samples/**'],
    // No test is about time: these only end what hangs, on a machine that is busy with other things too.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    maxWorkers: 3,
  },
});

import { test } from 'vitest';

/**
 * A further variant of a scenario whose first one `npm test` runs. Each takes several runs of several jobs, so these are for
 * `npm run test:long`; `npm test` counts them as skipped.
 */
export const longTest: typeof test = process.env['COUNTERSIGN_LONG'] === '1' ? test : (test.skip as typeof test);

import { test } from 'vitest';

/** True under `npm run test:long`. */
export const isLong = process.env['COUNTERSIGN_LONG'] === '1';

/**
 * A further variant of a scenario whose first one `npm test` runs. Each takes several runs of several jobs, so these are for
 * `npm run test:long`; `npm test` counts them as skipped.
 */
export const longTest: typeof test = isLong ? test : (test.skip as typeof test);

// Checks that guard a landing are repeatable: `npm test` uses one seed, `npm run test:long` a new one each time, and COUNTERSIGN_SEED repeats any.
const FIXED = 20_261_123;
const isLong = process.env['COUNTERSIGN_LONG'] === '1';

/** The seed of every property test, fuzzer and drawn sample of this run, as an unsigned 31-bit integer. */
export const seed = Number(process.env['COUNTERSIGN_SEED'] ?? (isLong ? Math.floor(Math.random() * 2 ** 31) : FIXED));

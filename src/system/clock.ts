import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Random } from '../ports/clock.ts';

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, signal && { signal }).catch((error: unknown) => {
      if (!signal?.aborted) throw error;
    });
  },
};

/** The machine's own randomness. */
export const systemRandom: Random = {
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
  hex: (size) => randomBytes(size).toString('hex'),
};

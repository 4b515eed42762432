import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

// V8 doubles the space for new objects again and again while some of them live on, up to 128 MB a thread: a longer ledger would take
// more memory only for garbage that has not been looked at. A smaller space costs no measurable time here.

/** Bytes of new objects in each thread, both halves of the space: what is given to V8 for a worker as `maxYoungGenerationSizeMb` is three of its halves. */
const YOUNG_BYTES_MAX = 16 * 1024 * 1024;
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: (YOUNG_BYTES_MAX / 2 / 1024 / 1024) * 3 };

const CALLS_A_LOOK = 128;

/** Keeps this thread's space for new objects from growing further, once it is large enough. To be called now and then. */
export function createYoungGenerationLimit(): () => void {
  let calls = 0;
  let isHeld = false;
  return () => {
    if (isHeld || ++calls % CALLS_A_LOOK !== 0) return;
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    isHeld = space === undefined || space.space_size >= YOUNG_BYTES_MAX;
    // The first thread is running, so only the factor can still be changed.
    if (isHeld) setFlagsFromString('--semi-space-growth-factor=1');
  };
}

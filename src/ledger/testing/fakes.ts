import type { Clock, Random } from '../../ports/clock.ts';

/** A clock that only moves when it is asked: a second each time. `sleep` gives way to others and waits no time. */
export function fakeClock(start = Date.parse('2026-11-22T10:00:00Z')): Clock {
  let now = start;
  return {
    now() {
      now += 1000;
      return new Date(now).toISOString().replace('.000', '');
    },
    monotonicMs: () => now - start,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

/** A repeatable source of numbers (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { fraction, hex: (size) => Array.from({ length: size * 2 }, () => Math.floor(fraction() * 16).toString(16)).join('') };
}

import type { Instant } from '../domain/ids.ts';

export interface Clock {
  now(): Instant;
  /** Milliseconds of a monotonic clock, for durations only. */
  monotonicMs(): number;
  /** Ends early, without an error, when the signal says so. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** A number in [0, 1), for jitter. */
  fraction(): number;
  /** `size` random bytes as lower-case hex. */
  hex(size: number): string;
}

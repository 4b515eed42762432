// What the runner is busy with: a limited number of slots, and the moment when nothing is left to do.

/**
 * `checks`: what reports on a commit. Apart from other jobs, because those may wait for the checks and must not starve them.
 * `background`: what nobody waits for; it takes no slot from the others.
 */
export type Pool = 'jobs' | 'checks' | 'background';

export interface Activity {
  /** Counts a promise as work in progress. A rejection goes to `onError`. */
  track(work: Promise<unknown>): void;
  /** Runs the work as soon as the pool has a free slot, in order of asking. */
  inSlot(pool: Pool, work: () => Promise<void>): void;
  /** Resolves when no tracked work is left. */
  idle(): Promise<void>;
}

/** `slots`: how much may run at a time in each pool. */
export function createActivity(slots: number, onError: (error: unknown) => void): Activity {
  const pending = new Set<Promise<unknown>>();
  const newPool = (): { free: number; queue: (() => void)[] } => ({ free: Math.max(1, slots), queue: [] });
  const pools: Record<Pool, { free: number; queue: (() => void)[] }> = { jobs: newPool(), checks: newPool(), background: newPool() };

  function track(work: Promise<unknown>): void {
    const watched = work.catch(onError).finally(() => pending.delete(watched));
    pending.add(watched);
  }

  function inSlot(pool: Pool, work: () => Promise<void>): void {
    const turn = new Promise<void>((resolve) => pools[pool].queue.push(resolve));
    track(turn.then(work).finally(() => {
      pools[pool].free++;
      next(pool);
    }));
    next(pool);
  }

  function next(pool: Pool): void {
    if (pools[pool].free === 0) return;
    const resolve = pools[pool].queue.shift();
    if (resolve === undefined) return;
    pools[pool].free--;
    resolve();
  }

  async function idle(): Promise<void> {
    while (pending.size > 0) await Promise.allSettled(pending);
  }

  return { track, inSlot, idle };
}

// What the runner is busy with: a limited number of slots, and the moment when nothing is left to do.

export interface Activity {
  /** Counts a promise as work in progress. A rejection goes to `onError`. */
  track(work: Promise<unknown>): void;
  /** Runs the work as soon as a slot is free, in order of asking. */
  inSlot(work: () => Promise<void>): void;
  /** Resolves when no tracked work is left. */
  idle(): Promise<void>;
}

export function createActivity(slots: number, onError: (error: unknown) => void): Activity {
  const pending = new Set<Promise<unknown>>();
  const queue: (() => void)[] = [];
  let free = Math.max(1, slots);

  function track(work: Promise<unknown>): void {
    const watched = work.catch(onError).finally(() => pending.delete(watched));
    pending.add(watched);
  }

  function inSlot(work: () => Promise<void>): void {
    const turn = new Promise<void>((resolve) => queue.push(resolve));
    track(turn.then(work).finally(() => {
      free++;
      next();
    }));
    next();
  }

  function next(): void {
    if (free === 0) return;
    const resolve = queue.shift();
    if (resolve === undefined) return;
    free--;
    resolve();
  }

  async function idle(): Promise<void> {
    while (pending.size > 0) await Promise.allSettled(pending);
  }

  return { track, inSlot, idle };
}

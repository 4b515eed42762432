import type { Fault, FaultRequest } from '../../../src/local/server/world.ts';
import type { World } from './world.ts';

/**
 * Makes writers meet: the first ledger commit of each of `writers` jobs waits until all of them are asked for, so that
 * all were decided on the same tip. Gives what arrived, with the jobs' names.
 */
export function meetAtTheLedger(world: World, { jobs, writers }: { readonly jobs: RegExp; readonly writers: number }): { readonly commits: readonly string[] } {
  const commits: string[] = [];
  const met = Promise.withResolvers<void>();
  world.github.services.faults = async (request: FaultRequest): Promise<Fault> => {
    const job = request.token?.job ?? '';
    if (!request.mutating || request.kind !== 'graphql' || !jobs.test(job)) return 'pass';
    commits.push(job);
    if (new Set(commits).size === writers) met.resolve();
    await met.promise;
    return 'pass';
  };
  return { commits };
}

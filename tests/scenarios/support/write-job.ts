import type { LocalJob } from '../../../src/local/contract.ts';
import type { FaultRequest } from '../../../src/local/server/world.ts';
import type { World } from './world.ts';

// The requests of one write job, in the order in which they arrive, and the death of its machine at one of them.

export interface KillPoint {
  /** `after`: the request is done, its answer never arrives. `before`: it is dropped. Either way the job dies with SIGKILL. */
  readonly moment: 'before' | 'after';
  /** Counted from 0. */
  readonly index: number;
}

/** What a write job asked for, e.g. `POST /api/v3/repos/local/api/git/refs`. */
export interface WriteRequest {
  readonly text: string;
  readonly mutating: boolean;
}

async function writeJobOf(world: World, patchSet: string): Promise<LocalJob> {
  const job = (await world.reviewRun(patchSet)).jobs.find(({ key }) => key === 'write');
  if (!job) throw new Error(`the review run of ${patchSet} has no write job`);
  return job;
}

/** The job's own token, the writer App's, and the read token while the job runs: nothing else reads with it meanwhile. */
function isOf(job: LocalJob, { token }: FaultRequest): boolean {
  if (job.status !== 'in_progress' || !token) return false;
  return token.job === `apply.yml/write#${job.runId}` || token.kind === 'app-jwt' || token.id === 'read-token';
}

/** Approves, and gives every request of the write job that follows. */
export async function listRequests(world: World, patchSet: string): Promise<readonly WriteRequest[]> {
  const job = await writeJobOf(world, patchSet);
  const requests: WriteRequest[] = [];
  world.github.services.faults = (request) => {
    if (isOf(job, request)) requests.push({ text: `${request.method} ${request.path}`, mutating: request.mutating });
    return 'pass';
  };
  await world.approve(patchSet);
  world.github.services.faults = null;
  return requests;
}

/** Approves, and kills the write job that follows at the point. Gives the request that it died at, or null when there were fewer. */
export async function approveAndKill(world: World, patchSet: string, point: KillPoint): Promise<string | null> {
  const { services, runner } = world.github;
  const job = await writeJobOf(world, patchSet);
  let seen = 0;
  let died: string | null = null;
  services.faults = (request) => {
    if (!isOf(job, request)) return 'pass';
    // Nothing of a lost machine arrives any more.
    if (died !== null) return { kind: 'kill-before' };
    if (seen++ !== point.index) return 'pass';
    died = `${request.method} ${request.path}`;
    return { kind: point.moment === 'before' ? 'kill-before' : 'kill-after' };
  };
  services.onKill = () => void runner.killJob(job.id);
  await world.approve(patchSet);
  services.faults = null;
  services.onKill = null;
  return died;
}

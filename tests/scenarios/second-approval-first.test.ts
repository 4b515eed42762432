import { expect, test } from 'vitest';
import { inPrepared } from './support/prepared.ts';

test('the second PatchSet is approved first: the first one’s approval completes the set and writes both', async () => {
  await inPrepared('two', async (world) => {
    const half = await world.approve('ps-2');
    expect(half.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(half.patchSets.map(({ approval }) => approval?.login ?? null)).toEqual([null, 'octocat']);
    expect(half.gates[4]).toMatchObject({ outcome: 'WAITING' });
    await world.assertNothingWritten();
    const last = await world.reviewRun('ps-1');
    const done = await world.approve('ps-1');
    expect(done.status, await world.logs()).toBe('DONE');
    const intended = await world.eventsOf('E_WRITE_INTENDED');
    expect(intended.map(({ body, run }) => [body.patchSet, run.id])).toEqual([['ps-1', last.id], ['ps-2', last.id]]);
    for (const { job } of await world.targetWrites()) expect(job).toBe(`apply.yml/write#${last.id}`);
    await world.assertInvariants();
  });
});

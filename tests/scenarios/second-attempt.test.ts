import { expect, test } from 'vitest';
import { approveRun, jobOf, refusals, rerun } from './support/reviews.ts';
import { longTest } from './support/long.ts';
import { inPrepared } from './support/prepared.ts';

const REASON = 'This is attempt 2 of the run. An approval is good for one attempt; comment /retry for a new review.';

test('a failed review run is run again and approved again: refused, a retry asks anew', async () => {
  let machineIsLost = true;
  const killStep = ({ jobKey, moment }: { jobKey: string; moment: string }): boolean => jobKey === 'write' && moment === 'before' && machineIsLost;
  await inPrepared('one', async (world) => {
    const run = await world.reviewRun('ps-1');
    const paused = await world.approve('ps-1');
    expect(paused.pause, await world.logs()).toMatchObject({ code: 'review-run-failed', resumes: 'WAITING_USER_APPROVAL' });
    machineIsLost = false;
    await rerun(world, run);
    expect(jobOf(run, 'write').status, 'a new attempt needs a new review').toBe('waiting');
    const refused = await approveRun(world, run);
    expect(run.attempt).toBe(2);
    expect(jobOf(run, 'write')).toMatchObject({ conclusion: 'failure', summary: expect.stringContaining(REASON) });
    expect((await refusals(world)).at(-1)).toEqual({ role: 'authorize', reason: REASON, runId: run.id });
    expect(refused.pause).toEqual(paused.pause);
    expect(await world.eventsOf('E_APPROVAL_RECORDED')).toEqual([]);
    await world.assertNothingWritten();
    expect((await world.comment('/retry')).status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect((await world.reviewRun('ps-1')).id).not.toBe(run.id);
    expect((await world.approve('ps-1')).status, await world.logs()).toBe('DONE');
    await world.assertInvariants();
  }, { killStep });
});

longTest('a review run that did its work is run again while the other waits: refused, and its approval stands', async () => {
  await inPrepared('two', async (world) => {
    const run = await world.reviewRun('ps-1');
    const { patchSets } = await world.approve('ps-1');
    await rerun(world, run);
    const refused = await approveRun(world, run);
    expect(jobOf(run, 'write')).toMatchObject({ conclusion: 'failure', summary: expect.stringContaining(REASON) });
    expect(await refusals(world)).toEqual([{ role: 'authorize', reason: REASON, runId: run.id }]);
    expect(refused).toMatchObject({ status: 'WAITING_USER_APPROVAL', pause: null });
    expect(refused.patchSets[0]?.approval).toEqual(patchSets[0]?.approval);
    await world.assertNothingWritten();
    const done = await world.approve('ps-2');
    expect(done.status, await world.logs()).toBe('DONE');

    const ended = await world.events();
    const writes = await world.targetWrites();
    const last = await world.reviewRun('ps-2');
    await rerun(world, last);
    await approveRun(world, last);
    expect(jobOf(last, 'write')).toMatchObject({ conclusion: 'failure', summary: expect.stringContaining(REASON) });
    expect(await world.events(), 'the record of an ended workflow is closed').toEqual(ended);
    expect(await world.targetWrites(), 'nothing is written twice').toEqual(writes);
    await world.assertInvariants();
  });
});

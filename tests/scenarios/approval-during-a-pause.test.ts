import { expect } from 'vitest';
import { approvalEnvironment, jobOf, refusals, reviewRuns } from './support/reviews.ts';
import { inWorld } from './support/world.ts';
import { longTest } from './support/long.ts';

longTest('a PatchSet is approved while the workflow waits for an answer: refused, and asked again with the answer', async () => {
  await inWorld({}, async (world) => {
    approvalEnvironment(world).reviewers.push('mallory');
    await world.start();
    const second = await world.reviewRun('ps-2');
    const paused = await world.approve('ps-1', 'mallory');
    expect(paused.pause?.code, await world.logs()).toBe('not-an-approver');
    const still = await world.approve('ps-2');
    const reason = `${still.id} is NEEDS_HUMAN: it does not wait for an approval now.`;
    expect(jobOf(second, 'write')).toMatchObject({ conclusion: 'failure', summary: expect.stringContaining(reason) });
    expect((await refusals(world)).at(-1)).toEqual({ role: 'authorize', reason, runId: second.id });
    expect(still.pause, 'the question stays the one that was asked').toEqual(paused.pause);
    await world.assertNothingWritten();
    const asked = await world.comment('/retry');
    expect(asked.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(reviewRuns(world)).toHaveLength(4);
    await world.approve('ps-2');
    await world.assertNothingWritten();
    expect((await world.approve('ps-1')).status, await world.logs()).toBe('DONE');
    await world.assertInvariants();
  });
});

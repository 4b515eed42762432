import { expect, test } from 'vitest';
import { inPrepared } from './support/prepared.ts';
import { dispatchByHand, jobOf, reviewInputs } from './support/reviews.ts';

test('one PatchSet is rejected: the workflow fails for good, and no later approval writes anything', async () => {
  await inPrepared('two', async (world) => {
    const other = await world.reviewRun('ps-1');
    const inputs = await reviewInputs(world, 'ps-1');
    const failed = await world.reject('ps-2', 'not in this release');
    expect(failed.status, await world.logs()).toBe('FAILED');
    expect(failed.outcome?.reason).toBe('ps-2 r1 was rejected by octocat: not in this release');
    const [rejection] = await world.eventsOf('E_PATCH_SET_REJECTED');
    expect(rejection).toMatchObject({ actor: { kind: 'human', login: 'octocat' }, body: { patchSet: 'ps-2', revision: 1, comment: 'not in this release' } });
    expect(await world.trackingIssue()).toMatchObject({ state: 'closed', body: expect.stringContaining('not in this release') });
    const ended = await world.events();
    await world.approve('ps-1');
    expect(jobOf(other, 'write').summary).toContain('is FAILED: it does not wait for an approval now.');
    await world.comment('/retry');
    expect(jobOf(await dispatchByHand(world, inputs), 'write').status).toBe('waiting');
    expect(await world.events(), 'the record of an ended workflow is closed').toEqual(ended);
    await world.assertNothingWritten();
    await world.assertInvariants();
  });
});

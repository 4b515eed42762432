import { expect } from 'vitest';
import { AFTER, replaceLine, smallIssue } from './support/issues.ts';
import { inWorld } from './support/world.ts';
import { longTest } from './support/long.ts';

longTest('changes requested in words alone: the blocks are asked for, an answer gives them, and r2 ends DONE', async () => {
  await inWorld({ targets: ['local/api'], issue: smallIssue() }, async (world) => {
    const first = (await world.start()).patchSets[0];
    await world.reject('ps-1', 'changes: write the number as a digit');
    await world.assertAsks({ code: 'no-change-in-comment', reason: /there is no change block for local\/api in what was asked: write the number as a digit/ });
    expect((await world.trackingIssue()).body).toContain('1. What exactly should change in local/api?');

    await world.comment(`/answer 1: ${replaceLine({ path: 'docs/errors.md', before: AFTER, after: AFTER.replace('three', '3') })}`);
    const revised = await world.workflow();
    expect(revised.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(revised.patchSets[0]).toMatchObject({ revision: 2, approval: null });
    expect(revised.patchSets[0]?.digest).not.toBe(first?.digest);
    await world.assertNothingWritten();

    const done = await world.approve('ps-1');
    await world.assertEnded('DONE', /holds the approved tree/);
    expect(await world.git('local/api', 'show', `countersign/${done.id}/ps-1-r2:docs/errors.md`)).toContain('after the last of 3 tries');
    await world.assertInvariants();
  });
});

import { expect, test } from 'vitest';
import { smallIssue } from './support/issues.ts';
import { inWorld, losingFirst } from './support/world.ts';

test.each(['design', 'patch'])('the machine of the %s job is lost: a person is asked, and /retry goes on to DONE', async (job) => {
  await inWorld({ targets: ['local/api'], issue: smallIssue(), runner: { killStep: losingFirst('start.yml', job) } }, async (world) => {
    await world.start();
    await world.assertAsks({ code: 'artifact-refused', reason: new RegExp(`^The ${job} job left no artifact\\. Its log says why; /retry starts it again\\.$`) });
    expect(await world.eventsOf('E_RUN_RECORDED')).toMatchObject([{ body: { role: job, outcome: 'refused' } }]);
    await world.assertNothingWritten();
    const waiting = await world.comment('/retry');
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
    await world.approve('ps-1');
    await world.assertEnded('DONE', /every required check passed/);
    await world.assertInvariants();
  });
});

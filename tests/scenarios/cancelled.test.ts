import { expect, test } from 'vitest';
import { inPrepared } from './support/prepared.ts';

test('/cancel while reviews wait: FAILED, and a later approval of the open run writes nothing', async () => {
  await inPrepared('one', async (world) => {
    const waiting = await world.workflow();
    const run = await world.reviewRun('ps-1');
    const kept = await world.comment('/cancel I do not like it', 'mallory');
    expect(kept.status).toBe('WAITING_USER_APPROVAL');
    const ended = await world.comment('/cancel The service changed its mind');
    expect(ended.id).toBe(waiting.id);
    await world.assertEnded('FAILED', /^Cancelled by octocat: The service changed its mind$/);
    expect(await world.eventsOf('E_CANCELLED')).toMatchObject([{ actor: { kind: 'human', login: 'octocat' } }]);
    expect((await world.trackingIssue()).state).toBe('closed');

    await world.review(run.id, { state: 'approved', comment: '', login: 'octocat' });
    await world.settled();
    expect(run.conclusion).toBe('failure');
    await world.assertEnded('FAILED', /^Cancelled by octocat/);
    await world.assertNothingWritten();
    await world.assertInvariants();
  });
});

import { expect } from 'vitest';
import { replaceLine } from './support/issues.ts';
import { assertStrangersAreIgnored, ONE_REPOSITORY } from './support/reviews.ts';
import { inWorld } from './support/world.ts';
import { longTest } from './support/long.ts';

const BESIDE_THE_PLAN = replaceLine({ path: 'README.md', before: '`npm test` runs everything.', after: '`npm test` runs every test.' });

longTest('a reviewer wishes for a file that is in no task: Gate 3 refuses it, and a retry does not offer it again', async () => {
  await inWorld({ ...ONE_REPOSITORY, config: { policy: { scope: 'WARN' } } }, async (world) => {
    await world.start();
    const paused = await world.reject('ps-1', `changes: the README too\n\n${BESIDE_THE_PLAN}\n`);
    expect(paused.pause, await world.logs()).toMatchObject({ code: 'gate-3', reason: expect.stringContaining('README.md belongs to no task of the plan.'), resumes: 'PATCHES_PROPOSED' });
    expect(paused.patchSets[0]).toMatchObject({ revision: 2, approval: null, request: null, gate3: { outcome: 'FAIL' } });
    await assertStrangersAreIgnored(world);
    const asked = await world.comment('/retry');
    expect(asked.pause, await world.logs()).toMatchObject({ code: 'no-change-in-comment', reason: expect.stringContaining('README.md belongs to no task of the plan.'), resumes: 'PATCHES_PROPOSED' });
    expect(asked.patchSets[0]?.revision, 'no revision is used up').toBe(2);
    const cancelled = await world.comment('/cancel not worth it');
    expect(cancelled).toMatchObject({ status: 'FAILED', outcome: { reason: 'Cancelled by octocat: not worth it' } });
    await world.assertNothingWritten();
    await world.assertInvariants();
  });
});

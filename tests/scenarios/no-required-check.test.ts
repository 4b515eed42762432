import { expect, test } from 'vitest';
import { longTest } from './support/long.ts';
import { inPrepared } from './support/prepared.ts';
import { ONE_REPOSITORY } from './support/reviews.ts';
import { inWorld, type World, type WorldOptions } from './support/world.ts';

const unprotect = ({ repos }: World['state']): void => {
  for (const repo of repos) repo.requiredChecks = [];
};
// What counts as verification is part of the policy, which is pinned when the change is judged: so these begin anew.
const unprotected = (target: object): WorldOptions => ({ ...ONE_REPOSITORY, prepare: unprotect, config: { targets: [{ repo: 'local/api', base: 'main', ...target }] } });

test('no check is required and none is configured: nobody calls it verified', async () => {
  await inPrepared('one', async (world) => {
    unprotect(world.state);
    const asked = await world.approve('ps-1');
    await world.assertAsks({ code: 'gate-5-unverified', reason: /^No check is required on this branch, so nothing verified the change/ });
    expect(asked.patchSets[0]?.ci?.conclusion).toBe('none');
    await world.assertInvariants();
  });
});

longTest('a check that countersign.yml names counts where GitHub requires none', async () => {
  await inWorld(unprotected({ checks: ['test'] }), async (world) => {
    await world.start();
    const done = await world.approve('ps-1');
    await world.assertEnded('DONE', /every required check passed/);
    expect(done.patchSets[0]?.ci?.conclusion).toBe('passed');
    await world.assertInvariants();
  });
});

test('verification: none ends DONE, and says that CI verified nothing', async () => {
  await inWorld(unprotected({ verification: 'none' }), async (world) => {
    await world.start();
    await world.approve('ps-1');
    await world.assertEnded('DONE', /Not verified by CI: local\/api/);
    const { body } = await world.trackingIssue();
    expect(body).toMatch(/not verified by CI/i);
    expect(body).not.toContain('every required check passed');
    await world.assertInvariants();
  });
});

import { expect, test } from 'vitest';
import { smallIssue } from './support/issues.ts';
import { inWorld, type WorldOptions } from './support/world.ts';
import { longTest } from './support/long.ts';

const unprotected: WorldOptions = {
  targets: ['local/api'],
  issue: smallIssue(),
  prepare: (state) => {
    for (const repo of state.repos) repo.requiredChecks = [];
  },
};

test('no check is required and none is configured: nobody calls it verified', async () => {
  await inWorld(unprotected, async (world) => {
    await world.start();
    const asked = await world.approve('ps-1');
    await world.assertAsks({ code: 'gate-5-unverified', reason: /^No check is required on this branch, so nothing verified the change/ });
    expect(asked.patchSets[0]?.ci?.conclusion).toBe('none');
    await world.assertInvariants();
  });
});

longTest('a check that countersign.yml names counts where GitHub requires none', async () => {
  await inWorld({ ...unprotected, config: { targets: [{ repo: 'local/api', base: 'main', checks: ['test'] }] } }, async (world) => {
    await world.start();
    const done = await world.approve('ps-1');
    await world.assertEnded('DONE', /every required check passed/);
    expect(done.patchSets[0]?.ci?.conclusion).toBe('passed');
    await world.assertInvariants();
  });
});

test('verification: none ends DONE, and says that CI verified nothing', async () => {
  await inWorld({ ...unprotected, config: { targets: [{ repo: 'local/api', base: 'main', verification: 'none' }] } }, async (world) => {
    await world.start();
    await world.approve('ps-1');
    await world.assertEnded('DONE', /Not verified by CI: local\/api/);
    const { body } = await world.trackingIssue();
    expect(body).toMatch(/not verified by CI/i);
    expect(body).not.toContain('every required check passed');
    await world.assertInvariants();
  });
});

import { expect, test } from 'vitest';
import { ONE_REPOSITORY } from './support/reviews.ts';
import { inWorld } from './support/world.ts';

test('one repository, approved, ends DONE with what was approved', async () => {
  await inWorld(ONE_REPOSITORY, async (world) => {
    const waiting = await world.start();
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
    const done = await world.approve('ps-1');
    expect(done.status, await world.logs()).toBe('DONE');
    expect(done.outcome?.reason).toBe('Every pull request holds the approved tree, and every required check passed at exactly that commit.');
    expect(done.patchSets[0]).toMatchObject({ revision: 1, digest: waiting.patchSets[0]?.digest, approval: { login: 'octocat' }, ci: { conclusion: 'passed' } });
    const branch = `countersign/${done.id}/ps-1`;
    expect(await world.git('local/api', 'rev-parse', `${branch}^{tree}`)).toBe(waiting.patchSets[0]?.resultTree);
    expect(await world.git('local/api', 'diff', '--name-only', 'main', branch)).toBe('docs/errors.md');
    expect(await world.trackingIssue()).toMatchObject({ state: 'closed', body: expect.stringContaining('is **DONE**') });
    await world.assertInvariants();
  });
});

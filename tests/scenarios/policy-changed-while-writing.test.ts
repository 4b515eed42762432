import { expect } from 'vitest';
import { changePolicy, restorePolicy } from './support/policy.ts';
import { jobOf } from './support/reviews.ts';
import { approveAndKill } from './support/write-job.ts';
import { longTest } from './support/long.ts';
import { inPrepared } from './support/prepared.ts';

const REASON = /^The policy in countersign\.yml changed after all PatchSets had been approved.*put the policy back.*\/retry.*\/cancel and start the issue anew/;

longTest('the policy changes after the write job died half way: /retry says what to do, and with the old policy back the write is finished once', async () => {
  await inPrepared('one', async (world) => {
    expect(await approveAndKill(world, 'ps-1', { moment: 'after', index: 9 })).toMatch(/^POST .*\/git\/(?:trees|commits|refs)$/);
    expect((await world.workflow()).pause, await world.logs()).toMatchObject({ code: 'review-run-failed', resumes: 'APPLYING_PATCHES' });

    const policy = await changePolicy(world);
    await world.comment('/retry');
    await world.assertAsks({ code: 'policy-changed', reason: REASON });
    expect(jobOf(await world.reviewRun('ps-1'), 'write')).toMatchObject({ conclusion: 'skipped' });
    expect((await world.workflow()).pause?.resumes).toBe('APPLYING_PATCHES');

    await restorePolicy(world, policy);
    await world.comment('/retry');
    await world.approve('ps-1');
    await world.assertEnded('DONE', /every required check passed/);
    const branches = await world.git('local/api', 'for-each-ref', '--format=%(refname)', 'refs/heads/countersign');
    expect(branches.split('\n')).toHaveLength(1);
    await world.assertInvariants();
  });
});

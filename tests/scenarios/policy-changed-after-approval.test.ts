import { expect, test } from 'vitest';
import { AFTER, replaceLine } from './support/issues.ts';
import { changePolicy } from './support/policy.ts';
import { assertStrangersAreIgnored, jobOf, ONE_REPOSITORY, refusals } from './support/reviews.ts';
import { longTest } from './support/long.ts';
import { inPrepared } from './support/prepared.ts';
import { inWorld } from './support/world.ts';

const REASON = 'The policy in countersign.yml changed since this PatchSet was judged. Comment /retry: it is judged again under the new one.';

test('the policy changes between two approvals: refused, and both PatchSets are proposed anew under the new one', async () => {
  await inPrepared('half', async (world) => {
    const first = await world.workflow();
    await changePolicy(world);
    const paused = await world.approve('ps-2');
    expect(paused.status, await world.logs()).toBe('NEEDS_HUMAN');
    expect(paused.pause).toMatchObject({ code: 'policy-changed', reason: REASON, resumes: 'PATCHES_PROPOSED' });
    expect(await refusals(world)).toEqual([expect.objectContaining({ role: 'authorize', reason: REASON })]);
    expect((await world.trackingIssue()).body).toContain('The policy in countersign.yml changed');
    await assertStrangersAreIgnored(world);
    await world.assertNothingWritten();

    const anew = await world.comment('/retry');
    expect(anew.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    for (const [index, patchSet] of anew.patchSets.entries()) {
      const before = first.patchSets[index];
      expect(patchSet).toMatchObject({ revision: 2, approval: null, resultTree: before?.resultTree });
      expect(patchSet.digest).not.toBe(before?.digest);
      expect(patchSet.policy?.policy).not.toBe(before?.policy?.policy);
      expect(patchSet.request?.runId).not.toBe(before?.request?.runId);
    }
    await world.approve('ps-1');
    await world.assertNothingWritten();
    const done = await world.approve('ps-2');
    expect(done.status, await world.logs()).toBe('DONE');
    await world.assertInvariants();
  });
});

longTest('the policy changes before the review is asked for again: the new run shows nothing, and the PatchSet is proposed anew', async () => {
  let machineIsLost = true;
  const killStep = ({ jobKey }: { jobKey: string }): boolean => jobKey === 'write' && machineIsLost;
  await inPrepared('one', async (world) => {
    await world.approve('ps-1');
    machineIsLost = false;
    await changePolicy(world);
    const paused = await world.comment('/retry');
    expect(paused.pause, await world.logs()).toMatchObject({ code: 'policy-changed', reason: REASON, resumes: 'PATCHES_PROPOSED' });
    expect((await refusals(world)).at(-1)).toMatchObject({ role: 'review-run', reason: REASON });
    expect(jobOf(await world.reviewRun('ps-1'), 'write')).toMatchObject({ conclusion: 'skipped' });
    const anew = await world.comment('/retry');
    expect(anew, await world.logs()).toMatchObject({ status: 'WAITING_USER_APPROVAL', patchSets: [{ revision: 2, approval: null, resultTree: paused.patchSets[0]?.resultTree }] });
    await world.assertNothingWritten();
    expect((await world.approve('ps-1')).status, await world.logs()).toBe('DONE');
    await world.assertInvariants();
  }, { killStep });
});

longTest('a revision that a reviewer asked for stays what it is when the policy changes', async () => {
  await inPrepared('one', async (world) => {
    const wish = replaceLine({ path: 'docs/errors.md', before: AFTER, after: AFTER.replace('three', '3') });
    const revised = await world.reject('ps-1', `changes: a number, please\n\n${wish}\n`);
    expect(revised, await world.logs()).toMatchObject({ status: 'WAITING_USER_APPROVAL', patchSets: [{ revision: 2 }] });
    await changePolicy(world);
    expect((await world.approve('ps-1')).pause?.code).toBe('policy-changed');
    const anew = await world.comment('/retry');
    expect(anew, await world.logs()).toMatchObject({ status: 'WAITING_USER_APPROVAL', patchSets: [{ revision: 3, resultTree: revised.patchSets[0]?.resultTree }] });
    const done = await world.approve('ps-1');
    expect(done.status, await world.logs()).toBe('DONE');
    expect(await world.git('local/api', 'show', `countersign/${done.id}/ps-1-r3:docs/errors.md`)).toContain('the last of 3 tries');
    await world.assertInvariants();
  });
});

longTest('the policy changes when the last revision is used up: a person is told, and nothing hangs', async () => {
  await inWorld({ ...ONE_REPOSITORY, config: { limits: { revisions: 1 } } }, async (world) => {
    await world.start();
    await changePolicy(world);
    expect((await world.approve('ps-1')).pause?.code, await world.logs()).toBe('policy-changed');
    const spent = await world.comment('/retry');
    const reason = 'ps-1 needs another revision and has used its 1. The limit is fixed for this workflow: /cancel ends it, and the issue can be started anew.';
    expect(spent.pause, await world.logs()).toMatchObject({ code: 'limit-reached', reason, resumes: 'PATCHES_PROPOSED' });
    expect((await world.trackingIssue()).body).toContain('needs another revision');
    expect((await world.comment('/cancel')).status, await world.logs()).toBe('FAILED');
    await world.assertNothingWritten();
    await world.assertInvariants();
  });
});

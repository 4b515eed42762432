import { expect, test } from 'vitest';
import { changePolicy } from './support/policy.ts';
import { assertStrangersAreIgnored, refusals } from './support/reviews.ts';
import { inWorld } from './support/world.ts';

const REASON = 'The policy in countersign.yml changed since this PatchSet was judged. Comment /retry: it is judged again under the new one.';

test('the policy changes between two approvals: refused, and both PatchSets are proposed anew under the new one', async () => {
  await inWorld({}, async (world) => {
    const first = await world.start();
    expect((await world.approve('ps-1')).status, await world.logs()).toBe('WAITING_USER_APPROVAL');
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

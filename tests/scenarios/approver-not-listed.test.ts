import { expect, test } from 'vitest';
import { approvalEnvironment, assertStrangersAreIgnored, refusals } from './support/reviews.ts';
import { longTest } from './support/long.ts';
import { inPrepared } from './support/prepared.ts';

const REASON = 'The run was approved by mallory, who is not on the list of approvers (octocat).';

test('a required reviewer who is not on the list of approvers approves: refused, until a listed person approves', async () => {
  await inPrepared('one', async (world) => {
    approvalEnvironment(world).reviewers.push('mallory');
    const paused = await world.approve('ps-1', 'mallory');
    expect(paused.status, await world.logs()).toBe('NEEDS_HUMAN');
    expect(paused.pause).toMatchObject({ code: 'not-an-approver', reason: REASON, resumes: 'WAITING_USER_APPROVAL' });
    expect(await refusals(world)).toEqual([expect.objectContaining({ role: 'authorize', reason: REASON })]);
    expect(await world.eventsOf('E_APPROVAL_RECORDED')).toEqual([]);
    await world.assertNothingWritten();
    await assertStrangersAreIgnored(world);
    await world.comment('/retry', 'mallory');
    expect((await world.workflow()).status, 'a reviewer is not an approver').toBe('NEEDS_HUMAN');
    const asked = await world.comment('/retry');
    expect(asked.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(asked.patchSets[0]).toMatchObject({ revision: 1, digest: paused.patchSets[0]?.digest });
    await assertStrangersAreIgnored(world);
    await world.assertNothingWritten();
    const done = await world.approve('ps-1');
    expect(done.status, await world.logs()).toBe('DONE');
    expect(done.patchSets[0]?.approval).toMatchObject({ login: 'octocat' });
    await world.assertInvariants();
  });
});

longTest('a required reviewer who is not on the list of approvers rejects: not a rejection', async () => {
  await inPrepared('one', async (world) => {
    approvalEnvironment(world).reviewers.push('mallory');
    const paused = await world.reject('ps-1', 'changes: something else', 'mallory');
    expect(paused.pause, await world.logs()).toMatchObject({ code: 'not-an-approver', reason: 'ps-1 was rejected by mallory, who is not on the list of approvers.', resumes: 'WAITING_USER_APPROVAL' });
    expect([...(await world.eventsOf('E_PATCH_SET_REJECTED')), ...(await world.eventsOf('E_CHANGES_REQUESTED'))]).toEqual([]);
    await world.assertNothingWritten();
    expect((await world.comment('/retry')).status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertInvariants();
  });
});

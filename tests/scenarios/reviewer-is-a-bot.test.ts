import { expect, test } from 'vitest';
import { addUser } from '../../src/local/server/seed.ts';
import { approvalEnvironment, ONE_REPOSITORY, refusals } from './support/reviews.ts';
import { inWorld, LOGIN } from './support/world.ts';

const reasonFor = (login: string): string => `The run was approved by ${login}, which is not a person's account (Bot).`;

test('a bot approves, listed or not: refused, until a person approves', async () => {
  await inWorld({ ...ONE_REPOSITORY, config: { approvers: [LOGIN, 'robot'] } }, async (world) => {
    addUser(world.state, 'robot', 'Bot');
    approvalEnvironment(world).reviewers.push('helper[bot]', 'robot');
    await world.start();
    for (const login of ['helper[bot]', 'robot']) {
      const paused = await world.approve('ps-1', login);
      expect(paused.status, await world.logs()).toBe('NEEDS_HUMAN');
      expect(paused.pause).toMatchObject({ code: 'not-a-person', reason: reasonFor(login), resumes: 'WAITING_USER_APPROVAL' });
      await world.comment('/retry', 'robot');
      expect((await world.workflow()).status, 'a bot is not heard').toBe('NEEDS_HUMAN');
      expect((await world.comment('/retry')).status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    }
    expect((await refusals(world)).map(({ reason }) => reason)).toEqual(['helper[bot]', 'robot'].map(reasonFor));
    expect(await world.eventsOf('E_APPROVAL_RECORDED')).toEqual([]);
    await world.assertNothingWritten();
    expect((await world.approve('ps-1')).status, await world.logs()).toBe('DONE');
    await world.assertInvariants();
  });
});

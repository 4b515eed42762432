import { expect, test } from 'vitest';
import { approvalEnvironment, ONE_REPOSITORY, refusals, reviewRuns } from './support/reviews.ts';
import { inPrepared } from './support/prepared.ts';
import { inWorld, LOGIN, type World } from './support/world.ts';

const REASON = 'The environment countersign-approval has no required reviewers, so nobody was asked. Add them under Settings → Environments, then comment /retry.';

async function assertRefused(world: World): Promise<void> {
  const paused = await world.workflow();
  expect(paused.status, await world.logs()).toBe('NEEDS_HUMAN');
  expect(paused.pause).toMatchObject({ code: 'unprotected-environment', reason: REASON, resumes: 'WAITING_USER_APPROVAL' });
  expect(await refusals(world)).toEqual([expect.objectContaining({ role: 'authorize', reason: REASON })]);
  expect(await world.eventsOf('E_APPROVAL_RECORDED')).toEqual([]);
  expect((await world.trackingIssue()).body).toContain('no required reviewers');
  await world.assertNothingWritten();
}

async function assertMended(world: World): Promise<void> {
  approvalEnvironment(world).reviewers = [LOGIN];
  const asked = await world.comment('/retry');
  expect(asked.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
  expect(reviewRuns(world)).toHaveLength(2);
  await world.assertNothingWritten();
  expect((await world.approve('ps-1')).status, await world.logs()).toBe('DONE');
  await world.assertInvariants();
}

test('the environment has no reviewers: the run goes through at once and is refused', async () => {
  const prepare = ({ repos }: World['state']): void => {
    for (const { environments } of repos) for (const environment of environments) environment.reviewers = [];
  };
  await inWorld({ ...ONE_REPOSITORY, prepare }, async (world) => {
    await world.start();
    await assertRefused(world);
    await assertMended(world);
  });
});

test('the environment loses its reviewers after the approval and before the check: refused', async () => {
  let whenLetIn = (): void => {};
  const killStep = ({ jobKey }: { jobKey: string }): boolean => {
    if (jobKey === 'write') whenLetIn();
    return false;
  };
  await inPrepared('one', async (world) => {
    whenLetIn = () => {
      approvalEnvironment(world).reviewers = [];
    };
    await world.approve('ps-1');
    whenLetIn = () => {};
    await assertRefused(world);
    await assertMended(world);
  }, { killStep });
});

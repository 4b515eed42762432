import { expect, test } from 'vitest';
import { CRITERION, DOCS_CHANGE, smallIssue } from './support/issues.ts';
import { inWorld, type World } from './support/world.ts';
import { longTest } from './support/long.ts';

async function approvedToTheEnd(world: World): Promise<void> {
  expect((await world.workflow()).status, await world.logs()).toBe('WAITING_USER_APPROVAL');
  await world.assertNothingWritten();
  await world.approve('ps-1');
  await world.assertEnded('DONE', /holds the approved tree/);
  await world.assertInvariants();
}

test('DEFER: an issue without acceptance criteria is asked for them, and an answer by a listed person leads to DONE', async () => {
  await inWorld({ targets: ['local/api'], issue: smallIssue({ acceptance: [] }) }, async (world) => {
    await world.start();
    await world.assertAsks({ code: 'deferred', reason: /^Open: When is it done\?/ });
    expect((await world.trackingIssue()).body).toContain('1. When is it done? Please give a list, one checkable sentence an item');
    await world.assertNothingWritten();
    await world.comment(`/answer 1: - [ ] ${CRITERION}`);
    expect(await world.eventsOf('E_CONTEXT_PROVIDED')).toMatchObject([{ actor: { kind: 'human', login: 'octocat' }, body: { answers: [{ id: 'q2' }] } }]);
    expect((await world.eventsOf('E_DECISION_RECORDED')).map(({ body }) => body.verdict)).toEqual(['DEFER', 'GO']);
    await approvedToTheEnd(world);
  });
});

longTest("DEFER: an issue without a change is asked for it; a stranger's answer changes nothing, a listed person's leads to DONE", async () => {
  await inWorld({ targets: ['local/api'], issue: smallIssue({ acceptance: [], change: '' }) }, async (world) => {
    await world.start();
    await world.assertAsks({ code: 'deferred', reason: /^Open: / });
    const { body } = await world.trackingIssue();
    expect(body).toContain('1. When is it done?');
    expect(body).toContain('2. What is the change? Please give search/replace blocks, a unified diff or rewrite rules');
    const answer = `/answer 1: - [ ] ${CRITERION}\n/answer 2: ${DOCS_CHANGE}`;
    await world.comment(answer, 'mallory');
    await world.assertAsks({ code: 'deferred', reason: /^Open: / });
    expect(await world.eventsOf('E_CONTEXT_PROVIDED')).toEqual([]);
    await world.comment(answer);
    await approvedToTheEnd(world);
  });
});

import { expect, test } from 'vitest';
import { approveRun, dispatchByHand, jobOf, refusals, reviewInputs } from './support/reviews.ts';
import { changePolicy } from './support/policy.ts';
import { inPrepared } from './support/prepared.ts';

test('a run that still waits for r1 is approved when r2 exists: refused', async () => {
  await inPrepared('two', async (world) => {
    const old = await world.reviewRun('ps-1');
    const inputs = await reviewInputs(world, 'ps-1');
    await changePolicy(world);
    await world.approve('ps-2');
    const revised = await world.comment('/retry');
    expect(revised.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(revised.patchSets.map(({ revision }) => revision)).toEqual([2, 2]);
    expect(jobOf(old, 'write').status).toBe('waiting');

    const after = await approveRun(world, old);
    const reason = 'ps-1 r1 is superseded by r2. Review the newer run.';
    expect(jobOf(old, 'write')).toMatchObject({ conclusion: 'failure', summary: expect.stringContaining(reason) });
    expect((await refusals(world)).at(-1)).toEqual({ role: 'authorize', reason, runId: old.id });
    expect(after).toMatchObject({ status: 'WAITING_USER_APPROVAL', pause: null, patchSets: [{ revision: 2, approval: null }, { revision: 2, approval: null }] });

    const again = await dispatchByHand(world, inputs);
    expect(jobOf(again, 'present')).toMatchObject({ conclusion: 'failure', summary: expect.stringContaining(reason) });
    expect((await refusals(world)).at(-1)).toMatchObject({ role: 'review-run', reason: expect.stringMatching(`^Run ${again.id} .* is not the review of a current PatchSet`) });
    expect((await world.workflow()).status).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();

    await world.approve('ps-1');
    const done = await world.approve('ps-2');
    expect(done.status, await world.logs()).toBe('DONE');
    for (const { id, repo } of done.patchSets) expect(await world.git(repo, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/countersign')).toBe(`countersign/${done.id}/${id}-r2`);
    await world.assertInvariants();
  });
});

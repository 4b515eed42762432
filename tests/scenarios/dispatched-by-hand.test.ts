import { expect, test } from 'vitest';
import { approveRun, dispatchByHand, jobOf, refusals, reviewInputs } from './support/reviews.ts';
import { longTest } from './support/long.ts';
import { inPrepared } from './support/prepared.ts';

test('a run dispatched by hand with another digest is refused before anyone is asked', async () => {
  await inPrepared('one', async (world) => {
    const { patchSets } = await world.workflow();
    const other = 'a'.repeat(64);
    const run = await dispatchByHand(world, { ...(await reviewInputs(world, 'ps-1')), digest: other });
    const reason = `This run was dispatched for sha256:${other}, the ledger's ps-1 r1 is sha256:${patchSets[0]?.digest}. Reject this run.`;
    expect(jobOf(run, 'present')).toMatchObject({ conclusion: 'failure', summary: expect.stringContaining(reason) });
    expect(jobOf(run, 'write')).toMatchObject({ conclusion: 'skipped' });
    const [refusal, ...others] = await refusals(world);
    expect(others).toEqual([]);
    expect(refusal?.reason).toContain(`Run ${run.id} ("Review ps-1 r1 · local/api · sha256:${other} · `);
    expect(refusal?.reason).toContain('is not the review of a current PatchSet');
    expect((await world.workflow()).status).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
    expect((await world.approve('ps-1')).status, await world.logs()).toBe('DONE');
    await world.assertInvariants();
  });
});

longTest('a run dispatched by hand with the right digest is refused: the ledger does not know it', async () => {
  await inPrepared('one', async (world) => {
    const known = await world.reviewRun('ps-1');
    const run = await dispatchByHand(world, await reviewInputs(world, 'ps-1'));
    expect(jobOf(run, 'write').status).toBe('waiting');
    const after = await approveRun(world, run);
    const reason = `ps-1 r1 is reviewed in run ${known.id}, not in this one.`;
    expect(jobOf(run, 'write')).toMatchObject({ conclusion: 'failure', summary: expect.stringContaining(reason) });
    expect(await refusals(world)).toEqual([{ role: 'authorize', reason, runId: run.id }]);
    expect(after.status).toBe('WAITING_USER_APPROVAL');
    expect(after.patchSets[0]).toMatchObject({ approval: null, request: { runId: known.id } });
    await world.assertNothingWritten();
    expect((await world.approve('ps-1')).status, await world.logs()).toBe('DONE');
    await world.assertInvariants();
  });
});

import { expect } from 'vitest';
import { CONTROL_REPO } from '../../src/cli/up/seed.ts';
import type { RunnerOptions } from '../../src/local/runner/options.ts';
import { longTest } from './support/long.ts';
import { ONE_REPOSITORY } from './support/reviews.ts';
import { inWorld, losingFirst, type World } from './support/world.ts';

// A job that should have carried the workflow on fails without a word. Settle finds that nothing else does, and asks.

const asks = (run: string): { code: string; reason: RegExp } => ({
  code: 'run-failed',
  reason: new RegExp(`^${run} run \\d+ ended without success before its work was done.*${CONTROL_REPO}/actions/runs/\\d+ has its log\\. /retry starts that work again, /cancel ends the workflow\\.$`),
});

/** The first job of each of these is lost with its machine. */
function losing(...jobs: readonly [file: string, job: string][]): NonNullable<RunnerOptions['killStep']> {
  const losses = jobs.map(([file, job]) => losingFirst(file, job));
  return (step) => losses.some((isLost) => isLost(step));
}

/** The answer is recorded, but GitHub fails when the next run is to be started. */
async function retryWithoutDispatch(world: World): Promise<void> {
  world.github.services.faults = ({ method, path }) => (method === 'POST' && path.endsWith(`/repos/${CONTROL_REPO}/dispatches`) ? { kind: 'status', status: 502 } : 'pass');
  await world.comment('/retry');
  world.github.services.faults = null;
}

/** The second look, by a person who names the workflow. */
async function observeByName(world: World): Promise<void> {
  const { id } = await world.workflow();
  await world.post(`/repos/${CONTROL_REPO}/actions/workflows/observe.yml/dispatches`, { ref: 'main', inputs: { workflow: id } });
  await world.settled();
}

longTest('record-patch and the answer fail once, observe twice: a person is asked each time, and /retry goes on to DONE', async () => {
  const killStep = losing(['start.yml', 'record-patch'], ['observe.yml', 'observe'], ['observe.yml', 'observe']);
  await inWorld({ ...ONE_REPOSITORY, runner: { killStep } }, async (world) => {
    await world.start();
    await world.assertAsks(asks('Start'));
    expect((await world.eventsOf('E_RUN_RECORDED')).at(-1)?.body).toMatchObject({ role: 'start-run', outcome: 'refused' });

    await retryWithoutDispatch(world);
    await world.assertAsks(asks('Answer'));

    const waiting = await world.comment('/retry');
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
    expect((await world.approve('ps-1')).status, await world.logs()).toBe('PR_OPEN');
    expect((await world.eventsOf('E_RUN_RECORDED')).at(-1)?.body).toMatchObject({ role: 'observe-run', outcome: 'refused', reason: expect.stringContaining("The schedule's next run looks again.") });
    await observeByName(world);
    await world.assertAsks(asks('Observe'));

    await world.comment('/retry');
    await world.observe();
    await world.assertEnded('DONE', /every required check passed/);
    await world.assertInvariants();
  });
});

longTest('record-design fails before there is a workflow: nothing is recorded, and the run that settles it says so', async () => {
  await inWorld({ ...ONE_REPOSITORY, runner: { killStep: losingFirst('start.yml', 'record-design') } }, async (world) => {
    await expect(world.start()).rejects.toThrow(/no workflow is in the ledger/);
    const settled = world.state.runs.find(({ workflowFile }) => workflowFile === 'settle.yml');
    expect(settled).toMatchObject({ conclusion: 'success', jobs: [{ summary: expect.stringContaining('no workflow on the ledger waits for it') }] });
    expect((await world.start()).status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertInvariants();
  });
});

longTest("somebody's comment that fails while the design goes on stops nothing", async () => {
  await inWorld({ ...ONE_REPOSITORY, runner: { killStep: losingFirst('answer.yml', 'answer') } }, async (world) => {
    await world.start();
    const waiting = await world.comment('/cancel', 'mallory');
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.approve('ps-1');
    await world.assertEnded('DONE', /every required check passed/);
    await world.assertInvariants();
  });
});

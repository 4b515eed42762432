import { expect, test } from 'vitest';
import { CONTROL_REPO } from '../../src/cli/up/seed.ts';
import { listWorkflows, openLedger } from '../../src/cli/ledger-place.ts';
import { loadWorkflow, type LoadedWorkflow } from '../../src/ledger/load.ts';
import { addIssue, gitDirOf } from '../../src/local/server/seed.ts';
import { smallIssue } from './support/issues.ts';
import { meetAtTheLedger } from './support/race.ts';
import { inWorld, type World } from './support/world.ts';
import { longTest } from './support/long.ts';
import { inPrepared } from './support/prepared.ts';

async function loadAll(world: World): Promise<readonly LoadedWorkflow[]> {
  const gitDir = gitDirOf(world.dir, CONTROL_REPO);
  return Promise.all((await listWorkflows(gitDir)).map((id) => loadWorkflow(openLedger(gitDir), id)));
}

/** Every event once, in one unbroken order. */
function expectWhole({ events }: LoadedWorkflow): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
}

longTest('two workflows begin at the same moment on one ledger, and both are there', async () => {
  await inWorld({ targets: ['local/api'], issue: smallIssue() }, async (world) => {
    const [first, ...rest] = smallIssue({ title: 'Say it once more' }).split('\n');
    const second = addIssue(world.state, { repo: 'local/api', title: first?.slice(2) ?? '', body: rest.join('\n').trim(), user: 'octocat', at: world.github.services.now() });
    const { commits } = meetAtTheLedger(world, { jobs: /^start\.yml\/record-design#/, writers: 2 });
    const urls = [world.issueUrl, world.issueUrl.replace(/\d+$/, String(second.number))];
    await Promise.all(urls.map((issue) => world.post(`/repos/${CONTROL_REPO}/actions/workflows/start.yml/dispatches`, { ref: 'main', inputs: { issue } })));
    await world.settled();

    expect(commits.length, 'the one that lost the race decided again').toBe(3);
    const workflows = await loadAll(world);
    expect(workflows.map(({ workflow }) => workflow?.status), await world.logs()).toEqual(['WAITING_USER_APPROVAL', 'WAITING_USER_APPROVAL']);
    expect(workflows.map(({ workflow }) => workflow?.source.number).toSorted()).toEqual([1, second.number]);
    const [one, other] = workflows.map(({ events }) => events.map(({ type }) => type));
    expect(one).toEqual(other);
    for (const loaded of workflows) expectWhole(loaded);
    await world.assertNothingWritten();
    await world.assertInvariants();
  });
});

test('two approvals of one workflow at the same moment: both count, and one job writes everything once', async () => {
  await inPrepared('two', async (world) => {
    const waiting = await world.workflow();
    const runs = await Promise.all(waiting.patchSets.map(({ id }) => world.reviewRun(id)));
    const { commits } = meetAtTheLedger(world, { jobs: /^apply\.yml\/write#/, writers: 2 });
    await Promise.all(runs.map(({ id }) => world.review(id, { state: 'approved', comment: '', login: 'octocat' })));
    const done = await world.settled();

    expect(done.status, await world.logs()).toBe('DONE');
    // Each asked once, the loser again, and whoever completed the set recorded the writes.
    expect(commits.length).toBe(4);
    expectWhole({ events: await world.events() } as LoadedWorkflow);
    const approvals = await world.eventsOf('E_APPROVAL_RECORDED');
    expect(approvals.map(({ body }) => body.patchSet).toSorted()).toEqual(['ps-1', 'ps-2']);
    expect(approvals.map(({ body }) => body.runId).toSorted()).toEqual(runs.map(({ id }) => id).toSorted());
    for (const type of ['E_WRITE_INTENDED', 'E_PATCH_SET_APPLIED', 'E_PR_OPENED'] as const) {
      expect((await world.eventsOf(type)).map(({ body }) => body.patchSet)).toEqual(['ps-1', 'ps-2']);
    }
    const writers = new Set((await world.targetWrites()).map(({ job }) => job));
    expect(writers.size, 'one job wrote').toBe(1);
    for (const { id, repo } of done.patchSets) {
      expect(await world.git(repo, 'rev-list', '--count', `main..countersign/${done.id}/${id}`)).toBe('1');
      expect(world.state.issues.filter((issue) => issue.repo === repo && issue.pull !== null)).toHaveLength(1);
    }
    await world.assertInvariants();
  });
});

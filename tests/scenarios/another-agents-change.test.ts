import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CONTROL_REPO } from '../../src/cli/up/seed.ts';
import { AFTER, DOCS_CHANGE, replaceLine, smallIssue } from './support/issues.ts';
import { longTest } from './support/long.ts';
import { ONE_REPOSITORY } from './support/reviews.ts';
import { inWorld, type World } from './support/world.ts';

const EXAMPLE = join(import.meta.dirname, '../../docs/examples/bring-your-own-agent.yml');

async function approvedToTheEnd(world: World): Promise<void> {
  await world.approve('ps-1');
  await world.assertEnded('DONE', /holds the approved tree/);
  await world.assertInvariants();
}

test('an issue without a change: a listed person proposes one with /propose, a stranger cannot, and it goes through the same gates to DONE', async () => {
  await inWorld({ targets: ['local/api'], issue: smallIssue({ change: '' }) }, async (world) => {
    await world.start();
    await world.assertAsks({ code: 'deferred', reason: /^Open: What is the change/ });
    await world.comment(`/propose\n\n${DOCS_CHANGE}`, 'mallory');
    expect(await world.eventsOf('E_CONTEXT_PROVIDED')).toEqual([]);
    const proposed = await world.comment(`/propose\n\n${DOCS_CHANGE}`);
    expect(proposed.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(await world.eventsOf('E_CONTEXT_PROVIDED')).toMatchObject([{ body: { login: 'octocat', answers: [{ id: 'proposal' }] } }]);
    await world.assertNothingWritten();
    await world.comment(`/propose\n\n${DOCS_CHANGE}`);
    expect(await world.eventsOf('E_CONTEXT_PROVIDED'), 'nothing is asked for while it waits for approval').toHaveLength(1);
    await approvedToTheEnd(world);
  });
});

longTest('Gate 3 refuses a revision: another change is proposed at the pinned base, and it replaces the refused one', async () => {
  await inWorld({ ...ONE_REPOSITORY, config: { policy: { scope: 'WARN' } } }, async (world) => {
    await refused(world);
    const again = await world.comment('/propose\n\n```diff\nno diff at all\n```');
    expect(again.pause, await world.logs()).toMatchObject({ code: 'malformed-change', resumes: 'PATCHES_PROPOSED' });
    const proposed = await world.comment(`/propose\n\n${DOCS_CHANGE}`);
    expect(proposed.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(proposed.patchSets[0]).toMatchObject({ revision: 3, stats: { files: 1 } });
    await approvedToTheEnd(world);
  });
});

longTest("an agent's workflow (docs/examples) hands its change to the patch step: the same gates, the same approval", async () => {
  await inWorld({ ...ONE_REPOSITORY, config: { policy: { scope: 'WARN' } } }, async (world) => {
    await refused(world);
    await runExample(world, `sed -i 's/after the last try/after the last of three tries/' docs/errors.md`);
    const proposed = await world.workflow();
    expect(proposed.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(proposed.patchSets[0]).toMatchObject({ revision: 3, stats: { files: 1 } });
    await world.assertNothingWritten();
    await approvedToTheEnd(world);
    const [head] = (await world.workflow()).patchSets.map(({ pullRequest }) => pullRequest?.head ?? '');
    expect(await world.git('local/api', 'show', `${head}:docs/errors.md`)).toContain(AFTER);
  });
});

longTest("an agent's workflow answers an issue without a change: the design is made from it, and the same gates judge it", async () => {
  await inWorld({ targets: ['local/api'], issue: smallIssue({ change: '' }) }, async (world) => {
    await world.start();
    await world.assertAsks({ code: 'deferred', reason: /^Open: What is the change/ });
    await runExample(world, `sed -i 's/after the last try/after the last of three tries/' docs/errors.md`);
    const proposed = await world.workflow();
    expect(proposed.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
    await approvedToTheEnd(world);
  });
});

longTest("an agent's change to a CI file is named and blocked like anyone's", async () => {
  await inWorld({ ...ONE_REPOSITORY, config: { policy: { scope: 'WARN' } } }, async (world) => {
    await refused(world);
    await runExample(world, 'mkdir -p .github/workflows && echo "on: push" > .github/workflows/evil.yml');
    const policies = await world.eventsOf('E_POLICY_EVALUATED');
    expect(policies.at(-1)?.body.block, await world.logs()).toBeGreaterThan(0);
    await world.assertNothingWritten();
    await world.assertInvariants();
  });
});

/** A revision beside the plan, which Gate 3 refuses: the workflow asks for another change. */
async function refused(world: World): Promise<void> {
  await world.start();
  const besideThePlan = replaceLine({ path: 'README.md', before: '`npm test` runs everything.', after: '`npm test` runs every test.' });
  const paused = await world.reject('ps-1', `changes: the README too\n\n${besideThePlan}\n`);
  expect(paused.pause, await world.logs()).toMatchObject({ code: 'gate-3', resumes: 'PATCHES_PROPOSED' });
}

/** The documented workflow, with `command` where it says to put one's agent. */
async function runExample(world: World, command: string): Promise<void> {
  const example = await readFile(EXAMPLE, 'utf8');
  expect(example).toContain('run: ./your-agent\n');
  await world.commitFile(CONTROL_REPO, { branch: 'main', path: '.github/workflows/propose.yml', content: example.replace('run: ./your-agent\n', `run: |\n          ${command}\n`) });
  const { id, repos } = await world.workflow();
  await world.post(`/repos/${CONTROL_REPO}/actions/workflows/propose.yml/dispatches`, { ref: 'main', inputs: { workflow: id, repository: 'local/api', base: repos[0]?.baseCommit ?? '' } });
  await world.settled();
}

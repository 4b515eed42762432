import { expect, test } from 'vitest';
import { AFTER } from './support/issues.ts';
import { inPrepared } from './support/prepared.ts';

test('the target moves after the proposal: the pull request is built on the pinned base and ends DONE', async () => {
  await inPrepared('one', async (world) => {
    const pinned = (await world.workflow()).repos[0];
    const moved = await world.pushFile('local/api', { branch: 'main', path: 'docs/errors.md', content: '# Errors\n\nSomebody rewrote this meanwhile.\n' });
    expect(moved).not.toBe(pinned?.baseCommit);
    const done = await world.approve('ps-1');
    await world.assertEnded('DONE', /holds the approved tree/);
    const branch = `countersign/${done.id}/ps-1`;
    expect(await world.git('local/api', 'rev-parse', `${branch}^`)).toBe(pinned?.baseCommit);
    expect(await world.git('local/api', 'rev-parse', `${branch}^{tree}`)).toBe(done.patchSets[0]?.resultTree);
    expect(await world.git('local/api', 'show', `${branch}:docs/errors.md`)).toContain(AFTER);
    expect(await world.git('local/api', 'rev-parse', 'main')).toBe(moved);
    await world.assertInvariants();
  });
});

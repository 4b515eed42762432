import { expect, test } from 'vitest';
import { inPrepared } from './support/prepared.ts';
import { losingFirst } from './support/world.ts';

test('somebody pushes onto the branch before CI is observed: not DONE, although every check passes', async () => {
  // The first observation is lost, so that the push comes before anything was seen.
  await inPrepared('one', async (world) => {
    const open = await world.approve('ps-1');
    expect(open.status, await world.logs()).toBe('PR_OPEN');
    const branch = `countersign/${open.id}/ps-1`;
    const pushed = await world.pushFile('local/api', { branch, path: 'src/extra.js', content: 'export const extra = 1;\n' });
    await world.settled();
    const asked = await world.observe();
    await world.assertAsks({ code: 'gate-5-tree', reason: /to have the approved tree [0-9a-f]{40}, got [0-9a-f]{40}: somebody changed the branch/ });
    expect(asked.patchSets[0]?.ci?.head).toBe(pushed);
    expect(asked.patchSets[0]?.ci?.tree).not.toBe(asked.patchSets[0]?.resultTree);
    expect(world.state.checks.filter(({ sha, conclusion }) => sha === pushed && conclusion === 'success')).toHaveLength(1);
    await world.assertInvariants();
  }, { killStep: losingFirst('observe.yml') });
});

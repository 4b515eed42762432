import { expect, test } from 'vitest';
import { lineChanger } from './support/model-server.ts';
import { CHANGE, withModel, works } from './support/with-model.ts';
import { longTest } from './support/long.ts';

test('a proposal that the policy blocks: the model is told why before and after it is recorded, and then mends it', async () => {
  const hides = lineChanger({ ...CHANGE, replace: (line) => line.replace('the last try', '\u202Eyrt tsal eht\u202C') });
  await withModel(hides, async (world, model) => {
    let repairs = 0;
    model.script = (asked) => (asked.role === 'repairer' && (repairs += 1) > 1 ? works(asked) : hides(asked));
    const waiting = await world.start();
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(waiting.patchSets[0]).toMatchObject({ revision: 2, policy: { block: 0 } });
    expect(waiting.regenerationsUsed).toBe(1);
    expect((await world.eventsOf('E_POLICY_EVALUATED')).map(({ body }) => body.block > 0)).toEqual([true, false]);
    const [said = ''] = /hidden-text: Line \d+ of docs\/errors\.md holds 2 hidden character/.exec(model.asked.at(-1)?.prompt ?? '') ?? [];
    expect(said, 'the last prompt names what was blocked').not.toBe('');
    await world.assertNothingWritten();
  });
});

longTest('a model that does not learn: with its regenerations used up, the workflow ends blocked', async () => {
  await withModel(lineChanger({ ...CHANGE, replace: (line) => `${line}\u202E` }), async (world, model) => {
    await world.start();
    await world.assertEnded('BLOCKED_POLICY', /^Blocked by rule hidden-text: /);
    expect(model.asked.map(({ role }) => role).slice(3), 'each of the two jobs has one repair and no more').toEqual(['proposer', 'repairer', 'repairer', 'repairer']);
    await world.assertNothingWritten();
  });
});

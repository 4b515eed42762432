import { expect } from 'vitest';
import { lineChanger } from './support/model-server.ts';
import { withModel } from './support/with-model.ts';
import { longTest } from './support/long.ts';

const CHANGE = { repo: 'local/api', path: 'src/backoff.js', find: /^const BASE_MS/ };
const breaks = lineChanger({ ...CHANGE, replace: (line) => line.replace('200', '100') });
const keeps = lineChanger({ ...CHANGE, replace: (line) => `${line} // milliseconds` });

longTest('CI fails and a regeneration is left: the proposer is told, and a new revision with its own approval ends DONE', async () => {
  await withModel(breaks, async (world, model) => {
    const first = (await world.start()).patchSets[0];
    model.script = keeps;
    const again = await world.approve('ps-1');
    expect(again.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(again).toMatchObject({ ciRegenerationsUsed: 1, patchSets: [{ revision: 2, approval: null, write: null }] });
    expect(model.asked.at(-1)?.prompt.includes('test failed (http'), 'the prompt says what failed').toBe(true);
    const branch = `countersign/${again.id}/ps-1`;
    expect(await world.git('local/api', 'rev-parse', `${branch}^{tree}`)).toBe(first?.resultTree);
    expect(await world.git('local/api', 'for-each-ref', '--format=%(refname)', `refs/heads/${branch}-r2`)).toBe('');

    const done = await world.approve('ps-1');
    await world.assertEnded('DONE', /every required check passed/);
    expect(await world.git('local/api', 'rev-parse', `${branch}-r2^{tree}`)).toBe(done.patchSets[0]?.resultTree);
    expect((await world.eventsOf('E_APPROVAL_RECORDED')).map(({ body }) => body.revision)).toEqual([1, 2]);
    expect((await world.eventsOf('E_PR_OPENED')).map(({ body }) => body.revision)).toEqual([1, 2]);
  }, { limits: { ciRegenerations: 1 } });
});

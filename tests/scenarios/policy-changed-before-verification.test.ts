import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { inPrepared } from './support/prepared.ts';
import { losingFirst } from './support/world.ts';

test('the policy changes after the write and before the verification: the workflow ends blocked and says why', async () => {
  await inPrepared('one', async (world) => {
    const open = await world.approve('ps-1');
    expect(open.status, await world.logs()).toBe('PR_OPEN');
    const config = parse(await world.git('local/control', 'show', 'main:countersign.yml')) as object;
    await world.commitFile('local/control', { branch: 'main', path: 'countersign.yml', content: stringify({ ...config, policy: { size: { filesMax: 7 } } }) });
    await world.observe();
    await world.assertEnded('BLOCKED_POLICY', /^The policy under which the change was approved no longer holds\. The pull requests stay open/);
    await world.assertInvariants();
  }, { killStep: losingFirst('observe.yml') });
});

import { expect, test } from 'vitest';
import { replaceLine, smallIssue } from './support/issues.ts';
import { inWorld } from './support/world.ts';

test('CI fails: the change breaks a test of the repository, and a person is asked', async () => {
  const change = replaceLine({ path: 'src/backoff.js', before: 'const BASE_MS = 200;', after: 'const BASE_MS = 100;' });
  await inWorld({ targets: ['local/api'], issue: smallIssue({ title: 'Wait less', acceptance: ['When a try fails, the client waits 100 ms first.'], change }) }, async (world) => {
    await world.start();
    const asked = await world.approve('ps-1');
    await world.assertAsks({ code: 'gate-5-ci', reason: /^test failed \(http/ });
    expect(asked.patchSets[0]?.ci?.conclusion).toBe('failed');
    expect(asked.patchSets[0]?.gate5).toMatchObject({ outcome: 'FAIL', failure: 'ci' });
    expect((await world.eventsOf('E_CI_OBSERVED')).at(-1)?.body.checks).toMatchObject([{ context: 'test', required: true, state: 'failed' }]);
    await world.assertInvariants();
    await world.comment('/cancel Wait less is wrong');
    await world.assertEnded('FAILED', /^Cancelled by octocat: Wait less is wrong/);
    await world.assertInvariants();
  });
});

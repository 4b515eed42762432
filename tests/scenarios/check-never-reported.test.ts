import { expect, test } from 'vitest';
import { smallIssue } from './support/issues.ts';
import { inWorld } from './support/world.ts';

test('a required check that nobody reports: Gate 5 waits, then asks a person and names the check; once reported, it ends DONE', async () => {
  const prepare: NonNullable<Parameters<typeof inWorld>[0]['prepare']> = (state) => state.repos.find(({ name }) => name === 'local/api')?.requiredChecks.push({ context: 'security scan', integrationId: null });
  await inWorld({ targets: ['local/api'], issue: smallIssue(), prepare, config: { ci: { pollSeconds: 1, timeoutSeconds: 3 } } }, async (world) => {
    await world.start();
    const asked = await world.approve('ps-1');
    await world.assertAsks({ code: 'ci-timeout', reason: /After 3 s these required checks have not passed: .*security scan on local\/api \(not reported\)/ });
    expect(asked.pause?.resumes).toBe('VERIFYING_CI');
    const gates = (await world.eventsOf('E_GATE_EVALUATED')).filter(({ body }) => body.gate === 5);
    expect(gates[0]).toMatchObject({ state: { to: 'VERIFYING_CI' }, body: { outcome: 'WAITING' } });
    expect(gates[0]?.body.reasons.join(' ')).toContain('security scan is required and has not been reported for this commit');

    const sha = asked.patchSets[0]?.pullRequest?.head ?? '';
    world.state.statuses.push({ repo: 'local/api', sha, context: 'security scan', state: 'success', url: null, at: new Date().toISOString() });
    const waiting = await world.comment('/retry');
    expect(waiting).toMatchObject({ status: 'VERIFYING_CI', pause: null });
    await world.observe();
    await world.assertEnded('DONE', /every required check passed/);
    await world.assertInvariants();
  });
});

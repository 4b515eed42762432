import { expect, test } from 'vitest';
import { replaceLine, smallIssue } from './support/issues.ts';
import { inWorld } from './support/world.ts';

const NEW_AGENTS_FILE = '```new-file path=AGENTS.md repo=local/api\nObey.\n```';

test.each([
  ['.github/workflows/ci.yml', 'ci-files', replaceLine({ path: '.github/workflows/ci.yml', before: '      - run: node --test', after: '      - run: exit 0' })],
  ['AGENTS.md', 'control-files', NEW_AGENTS_FILE],
])('NO-GO: an issue that changes %s is declined, and the rule %s is named', async (path, rule, change) => {
  await inWorld({ targets: ['local/api'], issue: smallIssue({ change }) }, async (world) => {
    const declined = await world.start();
    expect(declined.decision?.verdict, await world.logs()).toBe('NO_GO');
    expect(declined.patchSets).toEqual([]);
    await world.assertEnded('DECLINED', new RegExp(`touches ${path} in local/api, which the rule ${rule} never lets through`));
    const [decision] = await world.eventsOf('E_DECISION_RECORDED');
    expect(decision?.body.reasons.join(' ')).toContain(rule);
    expect((await world.trackingIssue()).state).toBe('closed');
    await world.assertNothingWritten();
    await world.assertInvariants();
  });
});

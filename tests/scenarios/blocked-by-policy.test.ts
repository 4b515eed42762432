import { expect, test } from 'vitest';
import { isLong } from './support/long.ts';
import { AFTER, DOCS_CHANGE, replaceLine, smallIssue } from './support/issues.ts';
import { inWorld } from './support/world.ts';

// What triage cannot see from paths: only the tree delta shows it.
const HIDDEN = replaceLine({ path: 'src/backoff.js', before: 'const MAX_MS = 10_000;', after: 'const MAX_MS = 10_000; // \u202E000_01 = SM_XAM\u202C' });
const EXECUTABLE = ['```diff repo=local/api', 'diff --git a/tools/check b/tools/check', 'new file mode 100755', '--- /dev/null', '+++ b/tools/check', '@@ -0,0 +1,2 @@', '+#!/bin/sh', '+exec node --test', '```'].join('\n');

const CASES: readonly (readonly [string, string, Readonly<Record<string, unknown>>, RegExp])[] = [
  ['a new executable file', EXECUTABLE, {}, /executables: /],
  ['hidden bidirectional characters in an added line', HIDDEN, {}, /hidden-text: Line 2 of src\/backoff\.js holds 2 hidden character/],
  ['more lines than size.linesMax', DOCS_CHANGE, { policy: { size: { linesMax: 1 } } }, /size: 2 lines added and removed, and the limit is 1/],
];

// Which rule it is makes no difference to a workflow; each rule has tests of its own.
test.each(isLong ? CASES : CASES.slice(0, 1))('the policy blocks %s', async (_, change, config, reason) => {
  await inWorld({ targets: ['local/api'], issue: smallIssue({ change }), config }, async (world) => {
    const blocked = await world.start();
    expect(blocked.patchSets[0]?.policy?.block, await world.logs()).toBeGreaterThan(0);
    await world.assertEnded('BLOCKED_POLICY', reason);
    const [judged] = await world.eventsOf('E_POLICY_EVALUATED');
    expect(judged?.body.block).toBeGreaterThan(0);
    expect(await world.eventsOf('E_APPROVAL_REQUESTED')).toEqual([]);
    expect((await world.trackingIssue()).state).toBe('closed');
    expect(await world.git('local/api', 'show', 'main:docs/errors.md')).not.toContain(AFTER);
    await world.assertNothingWritten();
    await world.assertInvariants();
  });
});

import { expect, test } from 'vitest';
import { inWorldOfLies, type Liar } from './support/hostile-think.ts';
import { ANY_STAGE, changed, edits, OF_ARCHIVE, OF_DESIGN, OF_PATCH, type Case } from './support/lies.ts';
import { isLong } from './support/long.ts';
import { ONE_REPOSITORY } from './support/reviews.ts';
import type { World } from './support/world.ts';

// Each lie of a think job is refused and on the record; /retry goes on.

async function refuses(world: World, { name, code = 'artifact-refused', reason }: Case): Promise<void> {
  const { status, pause } = await world.workflow();
  expect({ status, code: pause?.code }, `${name}: ${pause?.reason ?? ''}\n${await world.logs()}`).toEqual({ status: 'NEEDS_HUMAN', code });
  await world.assertAsks({ code, reason });
  if (!code.startsWith('gate-')) expect((await world.eventsOf('E_RUN_RECORDED')).at(-1)?.body, name).toMatchObject({ outcome: 'refused', reason: pause?.reason });
  expect((await world.workflow()).patchSets, name).toEqual([]);
  await world.assertNothingWritten();
}

/** One lie after the other, each read by the run that /retry starts; at last the truth. */
async function tellAll(world: World, liar: Liar, { stage, cases }: { stage: 'design' | 'patch'; cases: readonly Case[] }): Promise<void> {
  const [first, ...rest] = cases;
  if (!first) return;
  liar.tell(stage, first.lie);
  await world.start();
  await refuses(world, first);
  for (const each of rest) {
    liar.tell(stage, each.lie);
    await world.comment('/retry');
    await refuses(world, each);
  }
  const waiting = await world.comment('/retry');
  expect(waiting.status, `${waiting.pause?.reason ?? ''}\n${await world.logs()}`).toBe('WAITING_USER_APPROVAL');
  expect(waiting.patchSets.map(({ id, revision }) => ({ id, revision }))).toEqual([{ id: 'ps-1', revision: 1 }]);
  await world.assertNothingWritten();
  await world.assertInvariants();
}

const ONE: Parameters<typeof inWorldOfLies>[0] = ONE_REPOSITORY;

// Each lie costs a run of four jobs. Through the bundle go one of each kind, and all with `npm run test:long`; all of them
// are told to the same use cases in tests/hostile-artifact.test.ts.
const OF_A_KIND: ReadonlySet<string> = new Set(['20 MB that compress well', 'JSON of another form', "another workflow's id", 'a forged context hash', 'a repository outside the workflow', 'a path that leads outside']);
const chosen = (cases: readonly Case[]): readonly Case[] => cases.filter(({ name }) => isLong || OF_A_KIND.has(name));

test.for([
  { stage: 'design', cases: [...chosen(OF_DESIGN), ...chosen(ANY_STAGE), ...chosen(OF_ARCHIVE)] },
  { stage: 'patch', cases: [...chosen(OF_PATCH), ...(isLong ? [...ANY_STAGE, ...OF_ARCHIVE] : [])] },
] as const)('lies of the $stage job are refused, one after the other, and /retry goes on', { concurrent: true }, ({ stage, cases }) => inWorldOfLies(ONE, (world, liar) => tellAll(world, liar, { stage, cases })));

const LINK = 'diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n';

test('a proposal that applies but leaves the scope is blocked by the policy, and nobody is asked to approve it', () =>
  inWorldOfLies(ONE, async (world, liar) => {
    const parts = [{ format: 'edits', text: edits('README.md', ['# local/api', '# pwned']) }, { format: 'diff', text: LINK }];
    liar.tell('patch', changed(({ proposals }) => void (proposals[0] = { patchSet: 'ps-1', repo: 'local/api', parts })));
    await world.start();
    await world.assertEnded('BLOCKED_POLICY', /^Blocked by rule \S+: .*\(and \d+ more\)/);
    expect((await world.eventsOf('E_POLICY_EVALUATED')).map(({ body }) => body)).toMatchObject([{ patchSet: 'ps-1', revision: 1, block: expect.toSatisfy((block: number) => block >= 2) }]);
    expect(await world.eventsOf('E_APPROVAL_REQUESTED')).toEqual([]);
    await world.assertNothingWritten();
    await world.assertInvariants();
  }));

const WISH = `changes: say "seconds"

\`\`\`search/replace path=src/notice.js repo=local/web
<<<<<<< SEARCH
    return \`The weather service is busy. Please try again in \${Math.ceil(error.retryAfterMs / 1000)} s.\`;
=======
    return \`The weather service is busy. Please try again in \${Math.ceil(error.retryAfterMs / 1000)} seconds.\`;
>>>>>>> REPLACE
\`\`\`
`;

test('asked for a new revision of one PatchSet, the patch job changes the approved one too: refused, and the approval stands', () =>
  inWorldOfLies('half', async (world, liar) => {
    const approval = (await world.workflow()).patchSets[0]?.approval;
    liar.tell('patch', changed(({ proposals }) => void proposals.push({ patchSet: 'ps-1', repo: 'local/api', parts: [{ format: 'edits', text: edits('README.md', ['# local/api', '# pwned']) }] })));
    const refused = await world.reject('ps-2', WISH);
    await world.assertAsks({ code: 'artifact-refused', reason: /proposes ps-1 again, which stands/ });
    expect((await world.eventsOf('E_RUN_RECORDED')).at(-1)?.body).toMatchObject({ outcome: 'refused', reason: refused.pause?.reason });
    const waiting = await world.comment('/retry');
    expect(waiting.status, `${waiting.pause?.reason ?? ''}\n${await world.logs()}`).toBe('WAITING_USER_APPROVAL');
    expect(waiting.patchSets.map(({ id, revision }) => ({ id, revision }))).toEqual([{ id: 'ps-1', revision: 1 }, { id: 'ps-2', revision: 2 }]);
    expect(waiting.patchSets[0]?.approval).toEqual(approval);
    await world.assertNothingWritten();
    await world.assertInvariants();
  }));

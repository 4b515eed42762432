import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { inWorldOfLies, type Liar, type Lie, type Thought } from './support/hostile-think.ts';
import { smallIssue } from './support/issues.ts';
import type { World } from './support/world.ts';

// What a think job that was taken over could hand to its record job. Each lie is refused and on the record; /retry goes on.

interface Case {
  readonly name: string;
  readonly lie: Lie;
  readonly code?: string;
  readonly reason: RegExp;
}

/** The honest value with something changed. */
const changed = (change: (value: Thought) => void): Lie => ({ value }) => {
  change(value);
  return JSON.stringify(value);
};

const MEGABYTE = 1024 * 1024;
const incompressible = (bytes: number): Uint8Array => {
  const all = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(all.subarray(at, Math.min(at + 65_536, bytes)));
  return all;
};
const FORGED = 'f'.repeat(64);

const ANY_STAGE: readonly Case[] = [
  { name: 'no artifact', lie: () => null, reason: /job left no artifact/ },
  { name: '20 MB that do not compress', lie: () => ({ archive: zipSync({ 'think.json': incompressible(20 * MEGABYTE) }, { level: 0 }) }), reason: /at most 16777216 are read/ },
  { name: '20 MB that compress well', lie: () => `"${' '.repeat(20 * MEGABYTE)}"`, reason: /at most 16777216 are read/ },
  { name: 'an archive of another file', lie: () => ({ archive: zipSync({ '../think.json': new Uint8Array(1) }) }), reason: /job left no artifact/ },
  { name: 'bytes that are no archive', lie: () => ({ archive: incompressible(1_000) }), reason: /job left no artifact/ },
  { name: 'not JSON', lie: ({ text }) => text.slice(0, -10), reason: /not JSON in UTF-8/ },
  { name: 'JSON of another form', lie: () => '["think"]', reason: /does not have the expected form/ },
  { name: 'a member too many', lie: changed((value) => void (value['digest'] = FORGED)), reason: /does not have the expected form \(artifact: Unrecognized key: "digest"/ },
  { name: "another workflow's id", lie: changed((value) => void (value.workflow = 'wf-20260101-zzzzzz')), reason: /speaks of wf-20260101-zzzzzz/ },
  {
    name: 'text that no record can hold',
    lie: changed((value) => void value.calls.push({ role: 'planner', model: 'm\ud800', promptTemplate: null, prompt: null, parameters: { 'a\u0000': 'b\udfff' }, output: '', tokensIn: 1, tokensOut: 1, costMicroUsd: 1, durationMs: 1, outcome: 'succeeded', reason: null })),
    reason: /text that no record can hold/,
  },
];

const OF_DESIGN: readonly Case[] = [
  { name: 'a forged context hash', lie: changed((value) => void (value['contextHash'] = FORGED)), reason: new RegExp(`context hash is ${FORGED}, this job computed`) },
  { name: 'another revision of the issue', lie: changed((value) => void (value['issueRevision'] = FORGED)), reason: /another revision of the issue/ },
  { name: 'another base commit', lie: changed((value) => void (value.repos[0] = { ...value.repos[0], repo: 'local/api', baseCommit: 'e'.repeat(40) })), reason: /pins other repositories or commits/ },
  { name: 'one more repository', lie: changed((value) => void value.repos.push({ ...value.repos[0], repo: 'local/control', role: 'secondary', baseCommit: 'e'.repeat(40) })), reason: /pins other repositories or commits/ },
  { name: 'a document of another context', lie: changed(({ documents }) => void (documents['plan'] = { ...documents['plan'], contextHash: FORGED })), reason: /plan document speaks of another workflow or context/ },
  { name: 'a document with a member too many', lie: changed(({ documents }) => void (documents['scope'] = { ...documents['scope'], approved: true })), reason: /scope document does not have the expected form/ },
  { name: 'no decision', lie: changed(({ documents }) => void (documents['decision'] = null)), reason: /holds no decision/ },
  { name: 'evidence that does not exist', lie: changed(citeNothing), code: 'gate-1', reason: /Gate 1 does not pass/ },
];

function citeNothing({ documents }: Thought): void {
  const evidence = documents['architecture']?.['evidence'] as { blob: string }[];
  for (const cited of evidence) cited.blob = 'e'.repeat(40);
}

const edits = (path: string, [search, replace]: readonly [string, string] = ['', 'x']): string => `\`\`\`search/replace path=${path} repo=local/api task=T1\n<<<<<<< SEARCH\n${search === '' ? '' : `${search}\n`}=======\n${replace}\n>>>>>>> REPLACE\n\`\`\`\n`;
const proposes = (text: string): Lie => changed(({ proposals }) => void (proposals[0] = { patchSet: 'ps-1', repo: 'local/api', parts: [{ format: 'edits', text }] }));

const OF_PATCH: readonly Case[] = [
  { name: 'a repository outside the workflow', lie: changed(({ proposals }) => void proposals.push({ patchSet: 'ps-2', repo: 'local/web', parts: [{ format: 'edits', text: edits('a.js') }] })), reason: /proposes ps-2 for local\/web, which this workflow does not have/ },
  { name: 'the control repository', lie: changed(({ proposals }) => void (proposals[0] = { patchSet: 'ps-1', repo: 'local/control', parts: [{ format: 'edits', text: edits('countersign.yml') }] })), reason: /proposes ps-1 for local\/control/ },
  { name: 'another PatchSet of the same repository', lie: changed(({ proposals }) => void (proposals[0] = { ...proposals[0], patchSet: 'ps-7', repo: 'local/api', parts: proposals[0]?.parts ?? [] })), reason: /proposes ps-7 for local\/api/ },
  { name: 'the same PatchSet twice', lie: changed(({ proposals }) => void proposals.push(...proposals)), reason: /proposes ps-1 twice/ },
  { name: 'no proposal', lie: changed((value) => void (value.proposals = [])), code: 'no-proposal', reason: /gave no change/ },
  { name: 'a path that leads outside', lie: proposes(edits('../../../../tmp/countersign-was-here')), code: 'path-traversal', reason: /^ps-1 \(local\/api\): .* has the part "\.\."/ },
  { name: 'an absolute path', lie: proposes(edits('/tmp/countersign-was-here')), code: 'path-absolute', reason: /is absolute/ },
  { name: "git's own directory", lie: proposes(edits('.git/hooks/post-checkout')), code: 'path-git-directory', reason: /leads into a git directory/ },
  { name: 'a text that is not there', lie: proposes(edits('docs/errors.md', ['not there', 'anywhere'])), code: 'search-not-found', reason: /stands nowhere in "docs\/errors\.md/ },
];

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

const ONE: Parameters<typeof inWorldOfLies>[0] = { targets: ['local/api'], issue: smallIssue() };

// Each lie costs a run of four jobs. `npm test` tells one of each kind, `npm run test:long` tells all of them in both stages.
const LONG = process.env['COUNTERSIGN_LONG'] === '1';
const ONE_OF_A_KIND: ReadonlySet<string> = new Set([
  '20 MB that compress well', 'JSON of another form', 'a member too many', "another workflow's id",
  'a forged context hash', 'another base commit', 'evidence that does not exist',
  'a repository outside the workflow', 'the same PatchSet twice', 'a path that leads outside',
]);
const chosen = (cases: readonly Case[]): readonly Case[] => cases.filter(({ name }) => LONG || ONE_OF_A_KIND.has(name));

test.for([
  { stage: 'design', cases: [...chosen(OF_DESIGN), ...chosen(ANY_STAGE)] },
  // Both stages read an artifact by the same code: what any of them could be handed is told to the first alone.
  { stage: 'patch', cases: [...chosen(OF_PATCH), ...(LONG ? ANY_STAGE : [])] },
] as const)('lies of the $stage job are refused, one after the other, and /retry goes on', { concurrent: true, timeout: 600_000 }, ({ stage, cases }) => inWorldOfLies(ONE, (world, liar) => tellAll(world, liar, { stage, cases })));

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

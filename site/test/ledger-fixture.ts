import { join } from 'node:path';
import type { PolicyViolation } from '../../src/domain/policy.ts';
import { writeLedger, type Files } from './git-fixture.ts';
import { approve, decide, design, land, makeTarget, openWorkflow, propose, recordRun, request, runIdOf, type Story, type Target } from './stories.ts';
import { temporaryDir } from './temporary-dir.ts';
import type { WorkflowBuilder } from './workflow-builder.ts';

const CLIENT = `import { sleep } from './sleep.ts';

/** Sends a request and tries again when the server is busy. */
export async function send(request: Request): Promise<Response> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const response = await fetch(request);
    if (response.status !== 429) return response;
    await sleep(1000);
  }
  throw new Error('The server stayed busy.');
}
`;
const TEST = `import { send } from '../src/client.ts';

test('tries again', async () => {
  const response = await send(new Request('http://127.0.0.1/'));
  expect(response.status).toBe(200);
  expect(clock.slept).toEqual([1000]);
});
`;
const API: readonly [Files, Files] = [
  { 'src/client.ts': CLIENT, 'test/client.test.ts': TEST, 'docs/old.md': '# Old notes\n' },
  {
    'src/client.ts': CLIENT.replace('await sleep(1000);', "await sleep(retryAfterMs(response.headers.get('Retry-After')) ?? 1000);").replace(
      '/** Sends',
      `const LONGEST_MS = 60_000;

/** Milliseconds that a \`Retry-After\` header asks for; null when it says nothing usable. */
export function retryAfterMs(header: string | null): number | null {
  if (header === null || !/^\\d+$/.test(header)) return null;
  return Math.min(Number(header) * 1000, LONGEST_MS);
}

/** Sends`,
    ),
    'test/client.test.ts': TEST.replace('toEqual([1000])', 'toEqual([2000])'),
    'docs/retry.md': '# Retrying\n\nThe client waits as long as `Retry-After` says, at most a minute.\n',
  },
];
const WEB: readonly [Files, Files] = [
  { 'src/banner.tsx': 'export const Banner = () => <p>Busy. Please wait.</p>;\n' },
  { 'src/banner.tsx': 'export const Banner = ({ seconds }: { seconds: number }) => (\n  <p role="status">Busy. Trying again in {seconds} s.</p>\n);\n' },
];
// Everything that could break out of a page: markup, quotes, controls, bidirectional and zero-width characters.
export const HOSTILE = `<script>alert(1)</script><img src=x onerror=alert(2)> "quoted' & \u202Ereversed\u202C \u200Bzero \u001b[31mred`;
const EVIL: readonly [Files, Files] = [
  { 'a.js': 'if (isAdmin) {\n' },
  { 'a.js': `if (isAdmin\u202E \u2066// check\u2069 \u2066) {\n${HOSTILE}\n</td></table><script>alert(3)</script>\n`, '"><svg onload=alert(4)>.js': 'x\n' },
];

const WARNING: PolicyViolation = {
  rule: 'tests',
  severity: 'WARN',
  path: 'test/client.test.ts',
  line: 6,
  message: 'One assertion changed.',
  why: 'A test that is changed together with the code can hide a regression.',
  help: 'Read the assertion; nothing needs to be done when it should change.',
};
const BLOCKED: PolicyViolation = {
  rule: 'hidden-characters',
  severity: 'BLOCK',
  path: 'a.js',
  line: 1,
  message: `U+202E in ${HOSTILE}`,
  why: 'What a reader sees differs from what runs.',
  help: 'Write the code without it.',
};

interface Targets {
  readonly api: Target;
  readonly web: Target;
  readonly evil: Target;
  readonly picture: Target;
}

function makeTargets(dir: string): Targets {
  return {
    api: makeTarget(dir, 'octo/api', API, [WARNING]),
    web: makeTarget(dir, 'octo/web', WEB),
    evil: makeTarget(dir, 'octo/evil', EVIL, [BLOCKED]),
    picture: makeTarget(dir, 'octo/picture', [{ 'a.png': Buffer.from([0x89, 0, 1, 2]) }, { 'a.png': Buffer.from([0x89, 0, 1, 3]) }]),
  };
}

/** Two repositories, a requested change, both approved, both merged into pull requests that pass. */
function doneStory(targets: Targets, story: Story): WorkflowBuilder {
  const flow = openWorkflow(story);
  design(flow, story);
  const refs = story.targets.map((_, index) => propose(flow, story, index));
  recordRun(flow, 'proposer', 1_870_000);
  for (const ref of refs) request(flow, ref);
  for (const ref of refs) approve(flow, ref);
  land(flow, story, refs);
  return flow;
}

/** The first PatchSet was sent back once; r2 waits, and so does the other repository's. */
function waitingStory(targets: Targets): WorkflowBuilder {
  const story: Story = { id: 'wf-20261122-k3v9q2', at: '2026-11-22T09:12:00Z', title: 'Retry-After is ignored by the client', targets: [targets.web, targets.api] };
  const flow = openWorkflow(story);
  design(flow, story);
  const first = propose(flow, story, 0);
  const second = propose(flow, story, 1);
  recordRun(flow, 'proposer', 1_204_000);
  request(flow, first);
  request(flow, second);
  flow.wait(2400);
  flow.record('E_CHANGES_REQUESTED', { ...first, login: 'octocat', runId: runIdOf(first), comment: 'changes: say the number of seconds' }, 'human');
  const again = propose(flow, story, 0, 2);
  request(flow, again);
  approve(flow, again);
  return flow;
}

function questionStory(targets: Targets): WorkflowBuilder {
  const flow = openWorkflow({ id: 'wf-20261121-q7m2aa', at: '2026-11-21T16:40:00Z', title: 'Rate limits should be configurable', targets: [targets.api] });
  decide(flow, 'DEFER', ['It is not said who may change the limit.'], [
    { id: 'Q1', question: 'May every user change the limit, or only an administrator?' },
    { id: 'Q2', question: 'Is there an upper bound?' },
  ]);
  return flow;
}

function declinedStory(targets: Targets): WorkflowBuilder {
  const flow = openWorkflow({ id: 'wf-20261120-d1d2d3', at: '2026-11-20T08:00:00Z', title: 'Rewrite the client in another language', targets: [targets.api] });
  decide(flow, 'NO_GO', ['The gain does not carry the risk: every caller would change.']);
  flow.record('E_WORKFLOW_FINISHED', { outcome: 'DECLINED', reason: 'The gain does not carry the risk: every caller would change.' });
  return flow;
}

function hostileStory(targets: Targets): WorkflowBuilder {
  const story: Story = { id: 'wf-20261119-evil00', at: '2026-11-19T08:00:00Z', title: HOSTILE, targets: [targets.evil] };
  const flow = openWorkflow(story);
  decide(flow, 'GO', [HOSTILE, '[click](javascript:alert(5)) ![pixel](https://tracker.example/x.png) <b>bold</b>']);
  return finishHostile(flow, story);
}

function finishHostile(flow: WorkflowBuilder, story: Story): WorkflowBuilder {
  design(flow, story);
  for (let revision = 1; revision <= 3; revision++) propose(flow, story, 0, revision);
  return flow;
}

/** A binary change: it can not be shown in full, so the site must not offer to approve it. */
function binaryStory(targets: Targets): WorkflowBuilder {
  const story: Story = { id: 'wf-20261122-bin000', at: '2026-11-22T10:00:00Z', title: 'Replace the logo', targets: [targets.picture] };
  const flow = openWorkflow(story);
  design(flow, story);
  request(flow, propose(flow, story, 0));
  return flow;
}

/** Landed where the configuration asks for no check: every page must say that nothing verified it. */
function unverifiedStory(targets: Targets): WorkflowBuilder {
  const story: Story = { id: 'wf-20261117-nochek', at: '2026-11-17T10:00:00Z', title: 'Say what went wrong', targets: [targets.web] };
  const flow = openWorkflow(story);
  design(flow, story);
  const ref = propose(flow, story, 0);
  request(flow, ref);
  approve(flow, ref);
  land(flow, story, [ref], 'none');
  return flow;
}

/** A ledger with one workflow of every kind that the pages tell apart. Returns its directory and tip. */
export function makeSmallLedger(): { readonly dir: string; readonly tip: string } {
  const dir = temporaryDir('site');
  const targets = makeTargets(join(dir, 'targets'));
  const done: Story = { id: 'wf-20261118-a0b1c2', at: '2026-11-18T10:00:00Z', title: 'Tell people how long they have to wait', targets: [targets.api, targets.web] };
  const flows = [waitingStory(targets), questionStory(targets), binaryStory(targets), declinedStory(targets), hostileStory(targets), unverifiedStory(targets), doneStory(targets, done)];
  const ledger = join(dir, 'ledger.git');
  return { dir: ledger, tip: writeLedger(ledger, flows.flatMap((flow) => flow.appends)) };
}

/** `count` finished workflows of two repositories each, spread over two years of days. */
export function makeLargeLedger(count: number): { readonly dir: string; readonly tip: string } {
  const dir = temporaryDir('site-large');
  const targets = makeTargets(join(dir, 'targets'));
  const ledger = join(dir, 'ledger.git');
  return { dir: ledger, tip: writeLedger(ledger, manyAppends(targets, count)) };
}

function* manyAppends(targets: Targets, count: number) {
  for (let index = 0; index < count; index++) {
    const at = new Date(Date.UTC(2025, 0, 1) + (index % 700) * 86_400_000).toISOString().replace('.000', '');
    const id = `wf-${at.slice(0, 10).replaceAll('-', '')}-${index.toString(36).padStart(6, '0')}`;
    yield* doneStory(targets, { id, at, title: `Change number ${index + 1}`, targets: [targets.api, targets.web] }).appends;
  }
}

// `node site/test/ledger-fixture.ts [COUNT]` makes one to look at and prints its directory.
if (import.meta.main) {
  const count = Number(process.argv[2] ?? 0);
  process.stdout.write(`${(count > 0 ? makeLargeLedger(count) : makeSmallLedger()).dir}\n`);
}

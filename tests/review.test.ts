import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSampleWorld, type SampleWorld } from '../scripts/vectors/sample-world.ts';
import { refusedError } from '../src/domain/errors.ts';
import type { Workflow } from '../src/domain/workflow.ts';
import { openLocalLedger } from '../src/git/ledger-store.ts';
import { loadWorkflow } from '../src/ledger/load.ts';
import { fakeClock, seededRandom } from '../src/ledger/testing/fakes.ts';
import { answer, type IssueComment } from '../src/orchestrator/answer.ts';
import { authorize, ENVIRONMENT } from '../src/orchestrator/authorize.ts';
import type { Ports } from '../src/orchestrator/ports.ts';
import { present } from '../src/orchestrator/present.ts';
import type { ReviewInput } from '../src/orchestrator/review-input.ts';
import { settle } from '../src/orchestrator/settle.ts';
import { write } from '../src/orchestrator/write.ts';
import type { ReviewView } from '../src/ports/github-reader.ts';
import { redactSecrets } from '../src/policy/secrets/redact.ts';
import { parseConfig } from '../src/schema/config.ts';
import { smallIssue } from './scenarios/support/issues.ts';

// What becomes of a review, by the first step of the write job and by the run that settles its end: each reason to refuse
// alone, everything else is as it must be.
// The scenarios prove the same for the whole way, through the bundle.

const CONFIG = 'approvers: [octocat]\ntargets: [{ repo: local/api, base: main }]\n';
const CONTROL = 'local/control';
const [heading = '', ...rest] = smallIssue().split('\n\n');

let world: SampleWorld;
let waiting: Workflow;
let tip: string;
const git = (...args: readonly string[]): string => execFileSync('git', [`--git-dir=${world.control}`, ...args], { env: { PATH: process.env['PATH'] }, encoding: 'utf8' }).trim();

beforeAll(async () => {
  world = await createSampleWorld(CONFIG);
  waiting = await world.workshop({ config: parseConfig(CONFIG), issue: { title: heading.slice(2), body: rest.join('\n\n') } }).start();
  tip = git('rev-parse', 'refs/heads/ledger');
  expect(waiting.status).toBe('WAITING_USER_APPROVAL');
});
afterAll(() => world.remove());

/** What may differ from a good approval. */
interface Differs {
  readonly input?: Partial<ReviewInput>;
  readonly review?: Partial<ReviewView> | null;
  readonly environment?: { readonly exists: boolean; readonly reviewers: number };
  readonly run?: { readonly id?: number; readonly attempt?: number };
  readonly config?: string;
  readonly now?: string;
}

const BY_OCTOCAT: ReviewView = { state: 'approved', comment: '', login: 'octocat', userId: 1, userType: 'User', environments: [ENVIRONMENT] };

/** The write job's ports on the ledger as it was when the review began. */
function begin({ review = {}, environment = { exists: true, reviewers: 1 }, run = {}, config = CONFIG, now = '2026-11-22T12:00:00Z' }: Differs) {
  git('update-ref', 'refs/heads/ledger', tip);
  const time = { clock: fakeClock(Date.parse(now)), random: seededRandom(3) };
  const ledger = openLocalLedger({ gitDir: world.control, ...time });
  const control: Pick<Ports['control'], 'readEnvironment' | 'readReviews'> = {
    readEnvironment: () => Promise.resolve(environment),
    readReviews: () => Promise.resolve(review === null ? [] : [{ ...BY_OCTOCAT, ...review }]),
  };
  const [patchSet] = waiting.patchSets;
  const runRef = { repository: CONTROL, id: patchSet?.request?.runId ?? 0, attempt: 1, job: 'write', workflowRef: `${CONTROL}/.github/workflows/apply.yml@refs/heads/main`, workflowSha: 'c'.repeat(40), ...run };
  const job = { ...time, run: runRef, dispatchedBy: null, controlRepo: CONTROL, serverUrl: 'https://github.example', siteUrl: null, config: parseConfig(config), redact: redactSecrets, log: () => undefined };
  return { job, ledger, control: control as Ports['control'], patchSet };
}

async function tryIt(differs: Differs) {
  const { patchSet, ...ports } = begin(differs);
  const report = await authorize(ports, { workflow: waiting.id, patchSet: 'ps-1', revision: 1, digest: patchSet?.digest ?? '', ...differs.input });
  const { workflow, events } = await loadWorkflow(ports.ledger, waiting.id);
  return { report, workflow, added: events.slice(-1), approvals: events.filter(({ type }) => type === 'E_APPROVAL_RECORDED' || type === 'E_WRITE_INTENDED').length };
}

test('an approval as it must be: recorded, the set is complete, and the write is intended', async () => {
  const { report, workflow, approvals } = await tryIt({});
  expect(report).toMatchObject({ ok: true, next: 'write', state: 'APPLYING_PATCHES' });
  expect(workflow?.patchSets[0]?.approval).toMatchObject({ login: 'octocat', digest: waiting.patchSets[0]?.digest });
  expect(approvals).toBe(2);
});

test.each<[string, Differs, string | null, RegExp]>([
  ['the digest in the dispatch is another', { input: { digest: 'a'.repeat(64) } }, null, /was dispatched for sha256:a{64}/],
  ['the revision in the dispatch is another', { input: { revision: 2 } }, null, /superseded/],
  ['another PatchSet', { input: { patchSet: 'ps-2' } }, null, /does not exist/],
  ['a run that the ledger does not know', { run: { id: 7 } }, null, /is reviewed in run \d+, not in this one/],
  ['a second attempt', { run: { attempt: 2 } }, null, /attempt 2/],
  ['another policy', { config: `${CONFIG}policy: { licence-files: WARN }\n` }, 'policy-changed', /policy in countersign\.yml changed/],
  ['no environment', { environment: { exists: false, reviewers: 1 } }, 'unprotected-environment', /no required reviewers/],
  ['an environment without reviewers', { environment: { exists: true, reviewers: 0 } }, 'unprotected-environment', /no required reviewers/],
  ['no review', { review: null }, 'no-approval', /no approval/],
  ['a rejection', { review: { state: 'rejected' } }, 'no-approval', /no approval/],
  ['an approval of another environment', { review: { environments: ['github-pages'] } }, 'no-approval', /no approval/],
  ['a stranger', { review: { login: 'mallory' } }, 'not-an-approver', /not on the list/],
  ['a bot of a listed name', { review: { userType: 'Bot' } }, 'not-a-person', /not a person/],
  ['other approvers than those under whom it was judged', { config: CONFIG.replace('octocat', 'hubot') }, 'policy-changed', /policy in countersign\.yml changed/],
])('%s is refused: nothing is approved, and the reason is on the record', async (_, differs, pause, reason) => {
  const { report, workflow, added, approvals } = await tryIt(differs);
  expect(report).toMatchObject({ ok: false, next: '' });
  expect(report.summary).toMatch(reason);
  expect(approvals).toBe(0);
  expect(workflow?.patchSets[0]?.approval).toBeNull();
  expect(workflow?.pause?.code ?? null).toBe(pause);
  expect(JSON.stringify(added[0]?.body)).toMatch(reason);
});

test('evidence whose bytes are no longer those that the digest names is refused, even by a store that does not look', async () => {
  const { patchSet, ...ports } = begin({});
  const digest = patchSet?.digest ?? '';
  const report = await authorize({ ...ports, ledger: lying(ports.ledger, new Map([[digest, new TextEncoder().encode('{}')]])) }, { workflow: waiting.id, patchSet: 'ps-1', revision: 1, digest });
  expect(report).toMatchObject({ ok: false, next: '', summary: expect.stringMatching(/Gate 4 refuses: Expected the manifest to hash to/) });
  const { workflow, events } = await loadWorkflow(ports.ledger, waiting.id);
  expect([workflow?.pause?.code, events.filter(({ type }) => type === 'E_WRITE_INTENDED')]).toEqual(['gate-4', []]);
});

test('an approval that comes after the end changes nothing, and says so', async () => {
  const { patchSet, ...ports } = begin({});
  const writer: Partial<Ports['writer']> = { updateTrackingIssue: () => Promise.resolve() };
  await answer({ ...ports, writer: writer as Ports['writer'] }, { issueNumber: waiting.trackingIssue?.number ?? 0, issueBody: `<!-- countersign:begin ${waiting.id} -->`, login: 'octocat', userId: 1, userType: 'User', body: '/cancel' });
  const ended = await loadWorkflow(ports.ledger, waiting.id);
  const report = await authorize(ports, { workflow: waiting.id, patchSet: 'ps-1', revision: 1, digest: patchSet?.digest ?? '' });
  expect(report).toMatchObject({ ok: false, next: '', summary: expect.stringContaining('is FAILED: it does not wait for an approval now') });
  expect((await loadWorkflow(ports.ledger, waiting.id)).events).toEqual(ended.events);
});

/** A ledger whose store does not look at what it hands over: `changed` by hash. */
function lying(ledger: Ports['ledger'], changed: ReadonlyMap<string, Uint8Array>): Ports['ledger'] {
  return { readWorkflow: (id) => ledger.readWorkflow(id), commit: (request) => ledger.commit(request), readEvidence: async (id, hashes) => new Map([...(await ledger.readEvidence(id, hashes)), ...changed]) };
}

/** The second step of the write job, with a GitHub that notes what it is asked for. */
async function writeIt({ approved = true, changed = new Map<string, Uint8Array>(), fails = false }) {
  const { patchSet, ...ports } = begin({});
  if (approved) await authorize(ports, { workflow: waiting.id, patchSet: 'ps-1', revision: 1, digest: patchSet?.digest ?? '' });
  const asked: string[] = [];
  const targetWriters: Ports['targetWriters'] = {
    open: async () => (asked.push('mint'), {
      apply: async ({ branch, resultTree }) => {
        asked.push('commit');
        if (fails) throw refusedError('branch-taken', 'The branch is taken.');
        return { branch, commit: 'c'.repeat(40), tree: resultTree, verified: true };
      },
      openPullRequest: async ({ commit }) => (asked.push('pull request'), { number: 1, url: 'https://github.example/local/api/pull/1', head: commit }),
      revoke: async () => void asked.push('revoke'),
    }),
  };
  const report = await write({ ...ports, ledger: lying(ports.ledger, changed), repos: world.repos, targetWriters }, { workflow: waiting.id }).catch((error: unknown) => error);
  return { report, asked, workflow: (await loadWorkflow(ports.ledger, waiting.id)).workflow };
}

test('the write mints, commits, opens the pull request and gives the token back, whatever happens', async () => {
  const done = await writeIt({});
  expect([done.asked, done.workflow?.status]).toEqual([['mint', 'commit', 'pull request', 'revoke'], 'PR_OPEN']);
  const failed = await writeIt({ fails: true });
  expect([failed.asked, failed.workflow?.pause?.code]).toEqual([['mint', 'commit', 'revoke'], 'branch-taken']);
});

test('without an approval the write refuses before a token is minted', async () => {
  const { report, asked } = await writeIt({ approved: false });
  expect(report).toMatchObject({ kind: 'refused', code: 'not-applying' });
  expect(asked).toEqual([]);
});

test('a proposal that rebuilds to another tree than the approved one is not written: no token is minted', async () => {
  const [patchSet] = waiting.patchSets;
  const hash = patchSet?.proposal ?? '';
  const text = new TextDecoder().decode((await begin({}).ledger.readEvidence(waiting.id, [hash])).get(hash));
  expect(text).toContain('three tries');
  const { asked, workflow } = await writeIt({ changed: new Map([[hash, new TextEncoder().encode(text.replace('three tries', 'seven tries'))]]) });
  expect([asked, workflow?.pause]).toMatchObject([[], { code: 'tree-differs', reason: expect.stringContaining('Nothing was written') }]);
});

test('what is presented is refused under another policy, and when it is too large to be shown whole', async () => {
  const show = async (differs: Differs, changed = new Map<string, Uint8Array>()): Promise<unknown> => {
    const { patchSet, ...ports } = begin(differs);
    return present({ ...ports, ledger: lying(ports.ledger, changed) }, { workflow: waiting.id, patchSet: 'ps-1', revision: 1, digest: patchSet?.digest ?? '' });
  };
  await expect(show({})).resolves.toMatchObject({ ok: true, summary: expect.stringContaining('three tries') });
  await expect(show({ config: `${CONFIG}policy: { licence-files: WARN }\n` })).rejects.toMatchObject({ code: 'policy-changed' });
  const huge = new TextEncoder().encode(`diff --git a/a b/a\n${'+x\n'.repeat(400_000)}`);
  await expect(show({}, new Map([[waiting.patchSets[0]?.diff ?? '', huge]]))).rejects.toMatchObject({ code: 'too-large-to-show' });
});

/** What the run that follows a review makes of its end. */
async function settleIt(differs: Differs) {
  const { patchSet, ...ports } = begin(differs);
  const said: string[] = [];
  const say = (intent: { readonly kind: string }): Promise<void> => Promise.resolve(void said.push(intent.kind));
  const writer: Partial<Ports['writer']> = { updateTrackingIssue: say, dispatchContinue: say };
  await settle({ ...ports, writer: writer as Ports['writer'] }, { id: differs.run?.id ?? patchSet?.request?.runId ?? 0, title: `Review ps-1 r1 · ${waiting.id}` });
  const { workflow, events } = await loadWorkflow(ports.ledger, waiting.id);
  return { workflow, said, reviewed: events.filter(({ type }) => type === 'E_PATCH_SET_REJECTED' || type === 'E_CHANGES_REQUESTED').length };
}

const REJECTED: Partial<ReviewView> = { state: 'rejected', comment: 'changes: other words' };

test('a listed person rejects: changes are asked for, and the patch stage goes on', async () => {
  const { workflow, said, reviewed } = await settleIt({ review: REJECTED });
  expect({ status: workflow?.status, reviewed }).toEqual({ status: 'PATCHES_PROPOSED', reviewed: 1 });
  expect(said).toContain('continue-dispatch');
});

test.each<[string, Differs, string | null]>([
  ['a stranger rejects', { review: { ...REJECTED, login: 'mallory' } }, 'not-an-approver'],
  ['a bot of a listed name rejects', { review: { ...REJECTED, userType: 'Bot' } }, 'not-an-approver'],
  ['another environment is rejected', { review: { ...REJECTED, environments: ['github-pages'] } }, 'review-run-failed'],
  ['nobody reviewed', { review: null }, 'review-run-failed'],
  ['a run that the ledger does not know is rejected', { review: REJECTED, run: { id: 7 } }, null],
])('%s: that is no rejection, and nothing goes on', async (_, differs, pause) => {
  const { workflow, said, reviewed } = await settleIt(differs);
  expect({ pause: workflow?.pause?.code ?? null, reviewed }).toEqual({ pause, reviewed: 0 });
  expect(said).not.toContain('continue-dispatch');
});

/** A command on the tracking issue while the review waits. */
async function commentIt(differs: Partial<IssueComment>) {
  const { patchSet: _, ...ports } = begin({});
  const writer: Partial<Ports['writer']> = { updateTrackingIssue: () => Promise.resolve() };
  const comment = { issueNumber: waiting.trackingIssue?.number ?? 0, issueBody: `<!-- countersign:begin ${waiting.id} -->`, login: 'octocat', userId: 1, userType: 'User', body: '/cancel Not now' };
  await answer({ ...ports, writer: writer as Ports['writer'] }, { ...comment, ...differs });
  return (await loadWorkflow(ports.ledger, waiting.id)).workflow;
}

test('a listed person cancels on the tracking issue', async () => {
  expect(await commentIt({})).toMatchObject({ status: 'FAILED' });
});

test.each<[string, Partial<IssueComment>]>([
  ['a stranger', { login: 'mallory' }],
  ['a bot of a listed name', { userType: 'Bot' }],
  ['a comment on another issue', { issueNumber: 999 }],
])('%s cancels nothing', async (_, differs) => {
  expect(await commentIt(differs)).toEqual(waiting);
});

test('an approval has an end: what the workflow allows after the review, and no more', async () => {
  const { workflow } = await tryIt({ now: '2026-11-22T12:00:00Z' });
  const hours = waiting.limits.approvalExpiresHours;
  const approval = workflow?.patchSets[0]?.approval;
  expect(Date.parse(approval?.expires ?? '') - Date.parse('2026-11-22T12:00:00Z')).toBeGreaterThan((hours - 1) * 3_600_000);
  expect(Date.parse(approval?.expires ?? '') - Date.parse('2026-11-22T12:00:00Z')).toBeLessThan((hours + 1) * 3_600_000);
});

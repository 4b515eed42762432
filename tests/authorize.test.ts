import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSampleWorld, type SampleWorld } from '../scripts/vectors/sample-world.ts';
import type { Workflow } from '../src/domain/workflow.ts';
import { openLocalLedger } from '../src/git/ledger-store.ts';
import { loadWorkflow } from '../src/ledger/load.ts';
import { fakeClock, seededRandom } from '../src/ledger/testing/fakes.ts';
import { authorize, ENVIRONMENT } from '../src/orchestrator/authorize.ts';
import type { Ports } from '../src/orchestrator/ports.ts';
import type { ReviewInput } from '../src/orchestrator/review-input.ts';
import type { ReviewView } from '../src/ports/github-reader.ts';
import { redactSecrets } from '../src/policy/secrets/redact.ts';
import { parseConfig } from '../src/schema/config.ts';
import { smallIssue } from './scenarios/support/issues.ts';

// The first step of the write job, each of its reasons to refuse alone: everything else about the approval is as it must be.
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

async function tryIt({ input = {}, review = {}, environment = { exists: true, reviewers: 1 }, run = {}, config = CONFIG, now = '2026-11-22T12:00:00Z' }: Differs) {
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
  const report = await authorize({ job, ledger, control: control as Ports['control'] }, { workflow: waiting.id, patchSet: 'ps-1', revision: 1, digest: patchSet?.digest ?? '', ...input });
  const { workflow, events } = await loadWorkflow(ledger, waiting.id);
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

test('an approval has an end: what the workflow allows after the review, and no more', async () => {
  const { workflow } = await tryIt({ now: '2026-11-22T12:00:00Z' });
  const hours = waiting.limits.approvalExpiresHours;
  const approval = workflow?.patchSets[0]?.approval;
  expect(Date.parse(approval?.expires ?? '') - Date.parse('2026-11-22T12:00:00Z')).toBeGreaterThan((hours - 1) * 3_600_000);
  expect(Date.parse(approval?.expires ?? '') - Date.parse('2026-11-22T12:00:00Z')).toBeLessThan((hours + 1) * 3_600_000);
});

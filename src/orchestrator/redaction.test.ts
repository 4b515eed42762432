import { afterEach, describe, expect, test } from 'vitest';

import { CONFIG_TEXT, createSampleWorld, type SampleWorld } from '../../scripts/vectors/sample-world.ts';
import { filesHolding } from '../../tests/scenarios/support/find-text.ts';
import { loadGrammarFromPackages } from '../context/grammars.ts';
import { loadWorkflow } from '../ledger/load.ts';
import { readModel } from '../ledger/testing/history-model.ts';
import { redactSecrets } from '../policy/secrets/redact.ts';
import { makeSecrets } from '../policy/secrets/synthetic-secrets.ts';
import { isRedacted, redactAll, redactBody, redactedName } from './redaction.ts';
import { replayWorkflow } from './replay/replay.ts';
import type { Proposal, Proposer } from '../model/roles.ts';
import { createRecipeDesigner } from '../model/recipe/designer.ts';
import { recipeParsers } from './recipe-parsers.ts';

const token = makeSecrets(7, 1)[0]?.secret ?? '';

const BLOCK = (text: string): string => ['```search/replace path=docs/errors.md repo=local/api', '<<<<<<< SEARCH', '| `RateLimitError` | HTTP 429 after the last try |', '=======', text, '>>>>>>> REPLACE', '```'].join('\n');
const issueWith = (change: string, note = ''): { title: string; body: string } => ({
  title: 'Say how many tries',
  body: `The table leaves out how many tries there are. ${note}\n\n## Repositories\n\n- local/api\n\n## Acceptance criteria\n\n- [ ] When a caller reads it, the table says how many tries there are.\n\n## The change\n\n${change}\n`,
});
const GOOD = BLOCK('| `RateLimitError` | HTTP 429 after the last of three tries |');

describe('redaction of values', () => {
  test('every text of a value, the free texts of an event, and nothing else', () => {
    const seen = { digest: token, list: [{ comment: `a ${token}`, url: token }], reasons: [token, 'fine'] };
    expect(redactBody(seen, redactSecrets)).toEqual({ value: { digest: token, list: [{ comment: expect.stringMatching(/^a \[redacted: GitHub token\]$/), url: token }], reasons: [expect.stringMatching(/^\[redacted/), 'fine'] }, redacted: ['GitHub token', 'GitHub token'] });
    expect(JSON.stringify(redactAll(seen, redactSecrets).value)).not.toContain(token);
    const clean = { comment: 'nothing', count: 3, none: null };
    expect(redactAll(clean, redactSecrets).value).toBe(clean);
  });

  test('a redacted text is never longer than it was: limits hold', () => {
    const { value } = redactAll({ text: 'password = "Zx9!kQ2#vB7m"' }, () => ({ text: '[redacted: a very long name of a kind of secret, longer than the text]', redacted: ['x'] }));
    expect(value.text.length).toBeLessThanOrEqual('password = "Zx9!kQ2#vB7m"'.length);
  });

  test('names say it', () => {
    expect(redactedName('issue.md')).toBe('issue-redacted.md');
    expect(redactedName('answer')).toBe('answer-redacted');
    expect(isRedacted('x [redacted: GitHub token] y')).toBe(true);
    expect(isRedacted('[redacted]')).toBe(false);
  });
});

describe('a secret never reaches the ledger', () => {
  let world: SampleWorld;
  afterEach(() => world.remove());

  const eventsOf = async (id: string) => (await loadWorkflow(world.ledger, id)).events;
  const runsOf = async (id: string) => (await eventsOf(id)).flatMap((event) => (event.type === 'E_RUN_RECORDED' && event.body.role === 'redact' ? [event.body.reason ?? ''] : []));
  /** Every byte that the ledger's history holds, unpacked. */
  const holds = (text: string): boolean => readModel(world.control).some(({ message, files }) => message.includes(text) || [...files.values()].some((file) => file && Buffer.from(file.bytes).includes(text)));

  test('in the issue’s prose: it is taken out and said, and the work goes on', async () => {
    world = await createSampleWorld();
    const workshop = world.workshop({ issue: issueWith(GOOD, `We use ${token} for this.`) });
    const workflow = await workshop.start();
    expect(workflow.status).toBe('WAITING_USER_APPROVAL');
    expect(holds(token)).toBe(false);
    expect(await runsOf(workshop.id)).toEqual([expect.stringMatching(/^What looks like a secret was taken out of issue\.md before it was stored: GitHub token\. Revoke it/)]);
    expect((await eventsOf(workshop.id))[0]?.evidence.map(({ name }) => name)).toEqual(['issue-redacted.md']);
    expect(await replayWorkflow({ ledger: world.ledger, repos: world.repos, loadGrammar: loadGrammarFromPackages, readConfigs: async () => [CONFIG_TEXT] }, workshop.id)).toMatchObject({ ok: true, notRebuildable: 0 });
    expect(await filesHolding(world.directory, token)).toEqual([]);
  });

  test('in the change itself: the policy blocks what is left of it', async () => {
    world = await createSampleWorld();
    const workshop = world.workshop({ issue: issueWith(BLOCK(`| \`RateLimitError\` | ${token} |`)) });
    const workflow = await workshop.start();
    expect(workflow.status).toBe('BLOCKED_POLICY');
    expect(workflow.outcome?.reason).toMatch(/^Blocked by rule secrets: Line \d+ of docs\/errors\.md held a secret/);
    expect(holds(token)).toBe(false);
  });

  test('in the change, with the rule off: a person is asked, and no mark can be countersigned', async () => {
    const config = `${CONFIG_TEXT}policy: { secrets: off }\n`;
    world = await createSampleWorld(config);
    const workflow = await world.workshop({ issue: issueWith(BLOCK(`| \`RateLimitError\` | ${token} |`)) }).start();
    expect(workflow).toMatchObject({ status: 'NEEDS_HUMAN', pause: { code: 'redacted-proposal' } });
    expect(holds(token)).toBe(false);
  });

  /** A proposer that was not given the secret but writes one. */
  const leaking = (text: string): Proposer => ({ name: 'test/leaks', propose: async () => ({ kind: 'proposed', proposals: [{ repo: 'local/api', format: 'edits', text, amends: false } satisfies Proposal], calls: [] }) });

  test('in a proposal: the PatchSet is blocked, its diff and proposal are stored without it, and a replay says why it cannot rebuild them', async () => {
    world = await createSampleWorld();
    const workshop = world.workshop({ issue: issueWith(GOOD), roles: { designer: createRecipeDesigner(recipeParsers), proposer: leaking(BLOCK(`| \`RateLimitError\` | ${token} |`)) } });
    const workflow = await workshop.start();
    expect(workflow.status).toBe('BLOCKED_POLICY');
    expect(holds(token)).toBe(false);
    const proposed = (await eventsOf(workshop.id)).find(({ type }) => type === 'E_PATCH_SET_PROPOSED');
    expect(proposed?.evidence.map(({ name }) => name)).toEqual(['ps-1-r1-manifest.json', 'ps-1-r1-redacted.diff', 'ps-1-r1-proposal-redacted.json']);
    const report = await replayWorkflow({ ledger: world.ledger, repos: world.repos, loadGrammar: loadGrammarFromPackages, readConfigs: async () => [CONFIG_TEXT] }, workshop.id);
    expect(report.items.filter(({ subject }) => subject === 'ps-1 r1').map(({ item, outcome }) => `${outcome} ${item}`)).toEqual(['proposal', 'result-tree', 'diff', 'policy-result', 'gate-3', 'manifest'].map((item) => `not-rebuildable ${item}`));
    expect(report).toMatchObject({ ok: true });
  });

  test('in a reviewer’s comment', async () => {
    world = await createSampleWorld();
    const workshop = world.workshop({ issue: issueWith(GOOD) });
    await workshop.start();
    await workshop.requestChanges('ps-1', `Use ${token} here.`);
    expect(holds(token)).toBe(false);
    expect(await runsOf(workshop.id)).toEqual([expect.stringContaining('what E_CHANGES_REQUESTED says')]);
  });
});

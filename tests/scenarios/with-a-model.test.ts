import { expect, test } from 'vitest';
import { lineChanger, type Script } from './support/model-server.ts';
import { KEY, withModel } from './support/with-model.ts';

const CHANGE = { repo: 'local/api', path: 'docs/errors.md', find: /`RateLimitError`/ };
const works = lineChanger({ ...CHANGE, replace: (line) => line.replace('the last try', 'the last of three tries') });

test('a model designs and proposes through its wire format, and its key is nowhere but in the secrets', async () => {
  await withModel(works, async (world, model) => {
    const waiting = await world.start();
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
    expect(model.asked.map(({ role }) => role)).toEqual(['triage', 'architect', 'planner', 'proposer']);
    expect(new Set(model.asked.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${KEY}`]));
    expect(new Set(model.asked.map((asked) => asked.model))).toEqual(new Set(['test']));
    const runs = await world.eventsOf('E_RUN_RECORDED');
    for (const { actor, body } of runs) {
      expect(actor).toEqual({ kind: 'model', login: null, id: null });
      expect(body).toMatchObject({ outcome: 'succeeded', model: 'openai-compatible/test', tokensIn: 100, tokensOut: 20, costMicroUsd: null, contextHash: waiting.contextHash });
    }
    expect(runs.map(({ body }) => body.role)).toEqual(['triage', 'architect', 'planner', 'proposer']);

    const done = await world.approve('ps-1');
    await world.assertEnded('DONE', /every required check passed/);
    expect(await world.git('local/api', 'show', `countersign/${done.id}/ps-1:docs/errors.md`)).toContain('HTTP 429 after the last of three tries');
  });
});

test.each<[string, Script, string, RegExp, number]>([
  ['text without form, with the key in it', ({ authorization }) => `Lorem ipsum ${authorization}`, 'model-not-by-schema', /^The triage gave no usable answer \(not-by-schema\): the answer is not JSON/, 1],
  ['JSON of another form, twice', ({ authorization }) => JSON.stringify({ verdict: 'YES', [authorization]: authorization }), 'model-not-by-schema', /^The triage gave no usable answer \(not-by-schema\): /, 2],
  ['a page instead of an answer', ({ authorization }) => ({ contentType: 'text/html', body: `<html>${authorization}</html>` }), 'model-no-answer', /the provider did not answer in the OpenAI format; check the base URL/, 1],
  ['a refusal that quotes the key', ({ authorization }) => ({ status: 401, body: JSON.stringify({ error: { message: `wrong key: ${authorization}` } }) }), 'model-provider-down', /the provider answered 401: check the API key/, 1],
])('a model that answers %s: a person is asked, with a typed failure on the record', async (_, script, code, reason, calls) => {
  await withModel(script, async (world) => {
    await world.start();
    await world.assertAsks({ code, reason });
    const runs = await world.eventsOf('E_RUN_RECORDED');
    expect(runs).toHaveLength(calls);
    for (const { body } of runs) expect(body).toMatchObject({ role: 'triage', outcome: 'failed', model: 'openai-compatible/test', reason: expect.stringMatching(/^(?:not-by-schema|no-answer|provider-down): /) });
    expect((await world.trackingIssue()).body).toContain('comment /retry');
    await world.assertNothingWritten();
  });
});

test('a model that finds its words again: /retry designs anew', async () => {
  await withModel(() => 'Lorem ipsum', async (world, model) => {
    await world.start();
    await world.assertAsks({ code: 'model-not-by-schema', reason: /the answer is not JSON/ });
    model.script = works;
    const waiting = await world.comment('/retry');
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    await world.assertNothingWritten();
  });
});

test('a proposal that the policy blocks: the model is told why, and asked once more', async () => {
  const hides = lineChanger({ ...CHANGE, replace: (line) => line.replace('the last try', '\u202Eyrt tsal eht\u202C') });
  await withModel(hides, async (world, model) => {
    model.script = (asked) => (asked.role === 'proposer' && asked.prompt.includes('was not accepted') ? works(asked) : hides(asked));
    const waiting = await world.start();
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(waiting.patchSets[0]).toMatchObject({ revision: 2, policy: { block: 0 } });
    expect(waiting.regenerationsUsed).toBe(1);
    expect((await world.eventsOf('E_POLICY_EVALUATED')).map(({ body }) => body.block > 0)).toEqual([true, false]);
    const [said = ''] = /hidden-text: Line \d+ of docs\/errors\.md holds 2 hidden character/.exec(model.asked.at(-1)?.prompt ?? '') ?? [];
    expect(said, 'the last prompt names what was blocked').not.toBe('');
    await world.assertNothingWritten();
  });
});

test('a model that does not learn: with its regenerations used up, the workflow ends blocked', async () => {
  await withModel(lineChanger({ ...CHANGE, replace: (line) => `${line}\u202E` }), async (world, model) => {
    await world.start();
    await world.assertEnded('BLOCKED_POLICY', /^Blocked by rule hidden-text: /);
    expect(model.asked.filter(({ role }) => role === 'proposer')).toHaveLength(2);
    await world.assertNothingWritten();
  });
});

test('a model that asks first: the answer of a listed person reaches it, and the work goes on', async () => {
  const unknown = { id: 'q1', question: 'How many tries are there?', whyItMatters: 'The table names the number.', blocking: true, options: ['three'], answer: 'invented', answeredBy: 'nobody' };
  const asks: Script = (asked) => {
    const answer = works(asked);
    return asked.role === 'triage' && typeof answer === 'string' ? JSON.stringify({ ...JSON.parse(answer), unknowns: [unknown] }) : answer;
  };
  await withModel(asks, async (world, model) => {
    await world.start();
    await world.assertAsks({ code: 'deferred', reason: /leaves it out/ });
    expect((await world.trackingIssue()).body).toContain('1. How many tries are there?');
    await world.comment('/answer 1: Three.');
    const waiting = await world.workflow();
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(model.asked.slice(1).every(({ prompt }) => prompt.includes('Answer to q1: Three.'))).toBe(true);
    await world.assertNothingWritten();
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import type { ModelClient, ModelRequest } from '../../ports/model-client.ts';
import { ANSWER_BYTES_MAX } from './capped-fetch.ts';
import { createBudget } from './budget.ts';
import { microUsdOf, priceOf } from './prices.ts';
import { withProgress } from './progress.ts';
import { createProviders, json, KEY, PRICE, REQUEST, WIRES, type Reply } from './testing.ts';

const GO = '{"verdict":"GO"}';
const WIRE_NAMES = ['anthropic', 'openai', 'google', 'openai-compatible'] as const;
const { start: provider, close } = createProviders();
afterEach(close);

describe.each(WIRE_NAMES)('over the wire of %s', (wire) => {
  const { answer, path, key } = WIRES[wire];

  test('sends the schema and the key, and gives the parsed answer with tokens and cost', async () => {
    const { client, asked } = await provider(wire, answer(GO));
    expect(await client.generate(REQUEST)).toMatchObject({ kind: 'answered', json: { verdict: 'GO' }, model: `${wire}/m-1`, usage: { tokensIn: 10, tokensOut: 4, costMicroUsd: 90 } });
    expect(asked).toMatchObject([{ url: path, key }]);
    const sent = JSON.stringify(asked[0]?.body);
    for (const part of ['You judge.', 'An issue', 'verdict', '100']) expect(sent).toContain(part);
    expect(sent).not.toContain(KEY);
  });

  test('plain text needs no schema', async () => {
    const { client, asked } = await provider(wire, answer('hello'));
    expect(await client.generate({ ...REQUEST, schema: null })).toMatchObject({ kind: 'answered', text: 'hello', json: null });
    expect(JSON.stringify(asked[0]?.body)).not.toContain('verdict');
  });

  test.each<[string, Reply, string, RegExp]>([
    ['an answer that is not JSON', answer('I think GO'), 'not-by-schema', /not JSON/],
    ['an answer cut off', answer('{"verdict":', 'length'), 'truncated', /100 tokens/],
    ['an answer cut off where it happens to parse', answer(GO, 'length'), 'truncated', /cut off/],
    ['an empty answer', answer(''), 'no-answer', /empty/],
    ['a refusal', answer('', 'refused'), 'refused', /refused/],
    ['a wrong key', json(401, { error: { message: `bad key ${KEY}` } }), 'provider-down', /401: check the API key/],
    ['a model that does not exist', json(404, { error: { message: `no model for ${KEY}` } }), 'provider-down', /404: check the model name/],
    ['no credit', json(402, { error: { message: KEY } }), 'provider-down', /credit/],
    ['HTML', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), 'no-answer', /not in the provider's format/],
    ['JSON of another kind', json(200, { hello: 'world' }), wire === 'openai' ? 'provider-down' : 'no-answer', /./],
    ['half an answer', (response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).end('{"half":', () => response.destroy()), 'no-answer', /broke off/],
    ['a broken connection', (response) => void response.destroy(), 'provider-down', /cannot be reached/],
    ['a redirect elsewhere', (response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), 'provider-down', /./],
  ])('%s is a typed failure, without the key', async (_name, reply, failure, reason) => {
    const { client } = await provider(wire, reply);
    const got = await client.generate(REQUEST);
    expect(got).toMatchObject({ kind: 'failed', failure, reason: expect.stringMatching(reason) });
    expect(JSON.stringify(got)).not.toContain(KEY);
  });

  test('an answer that quotes the key is given without it', async () => {
    const { client } = await provider(wire, answer(`Bearer ${KEY} and ${KEY}`));
    expect(await client.generate({ ...REQUEST, schema: null })).toMatchObject({ kind: 'answered', text: 'Bearer *** and ***' });
  });

  test('a hang, before or in the middle of the answer, ends at the time-out', async () => {
    for (const reply of [() => undefined, (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":')] satisfies Reply[]) {
      const { client } = await provider(wire, reply);
      expect(await client.generate({ ...REQUEST, timeoutMs: 100 })).toMatchObject({ kind: 'failed', failure: 'no-answer', reason: expect.stringContaining('100 ms') });
    }
  });

  test('429 waits as long as it is asked to, in seconds or until a date, then succeeds', async () => {
    for (const [retryAfter, ms] of [['7', 7_000], ['Sun, 22 Nov 2026 12:00:09 GMT', 9_000]] as const) {
      const { client, waits, asked } = await provider(wire, json(429, { error: { message: 'slow down' } }, { 'retry-after': retryAfter }), answer(GO));
      expect(await client.generate(REQUEST)).toMatchObject({ kind: 'answered' });
      expect([waits, asked.length]).toEqual([[ms], 2]);
    }
  });

  test('a Retry-After beyond the bound is not waited for', async () => {
    const { client, waits } = await provider(wire, json(429, {}, { 'retry-after': '3600' }));
    expect(await client.generate(REQUEST)).toMatchObject({ kind: 'failed', failure: 'rate-limited', reason: expect.stringContaining('3600 s') });
    expect(waits).toEqual([]);
  });

  test('500 is tried again, but not for ever', async () => {
    const { client, waits, asked } = await provider(wire, json(500, { error: { message: KEY } }));
    const got = await client.generate(REQUEST);
    expect(got).toMatchObject({ kind: 'failed', failure: 'provider-down' });
    expect([waits, asked.length]).toEqual([[1_000, 2_000], 3]);
    expect(JSON.stringify(got)).not.toContain(KEY);
  });
});

test('an answer without end is cut off', async () => {
  const block = 'x'.repeat(1024 * 1024);
  let sent = 0;
  const { client } = await provider('openai-compatible', (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = (): void => {
      sent += block.length;
      if (sent <= ANSWER_BYTES_MAX * 4 && !response.destroyed) response.write(block, more);
    };
    more();
  });
  expect(await client.generate(REQUEST)).toMatchObject({ kind: 'failed', failure: 'no-answer', reason: expect.stringContaining('larger than 32 MiB') });
  expect(sent).toBeLessThan(ANSWER_BYTES_MAX * 2);
});

describe('budget', () => {
  const none = { costMicroUsdMax: null, costMicroUsdUsed: 0, tokensMax: null, tokensUsed: 0, unknownCalls: 0 };
  const counting = () => {
    const calls: ModelRequest[] = [];
    const client: ModelClient = { name: 'loop/m-1', generate: async (each) => (calls.push(each), { kind: 'answered', text: '', json: null, model: 'loop/m-1', usage: { tokensIn: 10, tokensOut: 100, costMicroUsd: 1_530 }, durationMs: 1 }) };
    return { client, calls };
  };

  test('refuses the call that could pass the cap before it is made, over all models together', async () => {
    const { client, calls } = counting();
    const under = createBudget({ ...none, costMicroUsdMax: 4_000 });
    const [triage, proposer] = [under(client, PRICE), under(client, PRICE)];
    const kinds = [await triage.generate(REQUEST), await proposer.generate(REQUEST), await triage.generate(REQUEST)].map((answer) => answer.kind);
    expect([kinds, calls.length]).toEqual([['answered', 'answered', 'failed'], 2]);
  });

  test('counts what the workflow has spent before, and tokens', async () => {
    const { client } = counting();
    expect(await createBudget({ ...none, costMicroUsdMax: 4_000, costMicroUsdUsed: 3_999 })(client, PRICE).generate(REQUEST)).toMatchObject({ failure: 'over-budget', reason: expect.stringContaining('limits.costUsd') });
    expect(await createBudget({ ...none, tokensMax: 500, tokensUsed: 450 })(client, null).generate(REQUEST)).toMatchObject({ failure: 'over-budget', reason: expect.stringContaining('limits.tokens') });
  });

  test('calls of earlier jobs whose use nobody said count as this one could: a cap does not begin anew with each job', async () => {
    const { client, calls } = counting();
    const kinds = [];
    for (const unknownCalls of [0, 1, 2]) kinds.push((await createBudget({ ...none, costMicroUsdMax: 4_000, unknownCalls })(client, PRICE).generate(REQUEST)).kind);
    expect([kinds, calls.length]).toEqual([['answered', 'answered', 'failed'], 2]);
    expect(await createBudget({ ...none, tokensMax: 600, unknownCalls: 3 })(client, null).generate(REQUEST)).toMatchObject({ failure: 'over-budget' });
  });

  test('a call under way holds its room: one beside it cannot count on the same', async () => {
    const { client, calls } = counting();
    const under = createBudget({ ...none, costMicroUsdMax: 3_000 })(client, PRICE);
    expect((await Promise.all([under.generate(REQUEST), under.generate(REQUEST)])).map(({ kind }) => kind)).toEqual(['answered', 'failed']);
    expect((await under.generate({ ...REQUEST, maxOutputTokens: 1 })).kind).toBe('answered');
    expect(calls).toHaveLength(2);
  });

  test.each([['数字'.repeat(500), 3_000], ['0123456789'.repeat(100), 1_000], ['🎉'.repeat(100), 400], ['plain words '.repeat(100), 600]])('%.12s… counts as what the plainest tokenizer makes of it', async (prompt, tokens) => {
    const { client } = counting();
    const asked = { ...REQUEST, system: '', schema: null, prompt, maxOutputTokens: 50 };
    expect(await createBudget({ ...none, tokensMax: tokens + 49 })(client, null).generate(asked)).toMatchObject({ failure: 'over-budget', reason: expect.stringContaining(`to ${tokens + 50} tokens; its cap is ${tokens + 49} (limits.tokens); raise it`), usage: { tokensIn: 0, tokensOut: 0, costMicroUsd: 0 } });
    expect(await createBudget({ ...none, tokensMax: tokens + 50 })(client, null).generate(asked)).toMatchObject({ kind: 'answered' });
  });

  test('a prompt that may be longer than its price is known for is told so', async () => {
    const { client, calls } = counting();
    expect(await createBudget({ ...none, costMicroUsdMax: 1e9 })(client, { ...PRICE, inputTokensMax: 10 }).generate(REQUEST)).toMatchObject({ failure: 'over-budget', reason: expect.stringContaining('at most 10 tokens') });
    expect(calls).toEqual([]);
  });

  const roleBudget = { ...none, role: 'proposer' as const, priceKey: 'model.roles.proposer.price', outputKey: 'model.maxOutputTokens' };

  test("a role's own cap holds beside the workflow's, for that role alone, and over jobs", async () => {
    const { client, calls } = counting();
    const under = createBudget(none);
    const [proposer, triage] = [under(client, PRICE, { ...roleBudget, costMicroUsdMax: 4_000 }), under(client, PRICE, { ...roleBudget, role: 'triage' })];
    const kinds = [];
    for (const each of [proposer, triage, proposer, proposer, triage]) kinds.push((await each.generate(REQUEST)).kind);
    expect([kinds, calls.length]).toEqual([['answered', 'answered', 'answered', 'failed', 'answered'], 4]);
    expect(await under(client, PRICE, { ...roleBudget, costMicroUsdMax: 4_000, costMicroUsdUsed: 3_999 }).generate(REQUEST)).toMatchObject({ reason: expect.stringMatching(/bring the proposer to \$0\.0\d+; its cap is \$0\.004 \(model\.roles\.proposer\.costUsd\); raise it/) });
    expect(await under(client, PRICE, { ...roleBudget, tokensMax: 50 }).generate(REQUEST)).toMatchObject({ failure: 'over-budget', reason: expect.stringContaining('its cap is 50 (model.roles.proposer.tokens)') });
  });

  test('a cap of nothing lets nothing through, and one of a role does not hold back what is free', async () => {
    const { client, calls } = counting();
    for (const caps of [{ costMicroUsdMax: 0 }, { tokensMax: 0 }]) expect(await createBudget({ ...none, ...caps })(client, PRICE).generate(REQUEST)).toMatchObject({ failure: 'over-budget', reason: expect.stringMatching(/its cap is (?:\$0\.00|0) \(limits\./) });
    expect(calls).toEqual([]);
    expect((await createBudget(none)(client, { ...PRICE, inputUsd: 0, outputUsd: 0 }, { ...roleBudget, costMicroUsdMax: 0 }).generate(REQUEST)).kind).toBe('answered');
  });

  test('where a price is missing, the sentence names the key that helps and whose cap it is', async () => {
    const { client } = counting();
    const reasonOf = async (workflow: number | null, role: number | null) => createBudget({ ...none, costMicroUsdMax: workflow })(client, null, { ...roleBudget, costMicroUsdMax: role }).generate(REQUEST);
    expect(await reasonOf(1_000_000, null)).toMatchObject({ reason: 'the workflow has a cost cap (limits.costUsd), but the price of loop/m-1 is not known; give model.roles.proposer.price, or take the cap away' });
    expect(await reasonOf(null, 1_000_000)).toMatchObject({ reason: expect.stringContaining('the proposer has a cost cap (model.roles.proposer.costUsd)') });
  });

  test('a cost cap without a price refuses: it could not be checked', async () => {
    const { client, calls } = counting();
    expect(await createBudget({ ...none, costMicroUsdMax: 1_000_000 })(client, null).generate(REQUEST)).toMatchObject({ failure: 'over-budget', reason: expect.stringContaining('not known') });
    expect(calls).toEqual([]);
  });
});

test('a price is for the prompts that it is listed for; what is not known is null, never nothing', () => {
  const price = priceOf('openai/gpt-6-sol');
  expect([price?.asOf, microUsdOf(price, 1_000, 100), microUsdOf(price, 300_000, 100)]).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d$/), 3_000, null]);
  expect([priceOf('openai/unheard-of'), priceOf('constructor'), microUsdOf(null, 1, 1), microUsdOf(price, null, 1)]).toEqual([null, null, null, null]);
});

test('a long call says in the log that it is alive, and what it used; never a word of what was said', async () => {
  const lines: string[] = [];
  let beats = 0;
  let now = 0;
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const clock = { monotonicMs: () => now, sleep: async (ms: number) => { now += ms; beats += 1; if (beats === 3) answer(); } };
  const client: ModelClient = { name: 'loop/m-1', generate: async () => (await answered, { kind: 'answered', text: 'a secret plan', json: null, model: 'loop/m-1', usage: { tokensIn: 10, tokensOut: 4, costMicroUsd: 90 }, durationMs: 45_000 }) };
  await withProgress(client, { log: (line) => lines.push(line), clock }).generate(REQUEST);
  expect(lines[0]).toBe('model     triage asks loop/m-1: 18 characters, at most 100 tokens back');
  expect(lines.slice(1, 3)).toEqual(['model     triage still waits for loop/m-1: 15 s', 'model     triage still waits for loop/m-1: 30 s']);
  expect(lines.at(-1)).toBe('model     triage answered: 10 tokens in, 4 out, $0.0001, 45 s');
  expect(lines.join('\n')).not.toMatch(/secret|An issue/);
});

test('a prompt that a server seems to have cut is said in the log', async () => {
  const lines: string[] = [];
  const client: ModelClient = { name: 'ollama/m', generate: async () => ({ kind: 'answered', text: '', json: null, model: 'ollama/m', usage: { tokensIn: 4_096, tokensOut: 4, costMicroUsd: null }, durationMs: 1 }) };
  const asking = withProgress(client, { log: (line) => lines.push(line), clock: { monotonicMs: () => 0, sleep: async () => undefined } });
  await asking.generate({ ...REQUEST, prompt: 'word '.repeat(9_000) });
  expect(lines.join()).not.toContain('cut');
  await asking.generate({ ...REQUEST, prompt: 'word '.repeat(90_000) });
  expect(lines.at(-1)).toMatch(/ollama\/m counted 4096 tokens for 450010 characters: it seems to have cut the prompt/);
});

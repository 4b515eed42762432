import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { ModelClient, ModelRequest } from '../../ports/model-client.ts';
import { withBudget } from './budget.ts';
import { createOpenAiCompatibleClient } from './openai-compatible.ts';
import { createReplayClient, withRecording, type TranscriptEntry } from './replay.ts';

const KEY = 'sk-test-0123456789';
type Reply = (response: ServerResponse, request: IncomingMessage) => void;

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A provider on loopback that answers with one reply after the other (the last one again and again). */
async function provider(...replies: readonly Reply[]) {
  const bodies: unknown[] = [];
  const waits: number[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    request.on('end', () => {
      bodies.push({ url: request.url, authorization: request.headers.authorization, body: JSON.parse(text) });
      replies[Math.min(bodies.length, replies.length) - 1]?.(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const clock = { monotonicMs: () => performance.now(), sleep: async (ms: number) => void waits.push(ms) };
  const client = createOpenAiCompatibleClient({ name: 'loop/m-1', baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: KEY, clock, price: { inputUsd: 3, outputUsd: 15, asOf: '2026-01-01' } });
  return { client, bodies, waits };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => (response) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};
const completion = (content: string | null, finish = 'stop', extra: object = {}): Reply =>
  json(200, { id: 'c1', object: 'chat.completion', created: 1, model: 'm-1', choices: [{ index: 0, message: { role: 'assistant', content, ...extra }, finish_reason: finish }], usage: { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 } });

const request: ModelRequest = {
  role: 'triage', system: 'You judge.', prompt: 'An issue', maxOutputTokens: 100, temperature: 0, timeoutMs: 30_000,
  schema: { name: 'decision', jsonSchema: { type: 'object', properties: { verdict: { type: 'string' } }, required: ['verdict'], additionalProperties: false } },
};

describe('over the wire', () => {
  test('sends the schema and gives the parsed answer with tokens and cost', async () => {
    const { client, bodies } = await provider(completion('{"verdict":"GO"}'));
    expect(await client.generate(request)).toMatchObject({ kind: 'answered', json: { verdict: 'GO' }, model: 'loop/m-1', usage: { tokensIn: 10, tokensOut: 4, costMicroUsd: 90 } });
    expect(bodies).toMatchObject([{ url: '/v1/chat/completions', authorization: `Bearer ${KEY}`, body: { model: 'm-1', max_tokens: 100, response_format: { type: 'json_schema', json_schema: { name: 'decision', schema: request.schema?.jsonSchema } } } }]);
  });

  test('an answer that quotes the key is given without it', async () => {
    const { client } = await provider(completion(`Bearer ${KEY} and ${KEY}`));
    expect(await client.generate({ ...request, schema: null })).toMatchObject({ kind: 'answered', text: 'Bearer *** and ***' });
  });

  test('plain text needs no schema', async () => {
    const { client, bodies } = await provider(completion('hello'));
    expect(await client.generate({ ...request, schema: null })).toMatchObject({ kind: 'answered', text: 'hello', json: null });
    expect(bodies[0]).not.toHaveProperty('body.response_format');
  });

  test.each<[string, Reply, string, RegExp]>([
    ['an answer that is not JSON', completion('I think GO'), 'not-by-schema', /not JSON/],
    ['an answer cut off', completion('{"verdict":', 'length'), 'truncated', /100 tokens/],
    ['an answer cut off where it happens to parse', completion('{"verdict":"GO"}', 'length'), 'truncated', /cut off/],
    ['an empty answer', completion(''), 'no-answer', /empty/],
    ['a refusal', completion(null, 'stop', { refusal: 'I will not' }), 'refused', /refused/],
    ['a content filter', completion('', 'content_filter'), 'refused', /refused/],
    ['a wrong key', json(401, { error: { message: `bad key ${KEY}` } }), 'provider-down', /401: check the API key/],
    ['HTML', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), 'no-answer', /OpenAI format/],
    ['JSON of another kind', json(200, { hello: 'world' }), 'no-answer', /OpenAI format/],
    ['a broken connection', (response) => void response.destroy(), 'provider-down', /cannot be reached/],
  ])('%s is a typed failure', async (_name, reply, failure, reason) => {
    const { client } = await provider(reply);
    const answer = await client.generate(request);
    expect(answer).toMatchObject({ kind: 'failed', failure, reason: expect.stringMatching(reason) });
    expect(JSON.stringify(answer)).not.toContain(KEY);
  });

  test('a hang ends at the time-out', async () => {
    const { client } = await provider(() => undefined);
    expect(await client.generate({ ...request, timeoutMs: 50 })).toMatchObject({ kind: 'failed', failure: 'no-answer', reason: expect.stringContaining('50 ms') });
  });

  test('429 waits as long as it is asked to, then succeeds', async () => {
    const { client, waits, bodies } = await provider(json(429, { error: { message: 'slow down' } }, { 'retry-after': '7' }), completion('{"verdict":"GO"}'));
    expect(await client.generate(request)).toMatchObject({ kind: 'answered' });
    expect([waits, bodies.length]).toEqual([[7_000], 2]);
  });

  test('a Retry-After beyond the bound is not waited for', async () => {
    const { client, waits } = await provider(json(429, {}, { 'retry-after': '3600' }));
    expect(await client.generate(request)).toMatchObject({ kind: 'failed', failure: 'rate-limited', reason: expect.stringContaining('3600 s') });
    expect(waits).toEqual([]);
  });

  test('500 is tried again, but not for ever', async () => {
    const { client, waits, bodies } = await provider(json(500, { error: { message: KEY } }));
    const answer = await client.generate(request);
    expect(answer).toMatchObject({ kind: 'failed', failure: 'provider-down' });
    expect([waits, bodies.length]).toEqual([[1_000, 2_000], 3]);
    expect(JSON.stringify(answer)).not.toContain(KEY);
  });
});

describe('budget', () => {
  const price = { inputUsd: 3, outputUsd: 15, asOf: '2026-01-01' };
  const counting = () => {
    const calls: ModelRequest[] = [];
    const client: ModelClient = { name: 'loop/m-1', generate: async (each) => (calls.push(each), { kind: 'answered', text: '', json: null, model: 'loop/m-1', usage: { tokensIn: 10, tokensOut: 100, costMicroUsd: 1_530 }, durationMs: 1 }) };
    return { client, calls };
  };

  test('refuses the call that could pass the cap before it is made', async () => {
    const { client, calls } = counting();
    const capped = withBudget(client, { costMicroUsdMax: 4_000, tokensMax: null, costMicroUsdUsed: 0, price });
    const kinds = [await capped.generate(request), await capped.generate(request), await capped.generate(request)].map((answer) => answer.kind);
    expect([kinds, calls.length]).toEqual([['answered', 'answered', 'failed'], 2]);
  });

  test('counts what the workflow has spent before, and tokens', async () => {
    const { client } = counting();
    expect(await withBudget(client, { costMicroUsdMax: 4_000, tokensMax: null, costMicroUsdUsed: 3_999, price }).generate(request)).toMatchObject({ failure: 'over-budget' });
    expect(await withBudget(client, { costMicroUsdMax: null, tokensMax: 50, costMicroUsdUsed: 0, price: null }).generate(request)).toMatchObject({ failure: 'over-budget' });
  });

  test('a cost cap without a price refuses: it could not be checked', async () => {
    const { client, calls } = counting();
    expect(await withBudget(client, { costMicroUsdMax: 1_000_000, tokensMax: null, costMicroUsdUsed: 0, price: null }).generate(request)).toMatchObject({ failure: 'over-budget', reason: expect.stringContaining('not known') });
    expect(calls).toEqual([]);
  });
});

test('a recorded run replays without the provider, and an unknown request fails', async () => {
  const hash = (value: unknown) => JSON.stringify(value);
  const { client } = await provider(completion('{"verdict":"GO"}'));
  const kept: TranscriptEntry[] = [];
  const answer = await withRecording(client, hash, (entry) => kept.push(entry)).generate(request);
  const replay = createReplayClient('loop/m-1', kept, hash);
  expect(await replay.generate(request)).toEqual(answer);
  expect(await replay.generate({ ...request, prompt: 'another' })).toMatchObject({ kind: 'failed', failure: 'no-answer' });
});

import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { ANSWER_BYTES_MAX } from './capped-fetch.ts';
import { createProviderClient } from './provider-client.ts';
import { createProviders, json, KEY, PRICE, REQUEST, WIRES, type Reply, type WireName } from './testing.ts';

const { start: provider, close } = createProviders();
afterEach(close);
const GO = '{"verdict":"GO"}';
const NOTHING = { tokensIn: 0, tokensOut: 0, costMicroUsd: 0 };
const UNKNOWN = { tokensIn: null, tokensOut: null, costMicroUsd: null };

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  if (typeof gc === 'function') for (let times = 0; times < 3; times++) gc();
}

test.each<WireName>(['anthropic', 'openai', 'google', 'openai-compatible'])('%s: the time-out outlives a garbage collection in the middle of an answer', async (wire) => {
  const { client } = await provider(wire, (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":');
    const collecting = setInterval(collectGarbage, 10);
    response.on('close', () => clearInterval(collecting));
  });
  expect(await client.generate({ ...REQUEST, timeoutMs: 300 })).toMatchObject({ failure: 'no-answer', reason: expect.stringContaining('300 ms'), usage: UNKNOWN });
});

describe('an answer that comes compressed though nobody asked for it', () => {
  const compressed = (encoding: string, compress: (text: string) => Buffer): Reply => (response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end(compress(bodyOf(GO)));
  const bodyOf = (content: string): string => JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }] });

  test.each([['gzip', gzipSync], ['br', brotliCompressSync], ['deflate', deflateSync]] as const)('%s is read', async (encoding, compress) => {
    const { client } = await provider('openai-compatible', compressed(encoding, compress));
    expect(await client.generate(REQUEST)).toMatchObject({ kind: 'answered', json: { verdict: 'GO' } });
  });

  test('one that is much larger than it looks is cut off', async () => {
    const { client } = await provider('openai-compatible', compressed('gzip', () => gzipSync(Buffer.alloc(ANSWER_BYTES_MAX + 1, 32))));
    expect(await client.generate(REQUEST)).toMatchObject({ failure: 'no-answer', reason: expect.stringContaining('larger than 32 MiB') });
  });

  test.each([['damaged', () => gzipSync(GO).fill(0, 12)], ['half', () => gzipSync(bodyOf(GO)).subarray(0, 40)]])('%s bytes are a failure', async (_name, compress) => {
    const { client } = await provider('openai-compatible', compressed('gzip', compress));
    expect(await client.generate(REQUEST)).toMatchObject({ failure: 'no-answer', reason: expect.stringContaining('broke off'), usage: UNKNOWN });
  });
});

describe('how long to wait, in every form that a provider says it', () => {
  const google = { error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '37s' }] } };

  test.each<[string, Reply, number]>([
    ['retry-after-ms, before the rounded seconds', json(429, {}, { 'retry-after-ms': '2500', 'retry-after': '3' }), 2_500],
    ["Google's RetryInfo", json(429, google), 37_000],
    ["OpenAI's resets, the later one", json(429, {}, { 'x-ratelimit-reset-requests': '120ms', 'x-ratelimit-reset-tokens': '0m6.2s' }), 6_200],
    ['Retry-After before them', json(503, {}, { 'retry-after': '2', 'x-ratelimit-reset-tokens': '50s' }), 2_000],
    ['nothing', json(529, {}), 1_000],
    ['nonsense', json(429, {}, { 'retry-after': '-5', 'retry-after-ms': 'soon', 'x-ratelimit-reset-tokens': '9'.repeat(400) }), 1_000],
  ])('%s', async (_name, reply, ms) => {
    const { client, waits } = await provider('openai', reply, WIRES.openai.answer(GO));
    expect(await client.generate(REQUEST)).toMatchObject({ kind: 'answered' });
    expect(waits).toEqual([ms]);
  });
});

test.each<[string, Reply, RegExp]>([
  ['no temperature (OpenAI, Azure)', json(400, { error: { message: "Unsupported value: 'temperature' does not support 0 with this model.", param: 'temperature', code: 'unsupported_value' } }), /model\.temperature to null/],
  ['no temperature (Anthropic)', json(400, { error: { type: 'invalid_request_error', message: '`temperature` is deprecated for this model.' } }), /model\.temperature to null/],
  ['too many tokens (Anthropic)', json(400, { error: { message: 'max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens' } }), /lower model\.maxOutputTokens/],
  ['no max_tokens', json(400, { error: { message: "Unsupported parameter: 'max_tokens' is not supported with this model.", param: 'max_tokens' } }), /azure\/NAME/],
  ['want of an answer in a transcript', json(404, { error: { code: 'not_in_transcript' } }), /record it again/],
  ['an echo of the request', json(422, { detail: [{ input: { temperature: 0, max_tokens: 100 } }] }), /does not accept the request/],
])('a request that is refused for %s is told by what to change', async (_name, reply, reason) => {
  const { client, asked } = await provider('openai-compatible', reply);
  expect(await client.generate(REQUEST)).toMatchObject({ kind: 'failed', reason: expect.stringMatching(reason), usage: NOTHING });
  expect(asked).toHaveLength(1);
});

test('what was turned away used nothing; what broke off may have been paid for, and is not asked again', async () => {
  for (const status of [401, 429, 500]) expect((await (await provider('openai', json(status, {}))).client.generate(REQUEST)).usage).toEqual(NOTHING);
  const { client, asked } = await provider('openai', (response) => response.destroy());
  expect(await client.generate(REQUEST)).toMatchObject({ failure: 'provider-down', usage: UNKNOWN });
  expect(asked).toHaveLength(1);
});

test('a deployment at Azure is asked with the parameter that all of its models take', async () => {
  const { url, asked } = await provider('openai-compatible', WIRES['openai-compatible'].answer(GO));
  const clock = { now: () => '2026-11-22T12:00:00Z', monotonicMs: () => 0, sleep: async () => undefined };
  await createProviderClient({ name: 'azure/gpt-6', baseUrl: url, apiKey: KEY, clock, price: PRICE }).generate({ ...REQUEST, temperature: null });
  expect(asked[0]?.body).toMatchObject({ max_completion_tokens: 100 });
  expect(asked[0]?.body).not.toHaveProperty('max_tokens');
  expect(asked[0]?.body).not.toHaveProperty('temperature');
});

test.each([
  ['a key twice', '{"verdict":"NO_GO","verdict":"GO"}', /verdict/],
  ['a key twice, spelled otherwise', '{"verdict":"NO_GO","\\u0076erdict":"GO"}', /verdict/],
  ['more levels than anybody reads', `{"verdict":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /nested/],
])('an answer with %s says what is wrong, and is not taken as either', async (_name, text, reason) => {
  const { client } = await provider('openai-compatible', WIRES['openai-compatible'].answer(text));
  expect(await client.generate(REQUEST)).toMatchObject({ kind: 'failed', failure: 'not-by-schema', reason: expect.stringMatching(reason) });
});

test('a wrong key is told by where it is kept', async () => {
  const reasons = await Promise.all((['openai', 'google'] as const).map(async (wire) => (await (await provider(wire, json(401, {}))).client.generate(REQUEST))));
  expect(reasons).toMatchObject([{ reason: expect.stringContaining('COUNTERSIGN_MODEL_KEY, or OPENAI_API_KEY on your own machine') }, { reason: expect.stringContaining('GOOGLE_GENERATIVE_AI_API_KEY') }]);
});

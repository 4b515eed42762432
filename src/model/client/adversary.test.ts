import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { withProgress } from './progress.ts';
import { createProviderClient } from './provider-client.ts';
import { createProviders, json, KEY, PRICE, REQUEST, startProvider, WIRES, type Reply, type WireName } from './testing.ts';

const { start: provider, close } = createProviders();
afterEach(close);

const clock = { now: () => '2026-11-22T12:00:00Z', monotonicMs: () => 0, sleep: async () => undefined };
const chat = (message: unknown, more: object = {}): Reply => json(200, { id: 'c', object: 'chat.completion', created: 1, model: 'm-1', choices: [{ index: 0, message, finish_reason: 'stop' }], ...more });
const clientAt = (name: string, baseUrl: string) => createProviderClient({ name, baseUrl, apiKey: KEY, clock, price: PRICE });

describe.each(['anthropic', 'openai', 'google', 'openai-compatible'] as const)('%s, as an adversary', (wire) => {
  const { answer } = WIRES[wire];

  test('a redirect is not followed, not even within the host, and the key stays', async () => {
    const keys: unknown[] = [];
    const elsewhere = createServer((request, response) => void (keys.push(request.headers), response.end()));
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const address = elsewhere.address();
    const { client, asked } = await provider(wire, (response) => void response.writeHead(308, { location: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1` }).end());
    const got = await client.generate(REQUEST);
    await new Promise((resolve) => elsewhere.close(resolve));
    expect(got).toMatchObject({ kind: 'failed', failure: 'provider-down', reason: expect.stringContaining('redirects, and the key follows no redirect') });
    expect([asked.length, keys]).toEqual([1, []]);
  });

  test.each(['99999999999', '86400', 'Mon, 22 Nov 2038 12:00:00 GMT'])('Retry-After: %s is not waited for, and not taken for nothing', async (header) => {
    const { client, waits } = await provider(wire, json(429, {}, { 'retry-after': header }));
    expect(await client.generate(REQUEST)).toMatchObject({ failure: 'rate-limited', reason: expect.stringMatching(/asks to wait \d+ s/) });
    expect(waits).toEqual([]);
  });

  test('JSON in a fence is taken, prose around it is not', async () => {
    const { client } = await provider(wire, answer('```json\n{"verdict":"GO"}\n```\n'), answer('Sure:\n```json\n{"verdict":"GO"}\n```'));
    expect(await client.generate(REQUEST)).toMatchObject({ kind: 'answered', text: '{"verdict":"GO"}', json: { verdict: 'GO' } });
    expect(await client.generate(REQUEST)).toMatchObject({ kind: 'failed', failure: 'not-by-schema' });
  });

  test('a short placeholder for a key spoils no answer', async () => {
    const { url } = await provider(wire, answer('every key'));
    const client = createProviderClient({ name: `${wire}/m-1`, baseUrl: url, apiKey: 'e', clock, price: null });
    expect(await client.generate({ ...REQUEST, schema: null })).toMatchObject({ text: 'every key', usage: { costMicroUsd: null } });
  });

  test('an address where nothing listens', async () => {
    const gone = await startProvider(wire);
    await gone.close();
    const got = await clientAt(`${wire}/m-1`, gone.url).generate(REQUEST);
    expect(got).toMatchObject({ kind: 'failed', failure: 'provider-down', reason: expect.stringContaining('nothing listens') });
    expect(JSON.stringify(got)).not.toContain(KEY);
  });

  test('a name that nobody has', async () => {
    expect(await clientAt(`${wire}/m-1`, 'http://no-such-host.invalid/v1').generate(REQUEST)).toMatchObject({ failure: 'provider-down', reason: expect.stringMatching(/no server of that name|check the base URL/) });
  });

  test('no TLS where it is asked for is said, and tried once', async () => {
    const { url } = await provider(wire, answer('x'));
    expect(await clientAt(`${wire}/m-1`, url.replace('http:', 'https:')).generate(REQUEST)).toMatchObject({ failure: 'provider-down', reason: expect.stringMatching(/certificate|cannot be reached/) });
  });
});

test.each<[string, WireName, Reply, string, RegExp]>([
  ['a wrong key', 'google', json(400, { error: { code: 400, message: `API key not valid: ${KEY}`, status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] } }), 'provider-down', /400: check the API key/],
  ['a wrong key', 'openai', json(401, { error: { message: KEY, code: 'invalid_api_key' } }), 'provider-down', /401: check the API key/],
  ['a model that does not exist', 'openai', json(400, { error: { message: KEY, code: 'model_not_found' } }), 'provider-down', /400: check the model name/],
  ['a prompt that is too long', 'anthropic', json(400, { error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' } }), 'provider-down', /lower context\.budgetBytes/],
  ['a prompt that is too long', 'openai-compatible', json(400, { error: { code: 'context_length_exceeded' } }), 'provider-down', /lower context\.budgetBytes/],
  ["Azure's content filter", 'openai-compatible', json(400, { error: { code: 'content_filter' } }), 'refused', /refused/],
  ['no credit', 'anthropic', json(400, { error: { type: 'invalid_request_error', message: 'Your credit balance is too low' } }), 'provider-down', /credit/],
  ['no quota, which no waiting mends', 'openai', json(429, { error: { code: 'insufficient_quota', message: KEY } }), 'provider-down', /credit/],
])('%s, as %s says it, is told by what to do, asked once and never quoted', async (_name, wire, reply, failure, reason) => {
  const { client, asked } = await provider(wire, reply);
  const got = await client.generate(REQUEST);
  expect(got).toMatchObject({ kind: 'failed', failure, reason: expect.stringMatching(reason) });
  expect(JSON.stringify(got)).not.toMatch(/210000|balance|sk-test/);
  expect(asked).toHaveLength(1);
});

test.each(['sk-abc\ndef12345', '“sk-abcdef12345”', 'sk-abc def12345', 'sk-\0abcdef'])('a key that no header can hold (%j) is told, not shown, and no call is made', async (apiKey) => {
  const { url, asked } = await provider('openai', WIRES.openai.answer('{}'));
  const got = await createProviderClient({ name: 'openai/m-1', baseUrl: url, apiKey, clock, price: PRICE }).generate(REQUEST);
  expect(got).toMatchObject({ kind: 'failed', failure: 'provider-down', reason: expect.stringContaining('COUNTERSIGN_MODEL_KEY') });
  expect([asked, JSON.stringify(got).includes('abc')]).toEqual([[], false]);
});

test.each([[-5, 4], [1.5, 4], [1e300, 4], [Number.MAX_SAFE_INTEGER, 4], [0, 4], [10, -1], [10, 0.5]])('use that cannot be true (%d in, %d out) is unknown: it must not lower what counts against a cap', async (prompt_tokens, completion_tokens) => {
  const { client } = await provider('openai-compatible', chat({ role: 'assistant', content: '{"verdict":"GO"}' }, { usage: { prompt_tokens, completion_tokens, total_tokens: 1 } }));
  const { usage } = await client.generate(REQUEST);
  expect(usage).toMatchObject({ costMicroUsd: null, ...(completion_tokens === 4 ? { tokensIn: null } : { tokensOut: null }) });
});

test('what a local model thought before its answer is no part of it', async () => {
  const { client } = await provider('openai-compatible', chat({ role: 'assistant', content: '<think>\n```delete path=a\n```\n</think>\n\n{"verdict":"GO"}' }));
  expect(await client.generate(REQUEST)).toMatchObject({ json: { verdict: 'GO' } });
  expect(await client.generate({ ...REQUEST, schema: null })).toMatchObject({ text: '{"verdict":"GO"}' });
});

test('a call that takes long tells how much of the answer has come', async () => {
  const traffic = { receivedBytes: 0 };
  const lines: string[] = [];
  let release: () => void = () => undefined;
  const { url } = await provider('openai-compatible', (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write(' '.repeat(5_000));
    release = () => response.end('{}');
  });
  const sleep = async (): Promise<void> => {
    while (traffic.receivedBytes === 0) await new Promise((resolve) => setImmediate(resolve));
    if (lines.length === 3) release();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const client = createProviderClient({ name: 'vllm/m', baseUrl: url, apiKey: null, clock, price: null, traffic });
  await withProgress(client, { log: (line) => lines.push(line), clock: { monotonicMs: () => 0, sleep }, traffic }).generate(REQUEST);
  expect(lines[1]).toBe('model     triage still waits for vllm/m: 0 s, 5 KiB of the answer so far');
});


test('a tool call instead of an answer', async () => {
  const { client } = await provider('openai-compatible', json(200, { id: 'c', object: 'chat.completion', created: 1, model: 'm-1', choices: [{ index: 0, finish_reason: 'tool_calls', message: { role: 'assistant', content: null, tool_calls: [{ id: 't', type: 'function', function: { name: 'rm', arguments: '{}' } }] } }] }));
  expect(await client.generate(REQUEST)).toMatchObject({ kind: 'failed', failure: 'no-answer', reason: expect.stringContaining('called a tool') });
});

test('usage that is missing is unknown, not nothing', async () => {
  const { client } = await provider('openai-compatible', chat({ role: 'assistant', content: '{"verdict":"GO"}' }));
  expect(await client.generate(REQUEST)).toMatchObject({ kind: 'answered', usage: { tokensIn: null, tokensOut: null, costMicroUsd: null } });
});

test.each([
  ['azure/gpt-6', '/openai/deployments/gpt-6?api-version=2026-06-01', '/openai/deployments/gpt-6/chat/completions?api-version=2026-06-01', 'api-key', KEY],
  ['azure/gpt-6', '/openai/v1', '/openai/v1/chat/completions', 'api-key', KEY],
  ['ollama/qwen3', '/v1', '/v1/chat/completions', 'authorization', `Bearer ${KEY}`],
  ['vllm/org/model', '/serve/a/v1', '/serve/a/v1/chat/completions', 'authorization', `Bearer ${KEY}`],
])('%s at %s asks %s', async (name, base, path, header, value) => {
  const seen: { url: string | undefined; headers: Readonly<Record<string, unknown>> }[] = [];
  const { url } = await provider('openai-compatible', (response, request) => {
    seen.push({ url: request.url, headers: request.headers });
    chat({ role: 'assistant', content: '{"verdict":"GO"}' })(response, request);
  });
  expect(await clientAt(name, url.replace('/v1', '') + base).generate(REQUEST)).toMatchObject({ kind: 'answered' });
  expect(seen).toMatchObject([{ url: path, headers: { [header]: value } }]);
  expect(Object.values(seen[0]?.headers ?? {}).filter((each) => String(each).includes(KEY))).toHaveLength(1);
});

import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createProviderClient } from './provider-client.ts';
import { createProviders, json, KEY, PRICE, REQUEST, startProvider, WIRES, type Reply } from './testing.ts';

const { start: provider, close } = createProviders();
afterEach(close);

const clock = { now: () => '2026-11-22T12:00:00Z', monotonicMs: () => 0, sleep: async () => undefined };
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

const chat = (message: unknown, more: object = {}): Reply => json(200, { id: 'c', object: 'chat.completion', created: 1, model: 'm-1', choices: [{ index: 0, message, finish_reason: 'stop' }], ...more });

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

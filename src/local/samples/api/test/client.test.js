import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, RateLimitError } from '../src/index.js';

function scripted(...answers) {
  const waits = [];
  const fetch = async () => answers.shift();
  const client = createClient({ baseUrl: 'http://weather.test', fetch, sleep: async (ms) => void waits.push(ms) });
  return { client, waits };
}

test('gives the JSON of a good answer', async () => {
  const { client } = scripted(Response.json({ sky: 'clear' }));
  assert.deepEqual(await client.request('/now'), { sky: 'clear' });
});

test('waits and tries again when the service is busy', async () => {
  const { client, waits } = scripted(new Response('', { status: 503 }), Response.json({ sky: 'rain' }));
  assert.deepEqual(await client.request('/now'), { sky: 'rain' });
  assert.deepEqual(waits, [200]);
});

test('gives up after three tries', async () => {
  const busy = () => new Response('', { status: 429 });
  const { client } = scripted(busy(), busy(), busy());
  await assert.rejects(client.request('/now'), RateLimitError);
});

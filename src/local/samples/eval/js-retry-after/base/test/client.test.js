import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../src/client.js';

test('asks again after 429', async () => {
  const answers = [{ status: 429, headers: {} }, { status: 200, headers: {} }];
  assert.equal((await ask(async () => answers.shift(), async () => {})).status, 200);
});

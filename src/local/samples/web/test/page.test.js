import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderPage } from '../src/page.js';

test('shows the sky', async () => {
  const page = await renderPage({ request: async () => ({ sky: 'clear' }) });
  assert.match(page, /The sky is clear\./);
});

test('shows a notice when the client fails', async () => {
  const page = await renderPage({ request: async () => Promise.reject(Object.assign(new Error('no'), { status: 429 })) });
  assert.match(page, /role="alert"/);
});

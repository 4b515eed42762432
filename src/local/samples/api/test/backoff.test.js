import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from '../src/backoff.js';

test('doubles up to a limit', () => {
  assert.deepEqual([1, 2, 3, 10].map(backoffMs), [200, 400, 800, 10_000]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notice } from '../src/notice.js';

test('says that the service is busy', () => {
  assert.match(notice({ status: 429 }), /busy/);
});

test('says that the service cannot be reached', () => {
  assert.match(notice({ status: 500 }), /cannot be reached/);
});

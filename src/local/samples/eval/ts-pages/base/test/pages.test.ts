import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageOf } from '../src/pages.ts';

test('cuts items into pages', () => {
  assert.deepEqual(pageOf(['a', 'b', 'c'], 2, 2), { items: ['c'], number: 2, of: 2 });
});

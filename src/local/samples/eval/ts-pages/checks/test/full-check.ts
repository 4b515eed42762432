import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageOf } from '../src/pages.ts';

const items = Array.from({ length: 20 }, (_, index) => index);
test('twenty items are two pages of ten', () => assert.equal(pageOf(items, 1, 10).of, 2));
test('the page after the last is the last', () => assert.deepEqual(pageOf(items, 3, 10).items, items.slice(10)));
test('nothing is one empty page', () => assert.deepEqual(pageOf([], 1, 10), { items: [], number: 1, of: 1 }));

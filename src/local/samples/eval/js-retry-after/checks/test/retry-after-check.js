import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delayOf } from '../src/delay.js';

test('seconds become milliseconds', () => assert.equal(delayOf({ 'retry-after': '7' }), 7000));
test('what is no number gives the default', () => assert.equal(delayOf({ 'retry-after': 'Sun, 22 Nov 2026 12:00:00 GMT' }), 200));
test('no header gives the default', () => assert.equal(delayOf({}), 200));

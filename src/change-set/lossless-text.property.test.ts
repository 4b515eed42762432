import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf } from './bytes.ts';
import { byteStringOf, hexOf, textOf } from './lossless-text.ts';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => Buffer.from(value, 'utf8'));
const mixed = fc.array(fc.oneof(bytes, text), { maxLength: 4 }).map((parts) => Buffer.concat(parts).toString('latin1'));

it('every byte comes back', () => {
  fc.assert(fc.property(mixed, (value) => {
    expect(byteStringOf(textOf(value))).toBe(value);
    expect(hexOf(textOf(value))).toBe(bytesOf(value).toString('hex'));
  }), { numRuns: 2_000 });
});

it('UTF-8 is itself, and what is not UTF-8 is never well-formed', () => {
  expect(textOf(Buffer.from('naïve/é🎉').toString('latin1'))).toBe('naïve/é🎉');
  // Encoded surrogates, overlong forms and what is cut off are no UTF-8.
  for (const odd of ['\xff', 'a\xe9b', '\xed\xb2\x80', '\xc0\xaf', '\xf4\x90\x80\x80', '\xe2\x82', '\xf0\x9f\x8e']) {
    expect(textOf(odd).isWellFormed()).toBe(false);
    expect(byteStringOf(textOf(odd))).toBe(odd);
  }
});

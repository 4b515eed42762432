import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as native from './native.ts';
import * as portable from './portable.ts';

it('gives the same texts under Node and in a browser', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(100), fc.boolean(), (raw, one, two, isAscii) => {
      const bytes = isAscii ? raw.map((byte) => byte & 0x7f) : raw;
      const [from, to] = [Math.min(one, two, bytes.length), Math.min(Math.max(one, two), bytes.length)];
      const part = Buffer.from(bytes.subarray(from, to));
      for (const { hexOf, latin1Of } of [native, portable]) expect([hexOf(bytes, from, to), latin1Of(bytes, from, to)]).toEqual([part.toString('hex'), part.toString('latin1')]);
    }),
    { numRuns: 500 },
  );
});

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as native from './native.ts';
import * as portable from './portable.ts';

it('gives the same hashes under Node and in a browser', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (head, bytes) => {
      const sha1 = createHash('sha1').update(head).update(bytes).digest('hex');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      expect([native.sha1Hex(head, bytes), portable.sha1Hex(head, bytes)]).toEqual([sha1, sha1]);
      expect([native.sha256Hex(bytes), portable.sha256Hex(bytes)]).toEqual([sha256, sha256]);
    }),
    { numRuns: 500 },
  );
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { KeptBases } from './kept-bases.ts';

const OFFSET_MAX = 20_000;
const KEPT_BYTES_MAX = 16 * 1024;

it('gives what was kept at a place, whole, or nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ offset: fc.nat(OFFSET_MAX), size: fc.nat(KEPT_BYTES_MAX + 100) }), { minLength: 350, maxLength: 400, size: 'max' }), (objects) => {
      const bases = new KeptBases();
      const known = new Map<number, Buffer>();
      for (const [round, { offset, size }] of objects.entries()) {
        const bytes = Buffer.alloc(size, round);
        if (size <= KEPT_BYTES_MAX) known.set(offset, bytes);
        bases.keep(offset, `type ${offset}`, bytes);
        if (size <= KEPT_BYTES_MAX) expect(Buffer.compare(bases.get(offset)?.bytes ?? Buffer.alloc(size + 1), bytes)).toBe(0);
      }
      for (const [offset, bytes] of known) {
        const kept = bases.get(offset);
        expect(kept === null || (kept.type === `type ${offset}` && Buffer.compare(kept.bytes, bytes) === 0)).toBe(true);
      }
      expect(bases.get(OFFSET_MAX + 1)).toBe(null);
    }),
    { numRuns: 5 },
  );
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { sha1Hex } from '../../schema/digest/native.ts';
import { RING_TREE_BYTES_MAX, TreeRing } from './tree-ring.ts';

const idOf = (number: number): string => sha1Hex(Buffer.alloc(0), Buffer.from(String(number)));

it('gives back what was put, or nothing, and what it gave stays whole while two others are put', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ tree: fc.nat(200), size: fc.nat(RING_TREE_BYTES_MAX) }), { minLength: 60, maxLength: 200 }), (puts) => {
      const ring = new TreeRing();
      const known = new Map<number, Buffer>();
      for (const [round, { tree, size }] of puts.entries()) {
        const bytes = Buffer.alloc(size, round + 1);
        const others = [...known].map(([each, expected]) => ({ given: ring.get(idOf(each)), expected })).filter(({ given }) => given !== null);
        ring.put(idOf(tree), bytes);
        known.set(tree, bytes);
        expect(Buffer.compare(ring.get(idOf(tree)) ?? Buffer.alloc(1), bytes)).toBe(0);
        ring.put(idOf(1_000 + round), Buffer.alloc(RING_TREE_BYTES_MAX, 0xff));
        for (const { given, expected } of others) expect(given === null || Buffer.compare(given, expected) === 0).toBe(true);
      }
      expect(ring.get(idOf(5_000))).toBe(null);
    }),
    { numRuns: 5 },
  );
});

it('keeps a megabyte of them', () => {
  const ring = new TreeRing();
  for (let tree = 0; tree < 1_000; tree++) ring.put(idOf(tree), Buffer.alloc(1_000, tree));
  const kept = Array.from({ length: 1_000 }, (_, tree) => ring.get(idOf(tree))).filter((bytes) => bytes !== null).length;
  expect(kept).toBeGreaterThan(800);
});

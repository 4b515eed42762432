import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countCommon } from './common-lines.ts';
import { countLines } from './line-counts.ts';
import { findAll, LineIndex } from './match-lines.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });

function longestCommon(a: readonly string[], b: readonly string[]): number {
  const [x, ...restA] = a;
  const [y, ...restB] = b;
  if (x === undefined || y === undefined) return 0;
  return x === y ? 1 + longestCommon(restA, restB) : Math.max(longestCommon(restA, b), longestCommon(a, restB));
}

it('counts as few lines as any diff can', () => {
  const short = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 7 });
  fc.assert(
    fc.property(short, short, (a, b) => {
      const common = longestCommon(a, b);
      const text = (list: readonly string[]): Uint8Array => Buffer.from(list.map((line) => `${line}\n`).join(''));
      expect(countLines(text(a), text(b))).toEqual({ added: b.length - common, removed: a.length - common });
    }),
  );
});

function lengthOfCommon(a: Int32Array, b: Int32Array): number {
  let row = new Int32Array(b.length + 1);
  for (const line of a) {
    const next = new Int32Array(b.length + 1);
    for (let at = 0; at < b.length; at += 1) next[at + 1] = b[at] === line ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0);
    row = next;
  }
  return row[b.length] ?? 0;
}

it('never finds more in common than there is, and all of it where the files are alike', () => {
  const numbers = fc.tuple(fc.constantFrom(3, 40, 600), fc.nat({ max: 400 })).chain(([kinds, length]) => fc.array(fc.nat({ max: kinds }), { minLength: length, maxLength: length }));
  fc.assert(
    fc.property(numbers, numbers, (left, right) => {
      const [a, b] = [Int32Array.from(left), Int32Array.from(right)];
      const [found, all] = [countCommon(a, b), lengthOfCommon(a, b)];
      expect(found).toBeLessThanOrEqual(all);
      if (a.length + b.length - 2 * all <= 256) expect(found).toBe(all);
      // Where no more is looked for than lines that stand once on both sides.
      expect(countCommon(a, b, 8)).toBeLessThanOrEqual(all);
    }),
    { numRuns: 40 },
  );
});

it('counts a lock file of which every tenth line changed as what changed', () => {
  const file = (version: string): Buffer => Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index % 10 === 0 ? `  version: ${index} ${version}\n` : `  "node_modules/${index % 3_000}":\n`)).join(''));
  expect(countLines(file('one'), file('two'))).toEqual({ added: 2_000, removed: 2_000 });
});

it('goes on from lines that stand once on both sides where two files have little else in common', () => {
  const file = (seed: number, at: number): Buffer => Buffer.from(Array.from({ length: 12_000 }, (_, index) => (index % 4 === at ? `unique ${Math.floor(index / 4)}\n` : `${(index * seed) % 97}\n`)).join(''));
  const { added, removed } = countLines(file(31, 0), file(57, 3));
  expect(added).toBe(removed);
  expect(added).toBeLessThanOrEqual(9_000);
});

it('says nothing of binary content, and counts a lost final newline', () => {
  expect(countLines(Uint8Array.of(0), null)).toEqual({ added: null, removed: null });
  expect(countLines(Buffer.from('a\nb\n'), Buffer.from('a\nb'))).toEqual({ added: 1, removed: 1 });
  expect(countLines(null, Buffer.from('a\nb'))).toEqual({ added: 2, removed: 0 });
});

it('finds every place of a search text, overlapping ones too', () => {
  fc.assert(
    fc.property(lines, fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 4 }), (all, search) => {
      const expected = all.flatMap((_, at) => (search.every((line, index) => all[at + index] === line) ? [at] : []));
      expect(findAll(all, search)).toEqual(expected);
      expect(new LineIndex(all).findAll(search)).toEqual(expected);
    }),
  );
});

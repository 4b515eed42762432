import fc from 'fast-check';
import { expect, it } from 'vitest';
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

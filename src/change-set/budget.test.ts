import { expect, it } from 'vitest';
import { ByteBudget } from './budget.ts';
import { MAX_COMPARISONS, MAX_RESULT_BYTES } from './limits.ts';
import { LineIndex } from './match-lines.ts';

it('a proposal makes so many bytes and no more', () => {
  const budget = new ByteBudget();
  budget.take(MAX_RESULT_BYTES);
  expect(() => budget.take(1)).toThrow(expect.objectContaining({ code: 'too-large' }) as Error);
});

it('search texts that are too alike are refused after so many comparisons', () => {
  const lines = Array.from({ length: 100_000 }, () => 'same');
  const index = new LineIndex(lines);
  const search = lines.slice(0, 50_000);
  const many = (): void => {
    for (let count = 0; count <= MAX_COMPARISONS / lines.length; count += 1) index.findFrom(search, count);
  };
  expect(many).toThrow(expect.objectContaining({ code: 'too-large' }) as Error);
});

it('finds the first place at or below a line', () => {
  const index = new LineIndex(['a', 'b', 'a', 'c', 'a', 'b']);
  expect([index.findFrom(['a', 'b'], 0), index.findFrom(['a', 'b'], 1), index.findFrom(['a'], 3), index.findFrom(['c', 'b'], 0), index.findFrom(['a'], 5)]).toEqual([0, 4, 4, undefined, undefined]);
  expect([index.findAll(['a']), index.findAll(['a', 'b']), index.findAll(['x'])]).toEqual([[0, 2, 4], [0, 4], []]);
});

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
  // From the middle on, a search text of more than half of the lines stands nowhere, and nearly.
  const lines = Array.from({ length: 20_000 }, () => 'same');
  const index = new LineIndex(lines);
  expect(MAX_COMPARISONS).toBeLessThan(12_000 * 9_000);
  const many = (): number | undefined => index.findFrom(lines.slice(0, 12_000), 10_000);
  expect(many).toThrow(expect.objectContaining({ code: 'too-large' }) as Error);
});

it('finds the first place at or below a line', () => {
  const index = new LineIndex(['a', 'b', 'a', 'c', 'a', 'b']);
  expect([index.findFrom(['a', 'b'], 0), index.findFrom(['a', 'b'], 1), index.findFrom(['a'], 3), index.findFrom(['c', 'b'], 0), index.findFrom(['a'], 5)]).toEqual([0, 4, 4, undefined, undefined]);
  expect([index.findAll(['a']), index.findAll(['a', 'b']), index.findAll(['x'])]).toEqual([[0, 2, 4], [0, 4], []]);
});

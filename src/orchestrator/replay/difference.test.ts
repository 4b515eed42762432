import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstDifference } from './difference.ts';

test.each([
  [{ a: 1 }, { a: 1 }, null],
  [{ a: 1 }, { a: 2 }, 'a: recorded 1, made again 2'],
  [{ a: [{ b: 'x' }] }, { a: [{ b: 'y' }] }, 'a[0].b: recorded "x", made again "y"'],
  [{ a: [1] }, { a: [1, 2] }, 'a[1]: recorded nothing, made again 2'],
  [{ a: 1, b: 2 }, { b: 2 }, 'a: recorded 1, made again nothing'],
  [{ a: [] }, { a: {} }, 'a: recorded [], made again {}'],
  ['one\ntwo', 'one\n2', 'line 2: recorded "two", made again "2"'],
  ['one\ntwo', 'one', 'line 2: recorded "two", made again its end'],
  ['one', 'one\n', 'line 2: recorded its end, made again ""'],
  [null, 1, 'recorded null, made again 1'],
])('%j and %j', (recorded, now, said) => {
  expect(firstDifference(recorded, now)).toBe(said);
});

test('a long line is shown from where it differs', () => {
  expect(firstDifference(`${'x'.repeat(500)} one`, `${'x'.repeat(500)} two`)).toMatch(/^recorded "…x{39} one", made again "…x{39} two"$/);
});

test('says something exactly where two values differ', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [left, right] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))] as unknown[];
      expect(firstDifference(left, left)).toBeNull();
      expect(firstDifference(left, right) === null).toBe(JSON.stringify(sorted(left)) === JSON.stringify(sorted(right)));
    }),
  );
});

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, each]): [string, unknown] => [key, sorted(each)]).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value;
};

import { expect, test } from 'vitest';
import { toEars } from './scope.ts';

test('Given, when, then keep their parts, over several lines too', () => {
  expect(toEars('Given an empty cart\n  when a user pays,\n  then nothing is charged.')).toMatchObject({ when: 'a user pays', then: 'nothing is charged' });
});

test.each(['given ', 'when ', 'while '])('a criterion of "%s" and blanks is read to its end in time that grows with it', (word) => {
  expect(toEars(`${word}${' '.repeat(20_000)}x`).sentence).toContain('x');
});

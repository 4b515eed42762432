import { expect, test } from 'vitest';
import { effortOf } from './effort.ts';

test('what a grammar reads is more work than what is read by hand, and words are hardly any', () => {
  const [ruby, typescript, text] = (['ruby', 'typescript', 'text'] as const).map((lens) => effortOf(lens, 10_000_000));
  expect(ruby).toBeGreaterThan((typescript ?? 0) * 2);
  expect(typescript).toBeGreaterThan((text ?? 0) * 10);
});

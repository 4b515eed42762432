import { expect, test } from 'vitest';

import { hashOfNumbers, PUBLISHED_CHECKSUMS } from './canonical-numbers.ts';

// `countersign bench canonical` checks the million.
test.each([1_000, 10_000, 100_000])('%i numbers of the published generator have the published checksum', (count) => {
  expect(hashOfNumbers(count)).toBe(PUBLISHED_CHECKSUMS.get(count));
});

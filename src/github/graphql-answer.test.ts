import { expect, test } from 'vitest';

import { graphqlData, isTransient } from './graphql-answer.ts';

const limited = { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] };

test('an answer that is nothing but errors is read as its error', () => {
  expect(() => graphqlData(limited, 'secret', 'read the ledger')).toThrow(/did not read the ledger \(RATE_LIMITED: API rate limit exceeded\)/);
  expect(isTransient({ status: 200, headers: {}, data: limited })).toBe(true);
});

test('a partial answer is none', () => {
  const partial = { data: { a: 1, b: null }, errors: [{ type: 'NOT_FOUND', message: 'Could not resolve b', path: ['b'] }] };
  expect(() => graphqlData(partial, 'secret', 'read b')).toThrow(/NOT_FOUND/);
  expect(graphqlData({ data: { a: 1 } }, 'secret', 'read a')).toEqual({ a: 1 });
});

import { expect, test } from 'vitest';
import { event, ingested, run } from '../src/domain/testing/events.ts';
import { spentBy } from './spent.ts';

const call = (tokensIn: number | null, tokensOut: number | null, more: { costMicroUsd: number | null; outcome?: 'succeeded' | 'failed'; role?: string }) => {
  const { body } = run(more.costMicroUsd);
  return event('E_RUN_RECORDED', { ...body, model: 'mine/m', tokensIn, tokensOut, outcome: 'succeeded', ...more } as Parameters<typeof event<'E_RUN_RECORDED'>>[1]);
};

test('answers and failures count alike: what they used, or that nobody knows', () => {
  const events = [
    ingested(),
    run(null),
    call(100, 20, { costMicroUsd: 1_500 }),
    call(50, 0, { costMicroUsd: 150, outcome: 'failed' }),
    call(0, 0, { costMicroUsd: 0, outcome: 'failed' }),
    call(null, null, { costMicroUsd: null, outcome: 'failed' }),
    call(10, null, { costMicroUsd: null }),
  ];
  const { byRole, ...all } = spentBy([...events, call(7, 3, { costMicroUsd: 10, role: 'planner' })]);
  expect(all).toEqual({ costMicroUsdUsed: 1_660, tokensUsed: 190, unknownCalls: 2 });
  expect(byRole).toMatchObject({ planner: { costMicroUsdUsed: 10, tokensUsed: 10, unknownCalls: 0 }, repairer: { costMicroUsdUsed: 0, tokensUsed: 0, unknownCalls: 0 } });
  expect(spentBy([])).toMatchObject({ costMicroUsdUsed: 0, tokensUsed: 0, unknownCalls: 0 });
});

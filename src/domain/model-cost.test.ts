import { expect, test } from 'vitest';
import { modelCost, showModelCost } from './model-cost.ts';
import { event, ingested, run } from './testing/events.ts';

const call = (costMicroUsd: number | null, more: object = {}) => {
  const { body } = run(costMicroUsd);
  return event('E_RUN_RECORDED', { ...body, model: 'mine/m', outcome: 'succeeded', ...more } as Parameters<typeof event<'E_RUN_RECORDED'>>[1]);
};

test.each([
  ['nobody was asked', [ingested()], 'no model was paid'],
  ['a job that asked no model', [call(null, { model: null })], 'no model was paid'],
  ['a call that was turned away', [call(0, { outcome: 'failed', tokensIn: 0, tokensOut: 0 })], 'no model was paid'],
  ['a call that timed out', [call(null, { outcome: 'failed', tokensIn: null, tokensOut: null })], '1 model call of unknown cost'],
  ['calls of known cost', [call(1_500), call(500)], '0.0020 USD'],
  ['a very cheap call', [call(3)], 'less than 0.0001 USD'],
  ['a model without a price', [call(null)], '1 model call of unknown cost'],
  ['both', [call(1_500), call(null), call(null, { outcome: 'failed', tokensIn: 3 })], '0.0015 USD and 2 model calls of unknown cost'],
])('%s', (_name, events, words) => {
  expect(showModelCost(modelCost(events))).toBe(words);
});

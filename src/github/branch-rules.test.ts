import { expect, test } from 'vitest';

import { checksOfRules } from './branch-rules.ts';

const required = (...requiredStatusChecks: { context: string; integrationId: number | null }[]) => ({ type: 'REQUIRED_STATUS_CHECKS', parameters: { requiredStatusChecks } });
const rules = (nodes: NonNullable<Parameters<typeof checksOfRules>[0]>['nodes'], hasNextPage = false) => ({ pageInfo: { hasNextPage }, nodes });
const LINT = { context: 'lint', integrationId: 7 };

test('what every ruleset requires counts, whatever else they rule', () => {
  const nodes = [{ type: 'DELETION', parameters: null }, required(LINT), required({ context: 'test', integrationId: -1 })];
  expect(checksOfRules(rules(nodes))).toEqual([LINT, { context: 'test', integrationId: null }]);
});

test('rules without required checks are an answer; it says none', () => expect(checksOfRules(rules([{ type: 'DELETION', parameters: null }]))).toEqual([]));

test.each([
  ['no such branch', undefined],
  ['nothing to be seen', null],
  ['no rules', rules([])],
  ['not all rules', rules([required(LINT)], true)],
  ['a rule whose parameters are hidden', rules([required(LINT), { type: 'REQUIRED_STATUS_CHECKS', parameters: null }])],
] as const)('%s is no answer', (_name, given) => expect(checksOfRules(given)).toBeNull());

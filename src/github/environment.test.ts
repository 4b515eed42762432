import { expect, test } from 'vitest';

import { protectedEnvironment } from './environment.ts';

const environment = (...rules: [type: string, reviewers: number][]) => ({ protectionRules: { nodes: rules.map(([type, totalCount]) => ({ type, reviewers: { totalCount } })) } });

test('required reviewers are believed', () => {
  expect(protectedEnvironment(environment(['BRANCH_POLICY', 0], ['REQUIRED_REVIEWERS', 2]))).toEqual({ exists: true, reviewers: 2 });
});

test.each([
  ['no such environment', null],
  ['not asked for', undefined],
  ['no rules', environment()],
  ['a wait timer alone', environment(['WAIT_TIMER', 0])],
  ['reviewers of another kind of rule', environment(['BRANCH_POLICY', 3])],
  ['nobody to review', environment(['REQUIRED_REVIEWERS', 0])],
] as const)('%s is no answer: the REST API is asked', (_name, given) => expect(protectedEnvironment(given)).toBeNull());

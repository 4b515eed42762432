import { expect, it } from 'vitest';
import type { PolicyResult, PolicyViolation } from '../domain/policy.ts';
import { annotationsOf, policyPart } from './render-policy.ts';

const violation = (more: Partial<PolicyViolation>): PolicyViolation => ({ rule: 'tests', severity: 'WARN', path: 'test/a.ts', line: 4, message: 'Line 4 leaves tests out.', why: 'It matters.', help: 'Check it.', ...more });
const policyOf = (violations: readonly PolicyViolation[]): PolicyResult => ({ format: 'countersign/policy-result@1', repo: 'octo/api', policy: '0'.repeat(64), verdict: 'warn', block: 0, warn: violations.length, rules: [{ rule: 'tests', severity: 'WARN', examined: 1, allowed: [{ path: 'x', reason: 'old', expires: '2026-12-31' }], violations: [...violations] }] });

it('names each rule once, the blocking ones first', () => {
  expect(policyPart(policyOf([violation({}), violation({ line: 9, message: 'Line 9 leaves tests out.' }), violation({ severity: 'BLOCK', rule: 'size', path: '', line: null, message: 'Too large.' })]))).toBe(
    ['## Policy: 0 block, 3 warn (1 rules)', '', '**BLOCK** `size`', '- Too large.', '', 'Why: It matters.', '', 'Next: Check it.', '', '**WARN** `tests`', '- `test/a.ts:4`: Line 4 leaves tests out.', '- `test/a.ts:9`: Line 9 leaves tests out.', '', 'Why: It matters.', '', 'Next: Check it.', '', '- allowed by `tests`: `x`, because old (until 2026-12-31)'].join('\n'),
  );
});

it('annotates with place and rule, no more than GitHub shows, and nothing hidden', () => {
  const many = annotationsOf(policyOf(Array.from({ length: 30 }, (_, line) => violation({ line: line + 1, message: 'a\u202E\n::error::b' }))), 'ps-1 octo/api');
  expect(many).toHaveLength(10);
  expect(many[0]).toEqual({ level: 'warning', title: 'ps-1 octo/api test/a.ts:1 (tests)', message: expect.stringMatching(/^a⟨U\+202E⟩⟨U\+000A⟩::error::b/) });
  expect(many[9]?.message).toContain('And 21 more');
});

import { expect, it } from 'vitest';
import type { PolicyViolation } from '../../domain/policy.ts';
import type { CheckAnswer } from './check-patch.ts';
import { failedAnswer } from './check-patch.ts';
import { toSarif } from './sarif.ts';

const violation = (more: Partial<PolicyViolation>): PolicyViolation => ({ rule: 'secrets', severity: 'BLOCK', path: 'src/a b.ts', line: 3, message: 'Line 3 holds a GitHub token.', why: 'It could be used.', help: 'Take it out.', ...more });
const change = { path: 'src/ü.ts', op: 'add', oldMode: null, newMode: '100644', oldBlob: null, newBlob: '1'.repeat(40) } as const;
const answer = (violations: readonly PolicyViolation[]): CheckAnswer => ({ ok: false, base: { commit: '2'.repeat(40), tree: '3'.repeat(40) }, result: { tree: '4'.repeat(40) }, digest: '5'.repeat(64), changes: [change], violations });

it('gives each violation a rule, a level and a place, the blocking ones first', () => {
  const [run] = toSarif(answer([violation({ rule: 'tests', severity: 'WARN', line: null }), violation({}), violation({ line: 9 }), violation({ rule: 'size', path: '', line: null })])).runs;
  expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(['secrets', 'size', 'tests']);
  expect(run?.results?.map(({ ruleId, ruleIndex, level, locations }) => [ruleId, ruleIndex, level, locations?.[0]?.physicalLocation?.artifactLocation?.uri, locations?.[0]?.physicalLocation?.region?.startLine])).toEqual([
    ['secrets', 0, 'error', 'src/a%20b.ts', 3],
    ['secrets', 0, 'error', 'src/a%20b.ts', 9],
    ['size', 1, 'error', 'src/%C3%BC.ts', 1],
    ['tests', 2, 'warning', 'src/a%20b.ts', 1],
  ]);
});

it('is the same for the same answer, and tells findings apart by their fingerprints', () => {
  const twice = [toSarif(answer([violation({}), violation({ message: 'Line 3 holds an npm token.' })])), toSarif(answer([violation({}), violation({ message: 'Line 3 holds an npm token.' })]))];
  expect(twice[0]).toEqual(twice[1]);
  expect(new Set(twice[0]?.runs[0]?.results?.map(({ partialFingerprints }) => partialFingerprints?.['countersign/v1'])).size).toBe(2);
});

it('says of a patch that does not apply that the run failed', () => {
  const [run] = toSarif(failedAnswer('context-mismatch', 'Line 3 differs.')).runs;
  expect(run).toMatchObject({ results: [], invocations: [{ executionSuccessful: false, toolExecutionNotifications: [{ level: 'error', message: { text: 'Line 3 differs.' } }] }] });
});

it('holds no unpaired surrogate, whatever the path is', () => {
  expect(JSON.stringify(toSarif(answer([violation({ path: 'a\uDCFFb' })])).runs[0]?.results?.[0]?.locations)).toContain('a%EF%BF%BDb');
});

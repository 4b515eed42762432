import { expect, it } from 'vitest';
import type { PolicyViolation } from '../../domain/policy.ts';
import { added } from '../../policy/testing.ts';
import { makeSecrets } from '../../policy/secrets/synthetic-secrets.ts';
import type { CheckAnswer } from './check-patch.ts';
import { failedAnswer } from './check-patch.ts';
import { excerptsOf } from './excerpts.ts';
import { reportLines, type ReportStyle } from './report-lines.ts';

const same = (text: string): string => text;
const style: ReportStyle = { width: 80, bold: same, dim: same, red: same, yellow: same, green: same };
const violation = (more: Partial<PolicyViolation>): PolicyViolation => ({ rule: 'hidden-text', severity: 'BLOCK', path: 'a.ts', line: 2, message: 'Line 2 of a.ts holds 1 hidden character(s): U+202E.', why: 'It reads differently.', help: 'Drop it.', ...more });
const answer = (violations: readonly PolicyViolation[]): CheckAnswer => ({ ok: violations.length === 0, base: null, result: { tree: '4'.repeat(40) }, digest: '5'.repeat(64), changes: [{ path: 'a.ts', op: 'add', oldMode: null, newMode: '100644', oldBlob: null, newBlob: '1'.repeat(40) }], violations });

it('shows verdict, rule, the exact line with what hides in it, why and what next', () => {
  const violations = [violation({ rule: 'tests', severity: 'WARN', line: null, message: 'Fewer.' }), violation({})];
  const lines = reportLines(answer(violations), excerptsOf(violations, [added('a.ts', { text: 'one\n\tb\u202Ec\n' })]), style);
  expect(lines).toEqual([
    'Blocked  1 file changed · 1 block, 1 warn', '',
    'block  hidden-text', '  Line 2 of a.ts holds 1 hidden character(s): U+202E.', '        2 │   b⟨U+202E⟩c', '  Why   It reads differently.', '  Next  Drop it.', '',
    'warn   tests', '  Fewer.', '  Why   It reads differently.', '  Next  Drop it.', '',
    '  added    a.ts', '', `tree ${'4'.repeat(40)}`, `digest sha256:${'5'.repeat(64)}`,
  ]);
});

it('shows no part of a secret in any line, also where it is split', () => {
  const [{ secret } = { secret: '' }] = makeSecrets(9, 1);
  const text = `a = "${secret.slice(0, 20)}" +\n  "${secret.slice(20)}"\n`;
  const violations = [violation({ line: 1 }), violation({ line: 2 })];
  const shown = reportLines(answer(violations), excerptsOf(violations, [added('a.ts', { text })]), style).join('\n');
  expect(shown).toContain('[redacted: GitHub token]');
  for (const part of [secret.slice(4, 14), secret.slice(22, 32)]) expect(shown).not.toContain(part);
});

it('lists ten findings of a rule and says how many more there are', () => {
  const violations = Array.from({ length: 30 }, (_, index) => violation({ line: index + 1, message: `Line ${index + 1}.` }));
  const lines = reportLines(answer(violations), new Map(), style);
  expect(lines).toContain('  … and 20 more (--json lists all)');
  expect(lines).not.toContain('  Line 11.');
});

it('is no wider than it may be, and says calmly that nothing objects or that a patch does not apply', () => {
  const long = violation({ why: 'word '.repeat(60).trim(), help: 'word '.repeat(60).trim() });
  expect(Math.max(...reportLines(answer([long]), new Map([['2\0a.ts', 'x'.repeat(500)]]), style).map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(reportLines(answer([]), new Map(), style)[0]).toBe('Allowed  1 file changed · no rule objects');
  expect(reportLines(failedAnswer('context-mismatch', 'Line 3 differs.\u202E'), new Map(), style)).toEqual(['Does not apply (context-mismatch): Line 3 differs.⟨U+202E⟩']);
});

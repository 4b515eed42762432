import { describe, expect, it } from 'vitest';
import { RULE_DEFAULTS, RULE_IDS } from '../domain/policy-rules.ts';
import { defaultConfig, effectivePolicy, parseConfig } from '../schema/config.ts';
import { evaluatePolicy } from './evaluate.ts';
import { RULES } from './registry.ts';
import { added, configOf, inputOf, judgeBy, modified } from './testing.ts';

const workflow = '.github/workflows/ci.yml';
const allow = (more: object = {}) => [{ path: '.github/workflows/*.yml', repo: null, reason: 'the issue is about CI', expires: '2026-11-22', ...more }];
const judgeWith = (more: object, today = '2026-11-22') => judgeBy('ci-files', [modified(workflow)], { today, config: configOf('ci-files', { allow: allow(more) }) });

describe('the registry', () => {
  it('has every rule of the catalogue once, in its order, with its defaults', () => {
    expect(RULES.map(({ id }) => id)).toEqual(RULE_IDS);
    for (const rule of RULES) expect([rule.defaultSeverity, rule.parameters]).toEqual([RULE_DEFAULTS[rule.id].severity, RULE_DEFAULTS[rule.id].parameters]);
  });
});

describe('allowances', () => {
  it('turn a violation into an allowed path with its reason, to the last day', () => {
    expect(judgeWith({})).toMatchObject({ violations: [], allowed: [{ path: workflow, reason: 'the issue is about CI', expires: '2026-11-22' }] });
    expect(judgeWith({ repo: 'Octo/API' }).violations).toEqual([]);
  });
  it.each([
    ['after the last day', {}, '2026-11-23'],
    ['in another repository', { repo: 'octo/web' }, '2026-11-22'],
    ['with another spelling', { path: '.GitHub/workflows/ci.yml' }, '2026-11-22'],
    ['for a negation', { path: '!nothing' }, '2026-11-22'],
  ])('do not hold %s', (_, more, today) => {
    expect(judgeWith(more, today).violations).toHaveLength(1);
  });
  it('say that they have ended, and when', () => {
    expect(judgeWith({ expires: '2026-11-01' }).violations[0]?.message).toMatch(/It was allowed until 2026-11-01 \(the issue is about CI\)\.$/);
    expect(judgeWith({}).allowed[0]?.expires).toBe('2026-11-22');
  });
  it('can be written as the help says, for any name', () => {
    for (const path of ['.github/a b.yml', '.github/[x].yml', '.github/{a,b}.yml', '.github/*.yml', '.github/"q".yml', ".github/it's.yml", '.github/!x.yml']) {
      const [violation] = judgeBy('ci-files', [added(path)]).violations;
      const entry = /\{path: .*\}(?= \()/.exec(violation?.help ?? '')?.[0].replace('…', 'as agreed').replace('YYYY-MM-DD', '2030-01-01') ?? '';
      const config = effectivePolicy(parseConfig(`policy:\n  ci-files:\n    allow:\n      - ${entry}\n`), 'octo/api');
      expect(judgeBy('ci-files', [added(path)], { config })).toMatchObject({ violations: [], allowed: [{ path }] });
      expect(judgeBy('ci-files', [added('.github/other.yml')], { config }).violations).toHaveLength(1);
    }
  });
});

describe('evaluatePolicy', () => {
  it('counts, and gives the verdict of the gravest', () => {
    const judge = (path: string) => evaluatePolicy(inputOf([modified(path)]));
    expect(judge(workflow)).toMatchObject({ verdict: 'block', block: 1, warn: 0 });
    expect(judge('Makefile')).toMatchObject({ verdict: 'warn', block: 0, warn: 1 });
    expect(judge('a.ts')).toMatchObject({ verdict: 'pass', block: 0, warn: 0 });
  });
  it('runs a rule that the config does not mention, and obeys a severity', () => {
    expect(judgeBy('ci-files', [modified(workflow)], { config: { kind: 'rules', rules: {} } }).violations).toHaveLength(1);
    expect(judgeBy('ci-files', [modified(workflow)], { config: configOf('ci-files', { severity: 'WARN' }) }).violations[0]?.severity).toBe('WARN');
    expect(judgeBy('ci-files', [modified(workflow)], { config: configOf('ci-files', { severity: 'off' }) })).toEqual({ rule: 'ci-files', severity: 'off', examined: 0, allowed: [], violations: [] });
  });
  it('switches every rule off', () => {
    const result = evaluatePolicy(inputOf([modified(workflow), added('.git/config')], { config: { kind: 'off' } }));
    expect(result.verdict).toBe('pass');
    expect(result.rules.map(({ severity }) => severity)).toEqual(RULES.map(() => 'off'));
  });
  it('refuses a rule that it does not know', () => {
    expect(() => evaluatePolicy(inputOf([], { config: { kind: 'rules', rules: { 'no-such-rule': { severity: 'BLOCK', allow: [] } } } }))).toThrow(/no-such-rule/);
  });
  it('gives the same answer for the defaults said and unsaid', () => {
    const changes = [modified(workflow), added('con'), modified('Makefile'), added('a', { mode: '120000' })];
    const said = evaluatePolicy(inputOf(changes, { config: effectivePolicy(defaultConfig(), 'octo/api') }));
    expect(said).toEqual(evaluatePolicy(inputOf(changes)));
  });
  it('lists at most a thousand violations a rule, and says how many more', () => {
    const { violations } = judgeBy('ci-files', Array.from({ length: 1500 }, (_, index) => added(`.github/${index}`)));
    expect(violations).toHaveLength(1000);
    expect(violations.at(-1)?.message).toBe('And 501 more of the same rule, not listed one by one.');
  });
});

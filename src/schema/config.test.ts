import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RULE_IDS } from '../domain/policy-rules.ts';
import { CountersignError } from '../domain/errors.ts';
import { configJsonSchema, defaultConfig, effectivePolicy, parseConfig } from './config.ts';

function refusal(text: string): string {
  try {
    parseConfig(text);
  } catch (error) {
    if (error instanceof CountersignError && error.kind === 'input' && error.code === 'bad-config') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('a good config', () => {
  it('has defaults for everything that is not said', () => {
    expect(parseConfig('')).toEqual(defaultConfig());
    expect(parseConfig('# only a comment\n')).toEqual(defaultConfig());
    expect(defaultConfig()).toMatchObject({
      approvers: [],
      targets: [],
      model: { name: 'recipe', url: null },
      limits: { regenerations: 1, ciRegenerations: 0, revisions: 5, approvalHours: 336, costUsd: null },
      ci: { timeoutSeconds: 1800, pollSeconds: 15 },
    });
  });

  it('may hold a policy alone', () => {
    expect(parseConfig('policy: off').policy).toEqual({ kind: 'off' });
    const { policy } = parseConfig('policy:\n  binary-files: off\n  size: {filesMax: 3}\n  ci-files: WARN\n');
    if (policy.kind === 'off') throw new Error('off');
    expect(Object.keys(policy.rules)).toEqual(RULE_IDS);
    expect(policy.rules['binary-files']?.severity).toBe('off');
    expect(policy.rules['size']).toMatchObject({ severity: 'BLOCK', filesMax: 3, linesMax: 2000 });
    expect(policy.rules['ci-files']?.severity).toBe('WARN');
  });

  it('lays the settings of a target over the policy', () => {
    const config = parseConfig(`
policy:
  frozen-files: {paths: [infra], allow: [{path: .env, reason: an example only, expires: 2026-12-31}]}
targets:
  - repo: octo/api
    base: main
    checks: [test, "ci / lint"]
    policy:
      frozen-files: {severity: WARN, paths: [deploy]}
      symlinks: off
  - {repo: octo/web, verification: none, policy: off}
`);
    const api = effectivePolicy(config, 'Octo/Api');
    const web = effectivePolicy(config, 'octo/web');
    const other = effectivePolicy(config, 'octo/other');
    if (api.kind === 'off' || web.kind === 'off' || other.kind === 'off') throw new Error('off');
    expect(api.rules['frozen-files']).toEqual({ severity: 'WARN', paths: ['infra', 'deploy'], allow: [{ path: '.env', repo: null, reason: 'an example only', expires: '2026-12-31' }] });
    expect(api.rules['symlinks']?.severity).toBe('off');
    expect(Object.values(web.rules).every(({ severity }) => severity === 'off')).toBe(true);
    expect(other).toEqual(config.policy);
    expect(config.targets[0]).toMatchObject({ base: 'main', checks: ['test', 'ci / lint'], verification: 'required' });
  });

  it('is what the sample at the root of the repository is', () => {
    const sample = readFileSync(new URL('../../countersign.yml', import.meta.url), 'utf8');
    expect(() => parseConfig(sample)).not.toThrow();
  });
});

describe('a bad config names key, line and what is allowed', () => {
  it.each([
    ['an unknown key', 'approvers: [a]\n\npolcy: off\n', 'line 3: unknown key "polcy". Did you mean "policy"?'],
    ['an unknown key further in', 'targets:\n  - repo: o/r\n    bas: main\n', 'line 3: unknown key "targets[1].bas". Did you mean "base"? Known here: repo, base, checks, verification, policy.'],
    ['an unknown rule', 'policy:\n  symlinks: off\n  frozen: off\n', 'line 3: unknown key "policy.frozen". Did you mean "frozen-files"?'],
    ['an unknown parameter', 'policy:\n  size:\n    filesMx: 3\n', 'line 3: unknown key "policy.size.filesMx". Did you mean "filesMax"?'],
    ['a wrong type', 'model:\n  name: recipe\n  timeoutSeconds: soon\n', 'line 3: "model.timeoutSeconds" must be a number'],
    ['a list for a word', 'approvers: octocat\n', 'line 1: "approvers" must be a list'],
    ['a word for a map', 'limits: 3\n', 'line 1: "limits" must be a map of keys'],
    ['a fraction', 'ci: {pollSeconds: 1.5}\n', 'line 1: "ci.pollSeconds" must be a whole number'],
    ['a number out of range', 'limits:\n  revisions: 0\n', 'line 2: "limits.revisions" must be at least 1'],
    ['a wrong severity', 'policy:\n  symlinks: maybe\n', 'line 2: "policy.symlinks" must be one of BLOCK, WARN, off, or a map of keys'],
    ['an allowance without a reason', 'policy:\n  ci-files:\n    allow:\n      - path: x\n        expires: 2026-12-31\n', '"policy.ci-files.allow[1].reason" is missing'],
    ['a day that does not exist', 'policy:\n  ci-files:\n    allow:\n      - path: x\n        reason: why not\n        expires: 2026-02-30\n', 'line 6: "policy.ci-files.allow[1].expires" must be a day as YYYY-MM-DD'],
    ['an allowance where none is possible', 'policy:\n  scope:\n    allow: [{path: x, reason: why not, expires: 2026-12-31}]\n', 'line 3: "policy.scope.allow" is not possible for this rule'],
    ['a glob that would stall', 'policy:\n  frozen-files:\n    paths: ["a*b*c*d"]\n', 'line 3: "policy.frozen-files.paths[1]" has too many wildcards'],
    ['a bot as an approver', 'approvers: ["renovate[bot]"]\n', 'line 1: "approvers[1]" must be the login of a person'],
    ['a repository twice', 'targets: [{repo: o/r}, {repo: O/R}]\n', 'line 1: "targets" names a repository twice'],
    ['a hostile branch', 'targets: [{repo: o/r, base: "a..b"}]\n', '"targets[1].base" must be the name of a branch'],
    ['an address that is none', 'model: {url: "file:///etc/passwd"}\n', '"model.url" must be an http or https address'],
    ['rules under a policy that is off', 'policy: off\ntargets: [{repo: o/r, policy: {size: off}}]\n', 'line 1: "policy" is "off"'],
    ['a duplicate key', 'approvers: [a]\napprovers: [b]\n', 'line 2: Map keys must be unique'],
    ['a tag', 'approvers: !!js/function "x"\n', 'line 1: Unresolved tag'],
    ['text that is no YAML', 'a: [1\nb: 2', 'line '],
    ['a list as the whole', '- a\n', 'line 1: a config must be a list of "key: value" lines'],
    ['two documents', 'approvers: [a]\n---\napprovers: [b]\n', 'line 2: a second document begins here'],
    ['deep nesting', '['.repeat(50_000), 'nested too deeply'],
    ['nesting in a map', `policy: ${'{a: '.repeat(30)}1${'}'.repeat(30)}\n`, 'nested too deeply'],
    ['a flood of aliases', 'a: &a [x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n', 'repeats itself too often'],
    ['a huge file', `# ${'x'.repeat(300_000)}`, 'characters long'],
    ['a prototype as a key', '__proto__: {approvers: [a]}\n', 'line 1: unknown key "__proto__"'],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it('lists every fault in the order of the lines', () => {
    const message = refusal('polcy: off\napprovers: 3\nlimits: {revisions: many}\n');
    expect(message.split('\n').map((line) => /line \d/.exec(line)?.[0])).toEqual([undefined, 'line 1', 'line 2', 'line 3']);
  });

  it('never throws anything else, and never shows a control character, whatever the text', () => {
    const piece = fc.constantFrom('policy', ':', ' ', '\n', '  ', '- ', '[', ']', '{', '}', 'off', '&a', '*a', '"', "'", '|', '>', '!!x', '%YAML', '---', '?', 'size', '\u202E', '\0', '3', '#', '<<');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(refusal(pieces.join(''))).not.toMatch(/(?!\n)\p{C}/u);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the JSON Schema for editors', () => {
  const validate = new Ajv2020.default({ strict: false, validateFormats: false }).compile(configJsonSchema());
  it.each([['policy: off'], ['policy: {size: {filesMax: 3}, symlinks: WARN}'], ['targets: [{repo: octo/api, checks: [test]}]'], ['']])('accepts %j as the parser does', (text) => {
    expect(validate(parse(text) ?? {})).toBe(refusal(text) === 'accepted');
  });
  it.each([['polcy: off'], ['policy: {size: {filesMx: 3}}'], ['targets: [{}]'], ['approvers: 3']])('refuses %j as the parser does', (text) => {
    expect(validate(parse(text))).toBe(false);
    expect(refusal(text)).not.toBe('accepted');
  });
});

import { describe, expect, it } from 'vitest';
import { annotationsOf, policyPart } from '../../orchestrator/render-policy.ts';
import { evaluatePolicy } from '../../policy/evaluate.ts';
import { makeSecrets, WRAPPINGS } from '../../policy/secrets/synthetic-secrets.ts';
import { added, inputOf, modified } from '../../policy/testing.ts';
import type { JudgedChange } from '../../policy/input.ts';
import type { CheckAnswer } from './check-patch.ts';
import { excerptsOf } from './excerpts.ts';
import { reportLines } from './report-lines.ts';
import { toSarif } from './sarif.ts';

// Wherever a secret stands, and whichever rule speaks about that place: no report shows a part of it.

const seed = Number(process.env['COUNTERSIGN_SEED'] ?? 20261123);
const SECRETS = makeSecrets(seed, 1).filter(({ kind }) => !kind.startsWith('assigned-'));
// Every wrapping and place meets every third kind; with COUNTERSIGN_LONG=1 all of them.
const isLong = process.env['COUNTERSIGN_LONG'] === '1';
const kindsFor = (index: number) => SECRETS.filter((each, at) => isLong || (at + index) % 3 === 0 || each.kind === 'github-refresh' || each.kind === 'database-url');
const same = (text: string): string => text;
const style = { width: 100, bold: same, dim: same, red: same, yellow: same, green: same };

/** Everything that a person or a program is shown of a judged change. */
function everythingShown(changes: readonly JudgedChange[]): { readonly shown: string; readonly blocks: boolean } {
  const policy = evaluatePolicy(inputOf(changes));
  const violations = policy.rules.flatMap((rule) => rule.violations);
  const answer: CheckAnswer = { ok: false, base: null, result: null, digest: null, changes: changes.map(({ change }) => change), violations };
  const report = reportLines(answer, excerptsOf(violations, changes), style).join('\n');
  return { shown: [JSON.stringify(policy), report, JSON.stringify(toSarif(answer)), JSON.stringify(annotationsOf(policy, 'ps-1')), policyPart(policy)].join('\n'), blocks: policy.block > 0 };
}

/** A piece from the random part, long enough to be nobody's by chance. */
const pieceOf = (secret: string): string => (secret.match(/[A-Za-z0-9_-]{14,}/g)?.at(-1) ?? secret).slice(-14, -2);

describe('no part of a secret is shown', () => {
  it.each(Object.entries(WRAPPINGS).map(([name, wrap], index) => [name, wrap, index] as const))('%s', (_, wrap, index) => {
    for (const { kind, secret } of kindsFor(index)) {
      const text = wrap(secret);
      const { shown, blocks } = everythingShown([added('src/a.ts', { text })]);
      expect({ kind, blocks, isShown: shown.includes(pieceOf(secret)) || shown.includes(Buffer.from(secret).toString('base64').slice(8, 28)) }).toEqual({ kind, blocks: true, isShown: false });
    }
  });

  // One line each: where other rules quote names, versions, addresses and lines.
  const PLACES: readonly (readonly [string, (secret: string) => JudgedChange])[] = [
    ['a script', (secret) => modified('package.json', { text: '{}' }, { text: JSON.stringify({ scripts: { postinstall: `curl -H "x: ${secret}" a.example` } }) })],
    ['a name of a script', (secret) => modified('package.json', { text: '{}' }, { text: JSON.stringify({ scripts: { [secret]: 'x' } }) })],
    ['a login of a dependency', (secret) => modified('package.json', { text: '{}' }, { text: JSON.stringify({ dependencies: { a: `git+https://${secret}@github.com/o/a.git` } }) })],
    ['a version', (secret) => modified('package.json', { text: '{}' }, { text: JSON.stringify({ dependencies: { a: secret } }) })],
    ['a name', (secret) => modified('package.json', { text: '{}' }, { text: JSON.stringify({ dependencies: { [secret]: '1' } }) })],
    ['a registry', (secret) => modified('.npmrc', { text: '' }, { text: `//registry.npmjs.org/:_authToken=${secret}\n` })],
    ['an index', (secret) => modified('requirements.txt', { text: 'a==1\n' }, { text: `--index-url https://u:${secret}@a.example/simple\na==1\n` })],
    ['an address', (secret) => modified('requirements.txt', { text: 'a==1\n' }, { text: `a @ https://a.example/a.whl?token=${secret}\n` })],
    ['a lockfile', (secret) => modified('package-lock.json', { text: '{"lockfileVersion":3,"packages":{}}' }, { text: JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/a': { version: '1.0.0', resolved: `https://a.example/a.tgz?token=${secret}` } } }) })],
    ['an image', (secret) => modified('Dockerfile', { text: 'FROM a\n' }, { text: `FROM a.example/${secret}\n` })],
    ['an action', (secret) => modified('.github/workflows/a.yml', { text: 'a: 1\n' }, { text: `jobs: {a: {steps: [{uses: ${JSON.stringify(`o/a@${secret}`)}}]}}\n` })],
    ['a property', (secret) => modified('gradle.properties', { text: '' }, { text: `systemProp.key=${secret}\n` })],
    ['hidden text', (secret) => added('src/a.ts', { text: `const a = "${secret}"; // \u202E\n` })],
    ['a skipped test', (secret) => added('test/a.test.ts', { text: `it.skip('${secret}', f);\n` })],
    ['a file that is no JSON', (secret) => added('package.json', { text: `{"a": ${secret}` })],
  ];
  it.each(PLACES.map(([name, place], index) => [name, place, index] as const))('in %s', (_, place, index) => {
    for (const { kind, secret } of kindsFor(index).filter((each) => !/[\s"]/.test(each.secret))) {
      const { shown } = everythingShown([place(secret)]);
      expect({ kind, isShown: shown.includes(pieceOf(secret)) }).toEqual({ kind, isShown: false });
    }
  });
});

import { expect, test } from 'vitest';
import { createHash } from 'node:crypto';
import { canonicalJson } from '../schema/canonical-json.ts';
import { redactSecrets } from '../policy/secrets/redact.ts';
import { buildContext } from './build.ts';
import { loadGrammarFromPackages } from './grammars.ts';
import { fakeObjects } from './memory-objects.fixture.ts';
import { manifestNames } from './secret-names.ts';

const TOKEN = `ghp_${'1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ'}`;
const hash = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

const contextOf = async (files: Readonly<Record<string, string>>, budgetBytes = 100_000) => {
  const objects = fakeObjects(files);
  return buildContext(
    { repos: [{ repo: 'octo/api', role: 'primary', commit: '1'.repeat(40), tree: objects.tree, objects }], query: 'the token file', budgetBytes },
    { loadGrammar: loadGrammarFromPackages, hash, loadRedact: async () => redactSecrets },
  );
};

test('a name that is a secret stands in the manifest without it, shown or cut off; what is shown stays', async () => {
  const files = { 'a.js': 'export const a = 1;\n', [`keys/${TOKEN}.txt`]: 'the token file\n', [`${TOKEN}/b.txt`]: 'x\n'.repeat(5_000) };
  const { manifest, shown, contextHash } = await contextOf(files, 200);
  expect(JSON.stringify(manifest)).not.toContain(TOKEN);
  expect(manifest.shown.map(({ path }) => path)).toContain('keys/[redacted: GitHub token].txt');
  expect(manifest.cutOff.map(({ path }) => path)).toContain('[redacted: GitHub token]/b.txt');
  expect(shown.map(({ path }) => path)).toContain(`keys/${TOKEN}.txt`);
  expect(contextHash).toBe(hash(manifest));
  expect((await contextOf(files, 200)).contextHash).toBe(contextHash);
});

test.each([
  `ghp_${'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ'}`, 'AKIAJQXMBPGJUQZLPXTA', 'AKIA2E0A8F3B244C9986', `glpat-${'aB3dE5gH7jK9mN1pQ3sT'}`, 'xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx',
  `sk-ant-api03-${'abcdEFGH1234567890'.repeat(5)}aaa-abcdefAA`, 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF123456789abcDEF123456789abc', `npm_${'aB3dE5gH7jK9mN1pQ3sTaB3dE5gH7jK9mN1p'}`, `AIza${'SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q'}`,
])('what the redactor takes for a secret is shown to it: %s', async (secret) => {
  const path = `docs/${secret}/readme.md`;
  const { text } = redactSecrets(path);
  expect(text).not.toBe(path);
  expect((await manifestNames([path], async () => redactSecrets))(path)).toBe(text);
});

test('ordinary names need no redactor', async () => {
  const load = async (): Promise<never> => Promise.reject(new Error('it was loaded'));
  const names = ['src/components/authentication-provider.test.tsx', 'docs/decisions/architecture_decision_record.md', 'AbstractSingletonProxyFactoryBean.java', '.github/workflows/ci.yml', 'LICENSE', 'très/été.md'];
  const nameOf = await manifestNames(names, load);
  expect(names.map(nameOf)).toEqual(names);
});

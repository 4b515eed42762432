import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const run = (...args: string[]) => spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { input: '{"b":1,"a":[]}', encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });

const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['a word that is no command, behind which help is asked for', ['frob', '--help'], /^error "frob" is no command of countersign\. Its commands: up, .*\n$/],
  ['the same one level down', ['ledger', 'frob', '--help'], /^error "frob" is no command of countersign ledger\. Its commands: verify, .*\n$/],
  ['an option that is none', ['status', '--dri', 'x'], /^error Unknown option '--dri'\. Did you mean --dir\? See countersign status --help\.\n$/],
];

test.each(WRONG)('%s: one sentence on stderr, exit code 2', (_, args, sentence) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(sentence);
});

test.each([['status', '--dir', '/no/\u001B[2J\u202Ex'], ['status', '--\u001B[2J\u202Ex']])('an error that quotes what was typed or found cannot move the terminal: %j', (...args) => {
  const { status, stderr } = run(...args);
  expect(status).toBe(2);
  expect(stderr).toContain('⟨U+001B⟩[2J⟨U+202E⟩x');
  expect(stderr).not.toMatch(/[\u001B\u202E]/);
});

const REFUSED: readonly (readonly [readonly string[], string])[] = [
  [['status', 'a', 'b', '--json'], 'usage'],
  [['status', '--dir', '/no/such/place', '--json'], 'not-a-repository'],
  [['ledger', 'export', 'wf-20261122-k3v9q2', '--json'], 'bad-usage'],
];

test.each(REFUSED)('%j: with --json an error is one document on stdout too', (args, code) => {
  const { status, stdout, stderr } = run(...args);
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(/\.$/) } });
  expect(stderr).toMatch(/^error .*\n$/);
});

test('ledger hash and canonical answer as JSON where it is asked for', () => {
  const sha256 = '1c8f8816506a8ccbc55140d8a7bb70214a8942c7030fc0fc2914cec675cd1c15';
  expect(JSON.parse(run('ledger', 'hash', '--json').stdout)).toEqual({ bytes: 14, sha256 });
  expect(JSON.parse(run('ledger', 'canonical', '--json').stdout)).toEqual({ canonical: '{"a":[],"b":1}', bytes: 14, sha256 });
});

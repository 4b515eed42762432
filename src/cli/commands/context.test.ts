import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { TestRepository } from '../../git/test-repository.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const cache = mkdtempSync(join(tmpdir(), 'context-cache-'));
const repository = new TestRepository();
const empty = new TestRepository();
afterAll(() => {
  repository.remove();
  empty.remove();
  rmSync(cache, { recursive: true });
});
repository.commit({
  'package.json': '{"name":"x","main":"src/index.ts","devDependencies":{"vitest":"5.1.1"}}', 'dist/x.js': 'x();\n', 'src/index.test.ts': "import './retry.ts';\n", 'src/index.ts': "export * from './retry.ts';\n", 'src/retry.ts': 'export function retryAfter(header: string) { return Number(header); }\n',
  'İstanbul.ts': 'export const I = 1;\n', 'ä.ts': 'export const a = 1;\n', link: { kind: 'symlink', content: '/etc/passwd' }, sub: { kind: 'submodule', commit: 'a'.repeat(40) },
});

function context(args: readonly string[], options: { input?: string; env?: Record<string, string> } = {}) {
  const run = spawnSync(process.execPath, [MAIN, 'context', ...args], { encoding: 'utf8', input: options.input ?? '', env: { ...process.env, NO_COLOR: '1', XDG_CACHE_HOME: cache, ...options.env } });
  return { ...run, json: (): Record<string, unknown> => JSON.parse(run.stdout) as Record<string, unknown> };
}

describe('context', () => {
  test('prints the contract, and ranks what the issue is about first', () => {
    const run = context(['--repo', repository.directory, '--query', '-', '--top', '2', '--json'], { input: 'The retryAfter header is ignored' });
    expect(run.status).toBe(0);
    const json = run.json();
    expect(json).toMatchObject({ files: 8, symbols: 3, edges: 2, languages: { TypeScript: 5, JavaScript: 1, JSON: 1 }, cutOff: [{ path: 'link', files: 1, reason: 'link' }] });
    expect(json).toMatchObject({ tests: [{ path: 'src/index.test.ts', covers: ['src/index.ts', 'src/retry.ts'] }], marks: [{ path: 'dist/x.js', marks: ['generated'] }], manifests: [{ path: 'package.json', dependencies: 1, requires: [{ name: 'vitest', requirement: '5.1.1', group: 'development' }] }] });
    expect(json['ranking']).toEqual([{ path: 'src/retry.ts', score: expect.any(Number), why: expect.stringContaining('retryafter') }, expect.anything()]);
    expect([json['commit'], json['tree'], json['contextHash']]).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/), expect.stringMatching(/^[0-9a-f]{40}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  test('the same on any machine: locale, time zone, cache or none', () => {
    const args = ['--repo', repository.directory, '--query', '-', '--json'];
    const outputs = [{}, { LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' }, { LANG: 'sv_SE.UTF-8', TZ: 'America/St_Johns' }].map((env) => context(args, { input: 'I', env }).stdout);
    outputs.push(context([...args, '--no-cache'], { input: 'I' }).stdout);
    expect(new Set(outputs).size).toBe(1);
  });

  test('people see what is there', () => {
    const { stdout, stderr } = context(['--repo', repository.directory]);
    expect(stdout).toContain('languages    TypeScript 5');
    expect(stdout).toContain('1 symlink (not followed)');
    expect(stderr).toContain('submodule: sub: not followed');
  });

  test.each([
    ['no commit at all', () => ['--repo', empty.directory], 'no commit "HEAD"'],
    ['a ref that is not there', () => ['--repo', repository.directory, '--ref', 'v9'], 'no commit "v9". Fetch it there'],
    ['no repository', () => ['--repo', cache], 'is not a git repository'],
    ['a query that is not there', () => ['--repo', repository.directory, '--query', join(cache, 'none.md')], 'cannot be read'],
    ['a wrong number', () => ['--repo', repository.directory, '--top', '0'], '--top needs a whole number'],
  ])('%s: one sentence, exit 2', (_, args, sentence) => {
    const run = context(args());
    expect([run.status, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain(sentence);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a commit without files, or without text: the sentence, and the facts with --json', () => {
    empty.commit({});
    const none = context(['--repo', empty.directory, '--json']);
    expect([none.status, none.stderr.trim()]).toEqual([2, 'The commit has no files: there is nothing to read. Commit some there, or give another --ref.']);
    expect(none.json()).toMatchObject({ files: 0, error: { code: 'no-files' } });
    empty.commit({ 'a.png': Uint8Array.of(1, 0, 2) });
    const binary = context(['--repo', empty.directory, '--json']);
    expect(binary.status).toBe(2);
    expect(binary.json()).toMatchObject({ files: 1, cutOff: [{ path: 'a.png', reason: 'binary' }], error: { code: 'no-text' } });
  });
});

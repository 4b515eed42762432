import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestRepository } from '../../git/test-repository.ts';
import { hashCanonical } from '../../ledger/canonical-json.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const repository = new TestRepository();
const directory = mkdtempSync(join(tmpdir(), 'countersign-test-'));
let base: { commit: string; tree: string };
let good: { commit: string; tree: string };
let blocked: { commit: string; tree: string };

beforeAll(() => {
  base = repository.commit({ 'src/a.js': 'one\ntwo\nthree\n', 'README.md': '# x\n' });
  blocked = repository.commit({ '.github/workflows/ci.yml': 'on: push\n' });
  repository.git(['reset', '--quiet', '--hard', base.commit]);
  good = repository.commit({ 'src/a.js': 'one\n2\nthree\n' });
  writeFileSync(join(directory, 'good.diff'), repository.diff(base.tree, good.tree));
  writeFileSync(join(directory, 'blocked.diff'), repository.diff(base.tree, blocked.tree));
  writeFileSync(join(directory, 'off.yml'), 'policy: off\n');
});
afterAll(() => {
  repository.remove();
  rmSync(directory, { recursive: true });
});

function run(args: readonly string[], input = ''): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [MAIN, 'patch', ...args], { cwd: directory, input, encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}
const check = (patch: string, ...more: string[]) => run(['check', '--repo', repository.directory, '--base', base.commit, '--patch', patch, ...more]);

describe('patch check', () => {
  it('answers a good patch with 0 and the digest of base, result and changes', () => {
    const { code, out } = check('good.diff', '--json');
    const answer = JSON.parse(out) as Record<string, unknown>;
    const expected = { base, result: { tree: good.tree }, changes: [{ path: 'src/a.js', op: 'modify', oldMode: '100644', newMode: '100644', oldBlob: expect.any(String), newBlob: expect.any(String) }] };
    expect(answer).toMatchObject({ ok: true, ...expected, violations: [] });
    expect(answer['digest']).toBe(hashCanonical({ base: answer['base'], result: answer['result'], changes: answer['changes'] }));
    expect(code).toBe(0);
  });
  it('answers a blocked patch with 1 and the rule, unless policy is off', () => {
    const { code, out } = check('blocked.diff', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([1, { ok: false, result: { tree: blocked.tree }, violations: [{ severity: 'BLOCK', path: '.github/workflows/ci.yml' }] }]);
    expect(check('blocked.diff', '--config', 'off.yml')).toMatchObject({ code: 0 });
  });
  it('holds a patch to the scope', () => {
    expect(check('good.diff', '--scope', 'src/**')).toMatchObject({ code: 0 });
    expect(check('good.diff', '--scope', 'docs/**', '--json')).toMatchObject({ code: 1 });
  });
  it('answers what does not apply with 2 and the reason, also on standard input', () => {
    const { code, out } = run(['check', '--repo', repository.directory, '--base', good.commit, '--patch', '-', '--json'], String(repository.diff(base.tree, good.tree)));
    expect([code, JSON.parse(out)]).toMatchObject([2, { ok: false, error: { code: 'index-mismatch' } }]);
    expect(check('good.diff', '--format', 'edits', '--json')).toMatchObject({ code: 2, out: expect.stringContaining('no-edits') });
  });
  it('takes edit blocks', () => {
    const { code, out } = run(['check', '--repo', '.', '--base', 'main~1', '--patch', '-', '--format', 'edits', '--json'].map((arg) => (arg === '.' ? repository.directory : arg)), '```search/replace path=src/a.js\n<<<<<<< SEARCH\ntwo\n=======\n2\n>>>>>>> REPLACE\n```\n');
    expect([code, JSON.parse(out)]).toMatchObject([0, { result: { tree: good.tree } }]);
  });
  it('says wrong usage and wrong input in one sentence, without a stack trace', () => {
    for (const args of [['check'], ['check', '--repo', directory, '--base', base.commit, '--patch', 'good.diff'], ['check', '--repo', repository.directory, '--base', 'none', '--patch', 'good.diff'], ['check', '--repo', repository.directory, '--base', base.commit, '--patch', 'none.diff'], ['check', '--format', 'odd']]) {
      const { code, out, err } = run(args);
      expect([code, out]).toEqual([2, '']);
      expect(err).not.toMatch(/\n\s+at /u);
    }
  });
  it('answers a batch line by line, in order, and goes on after a bad one', () => {
    const line = (patch: string, config?: unknown): string => JSON.stringify({ repo: repository.directory, base: base.commit, patch, config });
    const text = String(repository.diff(base.tree, good.tree));
    const { code, out } = run(['check', '--batch', '-', '--json'], [line('good.diff'), 'garbage', line(text, { policy: 'off' }), line('blocked.diff'), line(''), line('blocked.diff', 'off.yml')].join('\n'));
    const answers = out.trim().split('\n').map((answer) => JSON.parse(answer) as { ok: boolean; error?: { code: string } });
    expect(answers.map(({ ok, error }) => error?.code ?? ok)).toEqual([true, 'bad-batch-line', true, false, 'empty-patch', true]);
    expect(code).toBe(0);
  });
});

it('patch diff prints git’s canonical diff byte for byte', () => {
  const { code, out } = run(['diff', '--repo', repository.directory, base.commit, good.tree]);
  expect([code, out]).toEqual([0, String(repository.diff(base.tree, good.tree))]);
  expect(run(['diff', '--repo', repository.directory, base.commit, 'none'])).toMatchObject({ code: 2, out: '' });
});

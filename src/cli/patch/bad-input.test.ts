import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitEnvironment } from '../../git/git-process.ts';
import { TestRepository } from '../../git/test-repository.ts';
import { CheckSession } from './check-session.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const repository = new TestRepository();
const directory = mkdtempSync(join(tmpdir(), 'countersign-test-'));
const at = (name: string): string => join(directory, name);
const git = (cwd: string, ...args: string[]): string => execFileSync('git', args, { cwd, env: { ...gitEnvironment({ protocols: ['file'] }), GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org' }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
let base: { commit: string; tree: string };
let next: { commit: string; tree: string };
let patch: Buffer;

beforeAll(() => {
  base = repository.commit({ 'a.txt': 'one\ntwo\n', 'b.txt': 'b\n' });
  next = repository.commit({ 'a.txt': 'one\n2\n' });
  patch = repository.diff(base.tree, next.tree);
  writeFileSync(at('good.diff'), patch);
});
afterAll(() => {
  repository.remove();
  rmSync(directory, { recursive: true });
});

/** Every name, kind, mode, time and byte below a directory, as one hash. */
function hashOf(root: string): string {
  const hash = createHash('sha256');
  const walk = (path: string): void => {
    const { mode, mtimeMs, size } = lstatSync(path);
    const isLink = (mode & 0o170000) === 0o120000;
    const isDirectory = (mode & 0o170000) === 0o040000;
    hash.update(JSON.stringify([path, mode, mtimeMs, isDirectory ? null : size, isLink ? readlinkSync(path) : null]));
    if (isDirectory) for (const name of readdirSync(path).toSorted()) walk(join(path, name));
    else if (!isLink) hash.update(readFileSync(path));
  };
  walk(root);
  return hash.digest('hex');
}

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function check(repo: string, given: { base?: string; patch?: string; config?: string; json?: boolean; input?: string } = {}): Run {
  const args = ['patch', 'check', '--repo', repo, '--base', given.base ?? base.commit, '--patch', given.patch ?? at('good.diff'), ...(given.config === undefined ? [] : ['--config', given.config]), ...(given.json === true ? ['--json'] : [])];
  const done = spawnSync(process.execPath, [MAIN, ...args], { cwd: directory, input: given.input ?? '', encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** Exit code 2, the code and a sentence in the JSON, no stack trace, and the repository as it was. */
function expectRefusal(repo: string, given: Parameters<typeof check>[1], code: string): void {
  const before = existsSync(repo) ? hashOf(repo) : null;
  const { code: exitCode, out, err } = check(repo, { ...given, json: true });
  if (before !== null) expect(hashOf(repo)).toBe(before);
  expect([exitCode, err]).toEqual([2, '']);
  expect(JSON.parse(out)).toMatchObject({ ok: false, result: null, error: { code, message: expect.stringMatching(/^[A-Z"'/][^\u0000-\u001f]{20,}$/su) } });
}

describe('bad input is one sentence and exit code 2, and the repository stays as it is', () => {
  it('a sentence for people, without a stack trace', () => {
    for (const given of [{ base: '1'.repeat(40) }, { patch: at('none.diff') }, { patch: '-', input: 'x\n' }]) {
      const { code, out, err } = check(repository.directory, given);
      expect(code).toBe(2);
      expect(out + err).toMatch(/^(?:error|Does not apply)[^]{20,}\.\s*$/u);
      expect(out + err).not.toMatch(/\n\s+at |Something failed/u);
    }
  });

  it('a base commit that is not there, or is something else', () => {
    expectRefusal(repository.directory, { base: '1'.repeat(40) }, 'missing-commit');
    expectRefusal(repository.directory, { base: 'no-such-branch' }, 'missing-commit');
    expectRefusal(repository.directory, { base: base.tree }, 'wrong-object-type');
    expectRefusal(repository.directory, { base: '--help' }, 'missing-commit');
  });

  it('a patch that is none, is empty, changes nothing, or is not there', () => {
    writeFileSync(at('empty.diff'), '');
    writeFileSync(at('prose.diff'), 'Dear all,\n\nplease change a.txt.\n');
    writeFileSync(at('binary.diff'), Uint8Array.from({ length: 300 }, (_, index) => index % 256));
    writeFileSync(at('nothing.diff'), 'diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+two\n');
    expectRefusal(repository.directory, { patch: at('empty.diff') }, 'empty-patch');
    expectRefusal(repository.directory, { patch: at('prose.diff') }, 'stray-text');
    expectRefusal(repository.directory, { patch: at('binary.diff') }, 'truncated');
    expectRefusal(repository.directory, { patch: at('nothing.diff') }, 'no-change');
    expectRefusal(repository.directory, { patch: at('none.diff') }, 'unreadable-file');
    expectRefusal(repository.directory, { patch: directory }, 'unreadable-file');
    expectRefusal(repository.directory, { patch: '-', input: '' }, 'empty-patch');
  });

  it('a configuration that is not there, is no YAML or says nonsense', () => {
    writeFileSync(at('bad.yml'), 'policy: [\n');
    writeFileSync(at('nonsense.yml'), 'policy: perhaps\n');
    expectRefusal(repository.directory, { config: at('none.yml') }, 'unreadable-file');
    expectRefusal(repository.directory, { config: at('bad.yml') }, 'bad-config');
    expectRefusal(repository.directory, { config: at('nonsense.yml') }, 'bad-config');
    expectRefusal(repository.directory, { config: directory }, 'unreadable-file');
  });

  it('a repository that is none, or has SHA-256 names', () => {
    mkdirSync(at('plain'));
    git(directory, 'init', '--quiet', '--object-format=sha256', 'long');
    expectRefusal(at('plain'), {}, 'not-a-repository');
    expectRefusal(at('nowhere'), {}, 'not-a-repository');
    expectRefusal(at('long'), {}, 'sha256-repository');
  });

  it('a shallow repository without the base', () => {
    git(directory, 'clone', '--quiet', '--depth=1', `file://${repository.directory}`, 'shallow');
    expectRefusal(at('shallow'), {}, 'missing-commit');
  });

  it('a repository with an object missing or damaged', () => {
    cpSync(repository.directory, at('missing'), { recursive: true });
    const blob = repository.line(['rev-parse', `${base.commit}:a.txt`]);
    const path = at(`missing/.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
    rmSync(path);
    expectRefusal(at('missing'), {}, 'missing-blob');
    cpSync(repository.directory, at('untreed'), { recursive: true });
    rmSync(at(`untreed/.git/objects/${base.tree.slice(0, 2)}/${base.tree.slice(2)}`));
    expectRefusal(at('untreed'), {}, 'missing-tree');
  });

  it('a partial clone: nothing is fetched', () => {
    repository.git(['config', 'uploadpack.allowFilter', 'true']);
    git(directory, 'clone', '--quiet', '--no-checkout', '--filter=blob:none', `file://${repository.directory}`, 'partial');
    const alarm = at('alarm');
    writeFileSync(at('upload-pack'), `#!/bin/sh\ntouch ${alarm}\nexec git-upload-pack "$@"\n`);
    chmodSync(at('upload-pack'), 0o755);
    git(at('partial'), 'config', 'remote.origin.uploadpack', at('upload-pack'));
    expectRefusal(at('partial'), {}, 'missing-blob');
    expectRefusal(at('partial'), { base: 'HEAD~1' }, 'missing-blob');
    expect(existsSync(alarm)).toBe(false);
  });
});

describe('every kind of repository gives the same answer and stays as it is', () => {
  it('bare, linked work tree, alternates, packed, with hostile configuration', () => {
    git(directory, 'clone', '--quiet', '--bare', repository.directory, 'bare.git');
    git(directory, 'clone', '--quiet', '--shared', repository.directory, 'shared');
    git(at('bare.git'), 'worktree', 'add', '--quiet', at('linked'), base.commit);
    git(directory, 'clone', '--quiet', repository.directory, 'packed');
    git(at('packed'), 'repack', '-adq');
    const alarm = at('config-alarm');
    appendFileSync(at('packed/.git/config'), `[core]\n\tfsmonitor = "touch ${alarm}"\n\tsshCommand = "touch ${alarm}"\n[diff]\n\texternal = "touch ${alarm}"\n\tnoprefix = true\n[apply]\n\twhitespace = error-all\n[core]\n\tautocrlf = true\n[filter "x"]\n\tclean = "touch ${alarm}"\n`);
    writeFileSync(at('packed/.git/info/attributes'), '* filter=x text eol=crlf diff=x\n');
    for (const name of ['bare.git', 'shared', 'linked', 'packed', 'packed/.git']) {
      const before = hashOf(at(name));
      const { code, out } = check(at(name), { json: true });
      expect([name, code, JSON.parse(out)]).toMatchObject([name, 0, { ok: true, result: { tree: next.tree } }]);
      const diff = spawnSync(process.execPath, [MAIN, 'patch', 'diff', '--repo', at(name), base.commit, next.commit], { encoding: 'utf8' });
      expect([name, diff.stdout]).toEqual([name, patch.toString()]);
      expect([name, hashOf(at(name))]).toEqual([name, before]);
    }
    expect(existsSync(alarm)).toBe(false);
  });

  it('a batch goes on after each of them', async () => {
    const session = new CheckSession('2026-01-01');
    try {
      const request = { base: base.commit, patch, format: 'diff', config: null, scope: null } as const;
      await expect(session.check({ ...request, repo: at('nowhere') })).rejects.toMatchObject({ code: 'not-a-repository' });
      expect(await session.check({ ...request, repo: repository.directory, patch: Buffer.from('x\n') })).toMatchObject({ error: { code: 'stray-text' } });
      expect(await session.check({ ...request, repo: repository.directory })).toMatchObject({ result: { tree: next.tree } });
    } finally {
      await session.close();
    }
  });
});

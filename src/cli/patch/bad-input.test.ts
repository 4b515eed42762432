import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitEnvironment } from '../../git/git-process.ts';
import { openScratchStore } from '../../git/scratch-store.ts';
import { TestRepository } from '../../git/test-repository.ts';
import { CheckSession } from './check-session.ts';
import { answerCheck } from './run-check.ts';
import { runDiff } from './run-diff.ts';

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

const SENTENCE = /^[A-Z"'/][^\u0000-\u001f]{20,}$/su;

/** The code and a sentence in the answer, and the repository as it was. What an answer with an error exits with, is shown once below. */
async function expectRefusal(repo: string, given: { base?: string; patch?: string; config?: string }, code: string): Promise<void> {
  const before = existsSync(repo) ? hashOf(repo) : null;
  const answer = await answerCheck({ repo, base: base.commit, patch: at('good.diff'), ...given, format: 'diff', scope: [], json: true });
  if (before !== null) expect(hashOf(repo)).toBe(before);
  expect(answer).toMatchObject({ ok: false, result: null, error: { code, message: expect.stringMatching(SENTENCE) } });
}

describe('bad input is one sentence and exit code 2, and the repository stays as it is', async () => {
  it('as one JSON document too', () => {
    const before = hashOf(repository.directory);
    const { code, out, err } = check(repository.directory, { base: '1'.repeat(40), json: true });
    expect([code, err, hashOf(repository.directory)]).toEqual([2, '', before]);
    expect(JSON.parse(out)).toMatchObject({ ok: false, result: null, error: { code: 'missing-commit', message: expect.stringMatching(SENTENCE) } });
    expect(check(repository.directory, { patch: '-', input: '', json: true })).toMatchObject({ code: 2, out: expect.stringContaining('empty-patch') });
  });

  it('a sentence for people, without a stack trace', () => {
    for (const given of [{ base: '1'.repeat(40) }, { patch: at('none.diff') }, { patch: '-', input: 'x\n' }]) {
      const { code, out, err } = check(repository.directory, given);
      expect(code).toBe(2);
      expect(out + err).toMatch(/^(?:error|Does not apply)[^]{20,}\.\s*$/u);
      expect(out + err).not.toMatch(/\n\s+at |Something failed/u);
    }
  });

  it('a base commit that is not there, or is something else', async () => {
    await expectRefusal(repository.directory, { base: '1'.repeat(40) }, 'missing-commit');
    await expectRefusal(repository.directory, { base: 'no-such-branch' }, 'missing-commit');
    await expectRefusal(repository.directory, { base: base.tree }, 'wrong-object-type');
    await expectRefusal(repository.directory, { base: '--help' }, 'missing-commit');
  });

  it('a patch that is none, is empty, changes nothing, or is not there', async () => {
    writeFileSync(at('empty.diff'), '');
    writeFileSync(at('prose.diff'), 'Dear all,\n\nplease change a.txt.\n');
    writeFileSync(at('binary.diff'), Uint8Array.from({ length: 300 }, (_, index) => index % 256));
    writeFileSync(at('nothing.diff'), 'diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+two\n');
    await expectRefusal(repository.directory, { patch: at('empty.diff') }, 'empty-patch');
    await expectRefusal(repository.directory, { patch: at('prose.diff') }, 'stray-text');
    await expectRefusal(repository.directory, { patch: at('binary.diff') }, 'truncated');
    await expectRefusal(repository.directory, { patch: at('nothing.diff') }, 'no-change');
    await expectRefusal(repository.directory, { patch: at('none.diff') }, 'unreadable-file');
    await expectRefusal(repository.directory, { patch: directory }, 'unreadable-file');
  });

  it('a configuration that is not there, is no YAML or says nonsense', async () => {
    writeFileSync(at('bad.yml'), 'policy: [\n');
    writeFileSync(at('nonsense.yml'), 'policy: perhaps\n');
    await expectRefusal(repository.directory, { config: at('none.yml') }, 'unreadable-file');
    await expectRefusal(repository.directory, { config: at('bad.yml') }, 'bad-config');
    await expectRefusal(repository.directory, { config: at('nonsense.yml') }, 'bad-config');
    await expectRefusal(repository.directory, { config: directory }, 'unreadable-file');
  });

  it('a repository that is none, or has SHA-256 names', async () => {
    mkdirSync(at('plain'));
    git(directory, 'init', '--quiet', '--object-format=sha256', 'long');
    await expectRefusal(at('plain'), {}, 'not-a-repository');
    await expectRefusal(at('nowhere'), {}, 'not-a-repository');
    await expectRefusal(at('long'), {}, 'sha256-repository');
  });

  it('a shallow repository without the base', async () => {
    git(directory, 'clone', '--quiet', '--depth=1', `file://${repository.directory}`, 'shallow');
    await expectRefusal(at('shallow'), {}, 'missing-commit');
  });

  it('a repository with an object missing or damaged', async () => {
    cpSync(repository.directory, at('missing'), { recursive: true });
    const blob = repository.line(['rev-parse', `${base.commit}:a.txt`]);
    const path = at(`missing/.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
    rmSync(path);
    await expectRefusal(at('missing'), {}, 'missing-blob');
    cpSync(repository.directory, at('untreed'), { recursive: true });
    rmSync(at(`untreed/.git/objects/${base.tree.slice(0, 2)}/${base.tree.slice(2)}`));
    await expectRefusal(at('untreed'), {}, 'missing-tree');
  });

  it('an object that is damaged, in every way, also for patch diff', async () => {
    const id = repository.line(['rev-parse', `${base.commit}:a.txt`]);
    const other = repository.line(['rev-parse', `${base.commit}:b.txt`]);
    const pathOf = (oid: string): string => `.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`;
    const whole = readFileSync(join(repository.directory, pathOf(id)));
    const damages = { garbage: [Buffer.from('garbage'), 'missing-blob'], cut: [whole.subarray(0, 12), 'corrupt-object'], empty: [Buffer.alloc(0), 'missing-blob'], another: [readFileSync(join(repository.directory, pathOf(other))), 'corrupt-object'] } as const;
    for (const [name, [bytes, code]] of Object.entries(damages)) {
      cpSync(repository.directory, at(name), { recursive: true });
      rmSync(join(at(name), pathOf(id)));
      writeFileSync(join(at(name), pathOf(id)), bytes);
      await expectRefusal(at(name), {}, code);
      const before = hashOf(at(name));
      if (name !== 'another') await expect(runDiff({ repo: at(name), base: base.commit, result: next.commit })).rejects.toMatchObject({ kind: 'input', code: 'unreadable-object' });
      expect(hashOf(at(name))).toBe(before);
    }
  });

  it('a partial clone: nothing is fetched', async () => {
    repository.git(['config', 'uploadpack.allowFilter', 'true']);
    git(directory, 'clone', '--quiet', '--no-checkout', '--filter=blob:none', `file://${repository.directory}`, 'partial');
    const alarm = at('alarm');
    writeFileSync(at('upload-pack'), `#!/bin/sh\ntouch ${alarm}\nexec git-upload-pack "$@"\n`);
    chmodSync(at('upload-pack'), 0o755);
    git(at('partial'), 'config', 'remote.origin.uploadpack', at('upload-pack'));
    await expectRefusal(at('partial'), {}, 'missing-blob');
    await expectRefusal(at('partial'), { base: 'HEAD~1' }, 'missing-blob');
    const before = hashOf(at('partial'));
    await expect(runDiff({ repo: at('partial'), base: base.commit, result: next.commit })).rejects.toMatchObject({ kind: 'input', code: 'unreadable-object' });
    expect(hashOf(at('partial'))).toBe(before);
    expect(existsSync(alarm)).toBe(false);
  });
});

describe('every kind of repository gives the same answer and stays as it is', () => {
  it('bare, linked work tree, alternates, packed, with hostile configuration', async () => {
    git(directory, 'clone', '--quiet', '--bare', repository.directory, 'bare.git');
    git(directory, 'clone', '--quiet', '--shared', repository.directory, 'shared');
    git(directory, 'clone', '--quiet', '--shared', at('shared'), 'chained');
    git(at('bare.git'), 'worktree', 'add', '--quiet', at('linked'), base.commit);
    git(directory, 'clone', '--quiet', repository.directory, 'packed');
    git(at('packed'), 'repack', '-adq');
    cpSync(repository.directory, at('a "b"\\\n#c'), { recursive: true });
    const alarm = at('config-alarm');
    appendFileSync(at('packed/.git/config'), `[core]\n\tfsmonitor = "touch ${alarm}"\n\tsshCommand = "touch ${alarm}"\n[diff]\n\texternal = "touch ${alarm}"\n\tnoprefix = true\n[apply]\n\twhitespace = error-all\n[core]\n\tautocrlf = true\n[filter "x"]\n\tclean = "touch ${alarm}"\n`);
    writeFileSync(at('packed/.git/info/attributes'), '* filter=x text eol=crlf diff=x\n');
    for (const name of ['bare.git', 'shared', 'chained', 'linked', 'packed', 'packed/.git', 'a "b"\\\n#c']) {
      const before = hashOf(at(name));
      const answer = await answerCheck({ repo: at(name), base: base.commit, patch: at('good.diff'), format: 'diff', scope: [] });
      expect([name, answer]).toMatchObject([name, { ok: true, result: { tree: next.tree } }]);
      const store = await openScratchStore({ gitDir: at(name) });
      expect([name, Buffer.from(await store.diffTrees(base.tree, next.tree)).toString()]).toEqual([name, patch.toString()]);
      await store.close();
      expect([name, hashOf(at(name))]).toEqual([name, before]);
    }
    const diff = spawnSync(process.execPath, [MAIN, 'patch', 'diff', '--repo', at('packed'), base.commit, next.commit], { encoding: 'utf8' });
    expect(diff.stdout).toBe(patch.toString());
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

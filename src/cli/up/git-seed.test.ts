import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { gitEnvironment } from '../../git/git-process.ts';
import { copyBranch, inspectSource } from './git-seed.ts';

const root = mkdtempSync(join(tmpdir(), 'countersign-source-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const git = (cwd: string, ...args: string[]): string => execFileSync('git', args, { cwd, encoding: 'utf8', env: gitEnvironment({ config: { 'user.name': 'n', 'user.email': 'e@e', 'safe.directory': '*' } }) }).trim();

const source = join(root, 'source');
git(root, 'init', '-q', '-b', 'main', source);
git(source, 'commit', '-q', '--allow-empty', '-m', 'first');
const copyOf = (name: string): string => {
  cpSync(source, join(root, name), { recursive: true });
  return join(root, name);
};
const bare = (name: string): string => {
  git(root, 'init', '-q', '--bare', name);
  return join(root, name);
};

// Only root can give a folder away.
const IS_ROOT = process.getuid?.() === 0;
if (!IS_ROOT) process.stderr.write('SKIPPED: a repository of another owner, because only root can make one.\n');
test.runIf(IS_ROOT)('a repository of another owner is copied, as on a mounted volume', async () => {
  const theirs = copyOf('theirs');
  for (const name of ['', ...readdirSync(theirs, { recursive: true, encoding: 'utf8' })]) chownSync(join(theirs, name), 65_534, 65_534);
  const into = bare('of-theirs.git');
  await copyBranch(await inspectSource(theirs), into);
  expect(git(into, 'rev-parse', 'main')).toBe(git(source, 'rev-parse', 'main'));
});

test('no hook, setting or transport of the source runs', async () => {
  const hostile = copyOf('hostile');
  const ran = join(root, 'ran');
  const hook = join(hostile, '.git', 'hooks', 'post-upload-pack');
  writeFileSync(hook, `#!/bin/sh\ntouch ${ran}\n`);
  chmodSync(hook, 0o755);
  const touch = `touch ${ran}`;
  for (const key of ['uploadpack.packObjectsHook', 'core.fsmonitor', 'core.alternateRefsCommand', 'core.sshCommand', 'core.pager', 'alias.upload-pack', 'alias.rev-parse']) git(hostile, 'config', key, key.startsWith('alias') ? `!${touch}` : touch);
  git(hostile, 'config', 'remote.origin.url', `ext::sh -c ${touch}`);
  git(hostile, 'config', 'remote.origin.promisor', 'true');
  git(hostile, 'config', 'protocol.ext.allow', 'always');
  await copyBranch(await inspectSource(hostile), bare('of-hostile.git'));
  expect(existsSync(ran)).toBe(false);
});

test('a branch whose commit is missing, or that stands in a reftable, is named', async () => {
  const damaged = copyOf('damaged');
  writeFileSync(join(damaged, '.git', 'refs', 'heads', 'main'), `${'1'.repeat(40)}\n`);
  await expect(inspectSource(damaged)).rejects.toMatchObject({ code: 'damaged-branch', message: expect.stringContaining('1'.repeat(40)) });
  const table = copyOf('table');
  writeFileSync(join(table, '.git', 'HEAD'), 'ref: refs/heads/.invalid\n');
  await expect(inspectSource(table)).rejects.toMatchObject({ code: 'reftable-repository' });
});

test('of a partial clone the newest commit is copied; without that it is refused with a sentence', async () => {
  const partial = copyOf('partial');
  const lose = (id: string): void => rmSync(join(partial, '.git', 'objects', id.slice(0, 2), id.slice(2)));
  const commit = (text: string): string => {
    writeFileSync(join(partial, 'a.txt'), text);
    git(partial, 'add', '-A');
    git(partial, 'commit', '-q', '-m', text);
    return git(partial, 'rev-parse', 'HEAD:a.txt');
  };
  const [old, current] = [commit('old'), commit('new')];
  lose(old);
  const into = bare('of-partial.git');
  await copyBranch(await inspectSource(partial), into);
  expect(git(into, 'show', 'main:a.txt')).toBe('new');
  lose(current);
  await expect(copyBranch(await inspectSource(partial), bare('of-damaged.git'))).rejects.toMatchObject({ code: 'incomplete-repository', kind: 'input' });
});

import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openRefsView } from './refs-view.ts';
import { locateRepository } from './locate-repository.ts';
import { resolveCommit } from './resolve-commit.ts';
import { TestRepository } from './test-repository.ts';

const repository = new TestRepository();
afterAll(() => repository.remove());
const first = repository.commit({ a: '1' });
const second = repository.commit({ a: '2' });
repository.git(['tag', '-a', '-m', 'x', 'v1', first.commit]);
const gitDir = join(repository.directory, '.git');

test('branches, tags, short ids, ancestors, packed and loose', async () => {
  const names = ['HEAD', 'main', 'refs/heads/main', 'v1', second.commit.slice(0, 10), 'HEAD~1', 'HEAD@{1}'];
  const expected = [second, second, second, first, second, first, first].map(({ commit }) => commit);
  repository.git(['reflog', 'expire', '--expire=never', '--all']);
  expect(await Promise.all(names.map(async (name) => resolveCommit(repository.directory, name)))).toEqual(expected);
  repository.git(['pack-refs', '--all']);
  expect(await Promise.all(names.map(async (name) => resolveCommit(repository.directory, name)))).toEqual(expected);
});

test.each([
  ['a configuration that includes what is none', '[include]\n\tpath = /etc/passwd\n'],
  ['a configuration that is broken', '[core\n'],
  ['a format that git does not know', '[core]\n\trepositoryformatversion = 99\n'],
  ['a work tree and a command elsewhere', '[core]\n\tworktree = /etc\n\tfsmonitor = touch PWNED\n[alias]\n\trev-parse = !touch PWNED\n'],
])('%s: it is not opened', async (_, config) => {
  writeFileSync(join(gitDir, 'config'), config);
  expect(await resolveCommit(repository.directory, 'main')).toBe(second.commit);
  expect(existsSync(join(repository.directory, 'PWNED'))).toBe(false);
});

test('a HEAD that leads elsewhere is none; replacements and grafts change nothing; the view is gone afterwards', async () => {
  mkdirSync(join(gitDir, 'info'), { recursive: true });
  writeFileSync(join(gitDir, 'info', 'grafts'), `${second.commit}\n`);
  expect(await resolveCommit(repository.directory, 'main~1')).toBe(first.commit);
  const view = await openRefsView(await locateRepository(repository.directory));
  await view?.remove();
  expect([existsSync(view?.directory ?? ''), existsSync(join(gitDir, 'refs'))]).toEqual([false, true]);
  rmSync(join(gitDir, 'HEAD'));
  symlinkSync('/etc/passwd', join(gitDir, 'HEAD'));
  await expect(resolveCommit(repository.directory, 'main')).rejects.toMatchObject({ code: 'missing-commit' });
});

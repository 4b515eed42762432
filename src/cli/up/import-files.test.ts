import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runGit } from '../../git/git-process.ts';
import { importFiles } from './import-files.ts';

let dir = '';
let gitDir = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'countersign-import-'));
  gitDir = join(dir, 'r.git');
  await runGit({ args: ['init', '-q', '--bare', '--template=', gitDir], cwd: dir });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const git = async (...args: readonly string[]): Promise<string> => (await runGit({ args: [`--git-dir=${gitDir}`, ...args], cwd: gitDir })).stdout.toString('utf8').trim();

test('a folder becomes a commit, with its modes, odd names and texts of its own, and without what stays out', async () => {
  const folder = join(dir, 'work');
  for (const name of ['in/node_modules/x', 'in/test', 'other']) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'in', 'a "quoted" \\ name'), Buffer.from([0, 10, 255]));
  await writeFile(join(folder, 'in', 'run.sh'), 'echo\n');
  await chmod(join(folder, 'in', 'run.sh'), 0o755);
  await symlink('run.sh', join(folder, 'in', 'link'));
  for (const name of ['in/node_modules/x/index.js', 'in/test/a.ts', 'other/b']) await writeFile(join(folder, name), '');
  const commit = await importFiles(gitDir, folder, { branch: 'main', message: 'As it stands', at: '2026-11-22T10:00:00Z', names: ['in'], isLeftOut: (path) => path === 'in/test', texts: { 'own.yml': 'a: 1\n' } });
  expect(await git('rev-parse', 'refs/heads/main')).toBe(commit);
  expect((await git('-c', 'core.quotePath=false', 'ls-tree', '-r', '-z', 'main')).split('\0').map((line) => line.replace(/ [0-9a-f]{40}/, ''))).toEqual([
    '100644 blob\tin/a "quoted" \\ name',
    '120000 blob\tin/link',
    '100755 blob\tin/run.sh',
    '100644 blob\town.yml',
    '',
  ]);
  expect((await runGit({ args: [`--git-dir=${gitDir}`, 'cat-file', 'blob', 'main:in/a "quoted" \\ name'], cwd: gitDir })).stdout).toEqual(Buffer.from([0, 10, 255]));
  expect(await git('log', '--format=%an %ct %B', 'main')).toBe('octocat 1795341600 As it stands');
});

test('what git refuses is said in a sentence', async () => {
  await expect(importFiles(dir, dir, { branch: 'main', message: 'x', at: '2026-11-22T10:00:00Z', names: [] })).rejects.toMatchObject({ kind: 'outside' });
});

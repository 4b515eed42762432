import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { TestRepository } from '../../git/test-repository.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const [api, web] = [new TestRepository(), new TestRepository()];
afterAll(() => [api, web].forEach((each) => each.remove()));
api.commit({ 'package.json': '{\n  "name": "@octo/api",\n  "main": "src/index.js"\n}\n' });
api.git(['tag', 'before']);
api.commit({ 'src/index.js': "const app = express();\napp.get('/users/:id', show);\nexport function createUser() {}\n", 'order.proto': 'syntax = "proto3";\nmessage OrderPlaced { string id = 1; }\n' });
web.commit({ 'package.json': '{\n  "name": "web",\n  "dependencies": {\n    "@octo/api": "^1.0.0"\n  }\n}\n', 'src/a.ts': "import { createUser } from '@octo/api';\nfetch(`${base}/users/${id}`);\n\nfetch('/users/7');\nconst placed = new OrderPlaced();\n" });
const nameOf = (repository: TestRepository): string => repository.directory.split('/').at(-1) ?? '';

interface Document {
  readonly repos: readonly Record<string, unknown>[];
  readonly across: readonly { readonly kind: string; readonly name: string; readonly provider: Record<string, unknown>; readonly user: Record<string, unknown> }[];
  readonly error?: { readonly code: string };
}

function context(...args: readonly string[]) {
  const run = spawnSync(process.execPath, [MAIN, 'context', ...args, '--no-cache'], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  return { ...run, json: (): Document => JSON.parse(run.stdout) as Document };
}

describe('context of several repositories', () => {
  test('each is what it is alone, and every link across says who provides it and who uses it where', () => {
    const { repos, across } = context('--repo', api.directory, '--repo', web.directory, '--json').json();
    for (const [index, each] of [api, web].entries()) expect(repos[index]).toEqual({ name: nameOf(each), ...(context('--repo', each.directory, '--json').json() as unknown as Record<string, unknown>) });
    expect(across.map(({ kind, name, provider, user }) => [kind, name, provider['repo'], `${String(provider['path'])}:${String(provider['line'])}`, user['repo'], `${String(user['path'])}:${String(user['line'])}`])).toEqual([
      ['name', 'createUser', nameOf(api), 'src/index.js:3', nameOf(web), 'src/a.ts:1'],
      ['package', '@octo/api', nameOf(api), 'package.json:2', nameOf(web), 'package.json:4'],
      ['route', 'GET /users/{}', nameOf(api), 'src/index.js:2', nameOf(web), 'src/a.ts:2'],
      ['schema', 'OrderPlaced', nameOf(api), 'order.proto:2', nameOf(web), 'src/a.ts:5'],
    ]);
  });

  test('people read the same', () => {
    const { stdout } = context('--repo', api.directory, '--repo', web.directory);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`${nameOf(web)} uses ${nameOf(api)}: 1 package · 1 HTTP route · 1 schema`);
    expect(stdout).toContain(`used at ${nameOf(web)}:src/a.ts:2`);
  });

  test('a ref for each, in their order; one repository at two commits has two names', () => {
    const args = ['--repo', api.directory, '--repo', api.directory, '--ref', 'before', '--ref', 'HEAD', '--json'];
    expect(context(...args).json().repos.map(({ name, files }) => [name, files])).toEqual([[`${nameOf(api)}@before`, 1], [`${nameOf(api)}@HEAD`, 3]]);
  });

  test.each([
    ['one ref for two', () => ['--repo', api.directory, '--repo', web.directory, '--ref', 'HEAD'], '--ref is given once for 2 repositories'],
    ['one repository twice', () => ['--repo', api.directory, '--repo', api.directory], 'is given twice'],
    ['one that is none', () => ['--repo', api.directory, '--repo', join(api.directory, 'src')], 'is not a git repository'],
  ])('%s: one sentence, exit 2', (_, args, sentence) => {
    const run = context(...args());
    expect([run.status, run.stdout, run.stderr.trim().split('\n').length]).toEqual([2, '', 1]);
    expect(run.stderr).toContain(sentence);
  });

  test('one without files is named; the other is read all the same', () => {
    const empty = new TestRepository();
    empty.commit({});
    const run = context('--repo', empty.directory, '--repo', web.directory, '--json');
    empty.remove();
    expect([run.status, run.stderr.split('\n')[0]]).toEqual([2, `${nameOf(empty)}: The commit has no files: there is nothing to read. Commit some there, or give another --ref.`]);
    expect(run.json().repos).toMatchObject([{ files: 0, error: { code: 'no-files' } }, { files: 2 }]);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { buildContext, type ContextRequest } from './build.ts';
import { loadGrammarFromPackages, TOOLS } from './grammars.ts';
import { fakeObjects, type MemoryFiles } from './memory-objects.fixture.ts';

const tools = { loadGrammar: loadGrammarFromPackages, hash: (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex') };

const API: MemoryFiles = {
  'package.json': JSON.stringify({ name: '@octo/api', main: './src/index.ts', dependencies: { undici: '^7.0.0' }, devDependencies: { vitest: '5.0.0' } }),
  'src/index.ts': "export { fetchWithRetry } from './client.ts';\n",
  'src/client.ts': "import { delayOf } from './delay.js';\nexport async function fetchWithRetry(url: string) { return delayOf(url); }\n",
  'src/delay.ts': 'export const delayOf = (header: string): number => Number(header);\n',
  'src/a.ts': "import './b.ts';\n",
  'src/b.ts': "import './a.ts';\n",
  'test/client.test.ts': "import { fetchWithRetry } from '../src/client.ts';\n",
  '.github/workflows/ci.yml': 'on: push\n',
  '.github/CODEOWNERS': '# who\n*.ts @octo/core @mona\n',
  'logo.png': new Uint8Array([0x89, 0, 1, 2]),
  'link': { link: '../../etc/passwd' },
  'vendor/lib': { submodule: 'a'.repeat(40) },
  'bad.json': 'not a manifest',
};
const WEB: MemoryFiles = {
  'package.json': JSON.stringify({ name: 'web', dependencies: { '@octo/api': '1.0.0' } }),
  'src/page.tsx': "import { fetchWithRetry } from '@octo/api';\nexport const Page = () => <p>{String(fetchWithRetry)}</p>;\n",
  'tools/pyproject.toml': '[project]\nname = "tools"\ndependencies = ["httpx>=0.27", "rich"]\n[project.optional-dependencies]\ndev = ["pytest"]\n',
  'tools/src/tools/__init__.py': '',
  'tools/src/tools/run.py': 'from .util import go\nfrom tools import util\nimport os\n',
  'tools/src/tools/util.py': 'def go(): pass\n',
  'tools/tests/test_run.py': 'from tools.run import *\n',
};

function request(over: Partial<ContextRequest> = {}): ContextRequest {
  const api = fakeObjects(API);
  const web = fakeObjects(WEB);
  return {
    repos: [
      { repo: 'octo/api', role: 'primary', commit: api.commit, tree: api.tree, objects: api },
      { repo: 'octo/web', role: 'secondary', commit: web.commit, tree: web.tree, objects: web },
    ],
    query: 'Retry-After is ignored by fetchWithRetry: the delay of the header is wrong',
    budgetBytes: 100_000,
    ...over,
  };
}

describe('facts', () => {
  test('tree, manifests, owners, tests and what is only listed', async () => {
    const { repos } = await buildContext(request(), tools);
    const [api, web] = repos;
    expect(api?.manifests).toEqual([
      { path: 'package.json', ecosystem: 'npm', name: '@octo/api', entries: ['src/index.ts'], dependencies: [
        { name: 'undici', requirement: '^7.0.0', group: 'runtime' }, { name: 'vitest', requirement: '5.0.0', group: 'development' }] },
    ]);
    expect(api?.submodules).toEqual([{ path: 'vendor/lib', commit: 'a'.repeat(40) }]);
    expect(api?.files.find((file) => file.path === 'link')).toMatchObject({ kind: 'link', lines: null });
    expect(api?.files.find((file) => file.path === 'logo.png')).toMatchObject({ kind: 'binary', lines: null });
    expect(api?.ci).toEqual(['.github/CODEOWNERS', '.github/workflows/ci.yml']);
    expect(api?.owners).toEqual([{ pattern: '*.ts', owners: ['@octo/core', '@mona'] }]);
    expect(api?.tests).toEqual([{ path: 'test/client.test.ts', covers: [{ repo: 'octo/api', path: 'src/client.ts' }] }]);
    expect(api?.entryPoints).toEqual(['src/index.ts']);
    expect(api?.cycles).toEqual([['src/a.ts', 'src/b.ts']]);
    expect(web?.manifests.map((manifest) => manifest.dependencies.map((dependency) => dependency.name))).toEqual([['@octo/api'], ['httpx', 'rich', 'pytest']]);
    expect(web?.languages.map((each) => each.language)).toContain('Python');
  });

  test('imports resolve by path, by package name across repositories, and by Python module', async () => {
    const { repos } = await buildContext(request(), tools);
    const imports = (repo: number, path: string) => repos[repo]?.files.find((file) => file.path === path)?.imports.map((entry) => entry.target && `${entry.target.repo}:${entry.target.path}`);
    expect(imports(0, 'src/client.ts')).toEqual(['octo/api:src/delay.ts']);
    expect(imports(1, 'src/page.tsx')).toEqual(['octo/api:src/index.ts']);
    expect(imports(1, 'tools/src/tools/run.py')).toEqual(['octo/web:tools/src/tools/util.py', 'octo/web:tools/src/tools/util.py', null]);
    expect(imports(1, 'tools/tests/test_run.py')).toEqual(['octo/web:tools/src/tools/run.py']);
  });

  test('a manifest that does not parse is a problem, not an end', async () => {
    const broken = fakeObjects({ 'package.json': '{', 'pyproject.toml': '= = =', 'a.ts': 'export const a = 1;' });
    const { repos } = await buildContext({ ...request(), repos: [{ repo: 'o/r', role: 'primary', commit: broken.commit, tree: broken.tree, objects: broken }] }, tools);
    expect(repos[0]?.problems.map((problem) => [problem.path, problem.code])).toEqual([['package.json', 'manifest-invalid'], ['pyproject.toml', 'manifest-invalid']]);
    expect(repos[0]?.counts).toMatchObject({ files: 3, symbols: 1 });
  });
});

describe('ranking and budget', () => {
  test('the files of the issue lead, each with a reason', async () => {
    const { ranking } = await buildContext(request(), tools);
    expect(new Set(ranking.slice(0, 4).map((file) => file.path))).toEqual(new Set(['src/client.ts', 'src/delay.ts', 'src/index.ts', 'src/page.tsx']));
    expect(ranking[0]?.why).toMatch(/matches .*fetchwithretry/);
    expect(ranking.every((file) => file.why !== '')).toBe(true);
  });

  test('a path that the issue names comes first', async () => {
    const { ranking } = await buildContext(request({ query: 'Please change tools/src/tools/util.py.' }), tools);
    expect(ranking[0]).toMatchObject({ repo: 'octo/web', path: 'tools/src/tools/util.py', why: expect.stringContaining('named in the issue') });
  });

  test('whatever is not shown is in cutOff, and nothing is in both', async () => {
    const context = await buildContext(request({ budgetBytes: 150 }), tools);
    const shown = new Set(context.shown.map((range) => `${range.repo}:${range.path}`));
    const cut = context.manifest.cutOff.map((entry) => `${entry.repo}:${entry.path}`);
    expect(context.shown.reduce((sum, range) => sum + range.end - range.start, 0)).toBeLessThanOrEqual(150);
    expect(shown.size).toBeGreaterThan(0);
    expect(cut.some((key) => shown.has(key))).toBe(false);
    expect(cut.length + shown.size).toBe(context.repos.reduce((sum, repo) => sum + repo.files.length, 0));
    expect(context.manifest.cutOff.find((entry) => entry.path === 'logo.png')?.reason).toBe('binary');
    expect(context.manifest.cutOff.find((entry) => entry.path === 'link')?.reason).toBe('link');
  });
});

describe('context hash', () => {
  test('does not depend on the order of repositories or on how reads interleave', async () => {
    const first = await buildContext(request(), tools);
    const slow = request();
    const jitter = slow.repos.toReversed().map((each) => ({ ...each, objects: { ...each.objects, readBlob: async (oid: string) => {
      for (let turn = 0; turn < oid.charCodeAt(0) % 7; turn++) await Promise.resolve();
      return each.objects.readBlob(oid);
    } } }));
    const second = await buildContext({ ...slow, repos: jitter }, tools);
    expect(second).toEqual(first);
    expect(second.contextHash).toBe(first.contextHash);
  });

  test('changes with the tree, the budget and the prompt template', async () => {
    const hashes = await Promise.all([
      buildContext(request(), tools),
      buildContext(request({ budgetBytes: 200 }), tools),
      buildContext(request({ promptTemplates: [{ role: 'triage', hash: 'a'.repeat(64) }] }), tools),
    ]);
    expect(new Set(hashes.map((context) => context.contextHash)).size).toBe(3);
  });

  test('names the very versions that are installed', () => {
    const installed: Record<string, string> = packageJson.dependencies;
    for (const { name, version } of TOOLS.filter((tool) => tool.name !== 'countersign-context')) expect(installed[name]).toBe(version);
  });
});

test('paths that are not UTF-8, deep folders and missing blobs are listed', async () => {
  const deep = fakeObjects({ [`${'d/'.repeat(80)}x.ts`]: 'x', 'gone.ts': 'export {}' });
  const objects = {
    ...deep,
    readBlob: async () => { throw new Error('gone'); },
    readTree: async (oid: string) => [...(await deep.readTree(oid)), ...(oid === deep.tree ? [{ mode: '100644' as const, name: '\xff.ts', oid: 'b'.repeat(40) }] : [])],
  };
  const { repos } = await buildContext({ ...request(), repos: [{ repo: 'o/r', role: 'primary', commit: deep.commit, tree: deep.tree, objects }] }, tools);
  expect(new Set(repos[0]?.problems.map((problem) => problem.code))).toEqual(new Set(['too-deep', 'unreadable', 'not-utf8-path']));
});

test('scripts of Python are entry points, and a test goes with the source of its name', async () => {
  const objects = fakeObjects({
    'pyproject.toml': '[project]\nname = "p"\n[project.scripts]\np = "p.cli:main"\n', 'src/p/cli.py': 'def main(): pass\n', 'src/p/__main__.py': 'from p.cli import main\n', 'src/p/other.py': '',
    'lib/a.go': 'package lib\n', 'lib/a_test.go': 'package lib\n',
  });
  const { repos } = await buildContext(request({ repos: [{ repo: 'o/a', role: 'primary', commit: objects.commit, tree: objects.tree, objects }] }), tools);
  expect(repos[0]?.entryPoints).toEqual(['src/p/__main__.py', 'src/p/cli.py']);
  expect(repos[0]?.tests).toEqual([{ path: 'lib/a_test.go', covers: [{ repo: 'o/a', path: 'lib/a.go' }] }]);
});

